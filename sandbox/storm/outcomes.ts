/** What the handlers say that events came to, read from the one line that each invocation logs. */
import type { Log } from '../../domain/ports.ts';

export interface Outcomes {
  /** By the id of the event; of one that came again, the last one. */
  readonly of: ReadonlyMap<string, string>;
  /** Effects that were given up: nobody hears what they would have told. */
  readonly givenUp: readonly string[];
  /** Lines of errors, by what they say. */
  readonly errors: ReadonlyMap<string, number>;
  readonly log: Log;
}

export function outcomes(): Outcomes {
  const of = new Map<string, string>();
  const givenUp: string[] = [];
  const errors = new Map<string, number>();
  return {
    ...{ of, givenUp, errors },
    log: {
      info: (message, { eventId, outcome }) => {
        if (message === 'invocation done' && typeof eventId === 'string') {
          of.set(eventId, String(outcome));
        }
      },
      error: (message, { effectId }) => {
        errors.set(message, (errors.get(message) ?? 0) + 1);
        if (message === 'effect given up') givenUp.push(String(effectId));
      },
    },
  };
}
