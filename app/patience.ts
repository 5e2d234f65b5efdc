/** What wakes of one tick may take, and how an account that is slow gives way to all others. */
import type { Rotation } from '../domain/case.ts';
import { messageOf, Transient } from '../domain/errors.ts';
import { millisBetween } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';
import { limited, type TimeLeft } from './time-left.ts';

/** The witness may take 120 s of it. */
const mostMillis = 135_000;
/** An account that takes so long for one rotation waits with its others for the next tick. */
const slowMillis = 60_000;

export interface Patience {
  /**
   * Does the work on a rotation, unless its account was slow in this tick. `givenUp` notes that the
   * work was cut off: whoever comes first again in the next tick, and is cut off again, would keep
   * all others of the account from ever having a turn.
   */
  spend(
    rotation: Rotation,
    work: () => Promise<void>,
    givenUp: (problem: string) => Promise<void>,
  ): Promise<void>;
}

/** Throws what the work throws, and Transient if it took too long. */
export function patience(time: TimeLeft, clock: Pick<Clock, 'now'>): Patience {
  const slow = new Set<string>();
  const isEndless = time.millis() === Number.POSITIVE_INFINITY;
  return {
    spend: async ({ id, key }, work, givenUp) => {
      if (isEndless) return work();
      const { account } = key.user;
      if (slow.has(account)) return;
      const begun = clock.now();
      try {
        await limited(time, mostMillis, `waking rotation ${id} of account ${account}`, work);
      } catch (error) {
        // What had less than that was cut off by the tick's own end: it is no slower than others.
        const hadAll = millisBetween(begun, clock.now()) >= mostMillis;
        if (hadAll && error instanceof Transient) await givenUp(messageOf(error));
        throw error;
      } finally {
        if (millisBetween(begun, clock.now()) >= slowMillis) slow.add(account);
      }
    },
  };
}
