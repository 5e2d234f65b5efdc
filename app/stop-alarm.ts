/**
 * Pages somebody when the stop switch cannot be read: that halts everything, and nobody meant it.
 * A switch that somebody pulled pages nobody. No rotation changes, so no journal knows of it.
 */
import { messageOf } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock, Log, Pager, StopState } from '../domain/ports.ts';
import type { HubSettings } from './config.ts';

export interface StopAlarmDeps {
  readonly pager: Pager;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Names this deployment among all that page the same people. */
  readonly deployment: string;
}

export interface StopAlarm {
  /** Called with what every tick reads. Never throws: it must not keep a tick from working. */
  heed(stop: StopState): Promise<void>;
}

/** Nobody is paged more often, and a pager that is down is not asked more often to clear. */
const onceIn = { hours: 1 } as const;

/**
 * An instance that has just begun clears what an earlier one may have paged for: clearing what is
 * not there does nothing.
 */
export function stopAlarm({ pager, clock, log, deployment }: StopAlarmDeps): StopAlarm {
  const dedupKey = `${deployment}/stop switch`;
  let pagedAt: Instant | null = null;
  let clearedAt: Instant | null = null;
  let isClear = false;
  const isLongAgo = (at: Instant | null) => at === null || isDue(plus(at, onceIn), clock.now());
  const failed = (what: string, error: unknown) =>
    log.error(`stop alarm: ${what} failed`, { dedupKey, problem: messageOf(error) });

  const page = async (why: string): Promise<void> => {
    if (!isLongAgo(pagedAt)) return;
    // It may arrive although no answer does.
    isClear = false;
    clearedAt = null;
    try {
      const summary = `Keyturn is halted, and nobody stopped it: ${why}`;
      await pager.trigger({ dedupKey, summary, severity: 'critical', deployment });
      pagedAt = clock.now();
    } catch (error) {
      failed('paging', error);
    }
  };
  const clear = async (): Promise<void> => {
    if (isClear || !isLongAgo(clearedAt)) return;
    clearedAt = clock.now();
    try {
      await pager.resolve(dedupKey);
      isClear = true;
    } catch (error) {
      failed('clearing', error);
    }
  };
  return {
    heed: (stop) => (stop.stopped && stop.since === null ? page(stop.why) : clear()),
  };
}

/** The name of a deployment, which no other has. */
export function deploymentOf({ stage, place }: HubSettings): string {
  return `keyturn/${stage}/${place.partition}/${place.account}/${place.region}`;
}
