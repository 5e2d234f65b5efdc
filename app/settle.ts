/**
 * How an effect ends, or is put off: what failed is tried again later, twice as much later each
 * time, and never before whoever refused it allows it.
 */
import type { Effect, OutstandingEffect } from '../domain/effect.ts';
import { messageOf, Permanent, Throttled } from '../domain/errors.ts';
import { type Instant, latest, plus } from '../domain/instant.ts';
import type { Clock, EffectEnd, Log, RotationStore } from '../domain/ports.ts';
import type { Performed } from './performed.ts';

export interface Settler {
  readonly store: Pick<RotationStore, 'settle' | 'postpone'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

const longestBackoffMinutes = 6 * 60;
/** Whoever mends what keeps a run from starting gives a key back within minutes, not hours. */
const longestBackoffOfRuns = 15;
/** Telling goes on for about a month even where a person has to mend something first. */
const tellingAttempts = 128;

export async function settle(
  shell: Settler,
  outstanding: OutstandingEffect,
  performed: Performed,
): Promise<void> {
  await shell.store.settle(outstanding.id, endOf(performed, shell.clock.now()));
  shell.log.info('effect', { ...factsOf(outstanding), end: performed });
}

/** To be tried again later, and not before whoever refused it allows; or given up: then true. */
export async function putOff(
  shell: Settler,
  outstanding: OutstandingEffect,
  error: unknown,
): Promise<boolean> {
  const { id, effect, attempts } = outstanding;
  const now = shell.clock.now();
  const problem = messageOf(error);
  if (error instanceof Permanent && isHopeless(effect, attempts)) {
    await shell.store.settle(id, { status: 'given up', at: now, problem });
    shell.log.error('effect given up', { ...factsOf(outstanding), problem });
    return true;
  }
  const backoff = plus(now, { minutes: backoffMinutes(effect, attempts) });
  const allowed = error instanceof Throttled ? error.retryAfterMillis : 0;
  const notBefore = latest(backoff, plus(now, { milliseconds: allowed }));
  shell.log.error('effect postponed', { ...factsOf(outstanding), problem, notBefore });
  await shell.store.postpone(id, notBefore, problem);
  return false;
}

function factsOf({ id, effect, attempts }: OutstandingEffect) {
  return { effectId: id, effect: effect.type, attempt: attempts + 1 };
}

/**
 * A run that cannot be started is the machine's to decide on. People are told as soon as somebody
 * has mended what keeps them from being told: a token, a channel, a topic.
 */
function isHopeless(effect: Effect, attempts: number): boolean {
  return effect.type === 'start runbook' || attempts + 1 >= tellingAttempts;
}

/** 1, 2, 4, … minutes, at most six hours; what is down for days blocks and loses nothing. */
export function backoffMinutes({ type }: Pick<Effect, 'type'>, attempts: number): number {
  const longest = type === 'start runbook' ? longestBackoffOfRuns : longestBackoffMinutes;
  return Math.min(2 ** attempts, longest);
}

function endOf(performed: Performed, at: Instant): EffectEnd {
  if (performed === 'performed') return { status: 'performed', at };
  return performed.told === undefined
    ? { status: 'superseded', at, problem: performed.superseded }
    : { status: 'performed', at, told: performed.told };
}
