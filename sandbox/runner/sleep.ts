/**
 * aws:sleep: waits for a Duration or until a Timestamp, 604,799 seconds at most; a Timestamp that
 * has passed waits for nothing.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-sleep.html
 * (2026-11)
 */
import { type Instant, latest, millisBetween, parseInstant, plus } from '../../domain/instant.ts';
import { type ActionModel, failed, isLiteral, presenceProblems } from './action.ts';
import { secondsOfIsoDuration } from './iso-duration.ts';
import type { JsonMap } from './json.ts';

const longestSeconds = 604_799;

/** When the sleep ends, or what is wrong with the inputs. */
function wakeTime(inputs: JsonMap, now: Instant): Instant | { readonly problem: string } {
  const { Duration, Timestamp } = inputs;
  if ((Duration === undefined) === (Timestamp === undefined)) {
    return { problem: 'either Duration or Timestamp is needed, not both' };
  }
  if (Duration !== undefined) {
    const seconds = typeof Duration === 'string' ? secondsOfIsoDuration(Duration) : undefined;
    if (seconds === undefined) {
      return { problem: `Duration is no ISO 8601 duration: ${JSON.stringify(Duration)}` };
    }
    if (seconds > longestSeconds) {
      return { problem: `Duration is longer than ${longestSeconds} seconds: ${Duration}` };
    }
    return plus(now, { seconds });
  }
  const moment = typeof Timestamp === 'string' ? parseInstant(Timestamp) : undefined;
  if (moment === undefined) {
    return { problem: `Timestamp is no ISO 8601 time: ${JSON.stringify(Timestamp)}` };
  }
  if (millisBetween(now, moment) > longestSeconds * 1000) {
    return { problem: `Timestamp is more than ${longestSeconds} seconds away: ${Timestamp}` };
  }
  return latest(now, moment);
}

/** Any moment will do to check how inputs are written, except for how far a Timestamp is away. */
function writtenProblems(inputs: JsonMap): string[] {
  if (!isLiteral(inputs.Duration) || !isLiteral(inputs.Timestamp)) return [];
  const written = inputs.Timestamp;
  const moment = typeof written === 'string' ? parseInstant(written) : undefined;
  const wake = wakeTime(inputs, moment ?? ('2026-01-01T00:00:00.000Z' as Instant));
  return typeof wake === 'string' ? [] : [wake.problem];
}

export const sleep: ActionModel = {
  check: (inputs) => [
    ...presenceProblems(inputs, [], ['Duration', 'Timestamp']),
    ...writtenProblems(inputs),
  ],
  targets: () => [],
  ownOutputs: [],
  selectsOutputs: false,
  timeoutSeconds: undefined,
  limitSeconds: undefined,
  perform: async (inputs, context) => {
    const wake = wakeTime(inputs, context.now());
    if (typeof wake === 'string') return { kind: 'waiting', until: wake, afterwards: 'succeed' };
    return failed({ stage: 'InputValidation', type: 'Action' }, wake.problem);
  },
};
