/** The schedule of on-tick in virtual time: when something is due, and now and then anyway. */
import { messageOf } from '../domain/errors.ts';
import { type Duration, earliest, type Instant, latest, plus } from '../domain/instant.ts';
import type { Log, RotationStore } from '../domain/ports.ts';
import type { VirtualClock } from './clock.ts';

export interface Ticker {
  /** Something may have fallen due: tick within a minute if so. */
  soon(): Promise<void>;
}

export function ticker(parts: {
  readonly clock: VirtualClock;
  readonly store: RotationStore;
  readonly onTick: (event: unknown) => Promise<unknown>;
  readonly log: Log;
  /** A tick comes at least that often. */
  readonly heartbeat: Duration;
}): Ticker {
  const { clock, store, onTick, log, heartbeat } = parts;
  let planned: Instant | undefined;

  const plan = async (atLeast: Instant, atMost: Instant): Promise<void> => {
    const wake = latest((await store.nextWake()) ?? atMost, atLeast);
    const next = earliest(wake, atMost);
    if (planned !== undefined && planned <= next) return;
    planned = next;
    clock.at(next, async () => {
      if (planned !== next) return;
      planned = undefined;
      try {
        await onTick({});
      } catch (error) {
        // As in AWS: the invocation has failed, and the schedule goes on.
        log.error('tick failed', { problem: messageOf(error) });
      }
      await plan(plus(clock.now(), { minutes: 1 }), plus(clock.now(), heartbeat));
    });
  };

  return {
    soon: () => plan(plus(clock.now(), { seconds: 5 }), plus(clock.now(), heartbeat)),
  };
}
