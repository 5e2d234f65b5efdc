/** A query that somebody else runs, waited for as long as the event history is read. */
import { Permanent, Transient } from '../domain/errors.ts';
import { isDue, plus } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';
import { fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';

const pauseMillis = 2000;
/** A query that takes longer runs on, and the next look finds it. */
const mostSeconds = 100;

/** How a query stands: still going, there, or ended otherwise, in AWS's words. */
export type Stand<T> =
  | { readonly is: 'running' }
  | { readonly is: 'there'; readonly answer: T }
  | { readonly is: 'ended'; readonly as: string };

/**
 * The answer. Throws Permanent if the query ended without one, and Transient if it takes too long.
 * `tried` is a sentence's start.
 */
export async function waitedFor<T>(
  clock: Clock,
  tried: string,
  look: () => Promise<Stand<T>>,
): Promise<T> {
  const giveUpAt = plus(clock.now(), { seconds: mostSeconds });
  for (;;) {
    const stand = await look();
    if (stand.is === 'there') return stand.answer;
    if (stand.is === 'ended') throw new Permanent(`${tried}: the query ended as ${stand.as}`);
    if (isDue(giveUpAt, clock.now())) {
      const advice = 'its answer is there at the next look';
      throw new Transient(`${tried}: the query runs for more than ${mostSeconds} s; ${advice}`);
    }
    await clock.sleep(pauseMillis);
  }
}

/** Makes calls of which every error says what was tried; a throttle is waited out. */
export function sender(clock: Clock, tried: string): <T>(call: () => Promise<T>) => Promise<T> {
  return (call) =>
    backingOff(clock, call).catch((error: unknown) => {
      throw fromAws(tried, error);
    });
}
