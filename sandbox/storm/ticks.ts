/**
 * The schedule as it is deployed: a tick a minute, none while another is under way, 300 s each.
 */
import { millisBetween, plus } from '../../domain/instant.ts';
import type { InvocationContext } from '../../functions/middleware.ts';
import type { VirtualClock } from '../clock.ts';
import { storm } from './options.ts';

export interface Ticks {
  readonly done: number;
  /** Left out, since another was under way. */
  readonly skipped: number;
  readonly failed: number;
  readonly longestSeconds: number;
}

export function startTicks(
  clock: VirtualClock,
  onTick: (event: unknown, context?: InvocationContext) => Promise<unknown>,
): Ticks {
  const ticks = { done: 0, skipped: 0, failed: 0, longestSeconds: 0 };
  let isUnderWay = false;
  const once = async (): Promise<void> => {
    clock.at(plus(clock.now(), { minutes: 1 }), once);
    if (isUnderWay) {
      ticks.skipped += 1;
      return;
    }
    isUnderWay = true;
    const begun = clock.now();
    const spent = () => millisBetween(begun, clock.now());
    try {
      await onTick({}, { getRemainingTimeInMillis: () => storm.tickSeconds * 1000 - spent() });
      ticks.done += 1;
    } catch {
      ticks.failed += 1;
    } finally {
      isUnderWay = false;
      ticks.longestSeconds = Math.max(ticks.longestSeconds, spent() / 1000);
    }
  };
  clock.at(plus(clock.now(), { minutes: 1 }), once);
  return ticks;
}
