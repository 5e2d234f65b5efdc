/**
 * Tells the team once a day how its rotations stand, and of stale keys that policy only observes:
 * of each such key once. A note in the store, taken under a condition before anything is said,
 * keeps two from telling the same day; if the telling fails, the note is given back, and whoever
 * dies over it is waited for until nobody can be at it any more. Slack itself cannot be asked
 * whether a message arrived: an answer that gets lost may let a summary be told twice.
 */
import { messageOf as problemOf, Transient } from '../domain/errors.ts';
import { type Instant, plus } from '../domain/instant.ts';
import { openStages } from '../domain/line.ts';
import type { Notebook, ObservedKey, RotationReads } from '../domain/lists.ts';
import { localDay } from '../domain/local-day.ts';
import type { Clock, Log, MessagePlace } from '../domain/ports.ts';
import { dueSoon, mostNamed, type Summary } from '../domain/summary.ts';
import { dueUntil, loaded, told } from './answer-question.ts';
import type { TimeLeft } from './time-left.ts';

/** Writes to the team's channel. Throws Transient or Permanent. */
export interface SummaryTeller {
  summary(summary: Summary): Promise<MessagePlace>;
  /** In the summary's thread. */
  observed(place: MessagePlace, keys: readonly ObservedKey[]): Promise<void>;
}

export interface SummaryShell {
  readonly store: RotationReads & Notebook;
  readonly teller: SummaryTeller;
  readonly clock: Clock;
  readonly log: Log;
  /** In which days begin. */
  readonly timeZone: string;
}

export interface SummaryTold {
  readonly outcome: 'told' | 'told before' | 'nothing to tell';
  readonly day: string;
  /** Stale keys that people were told of. */
  readonly observed: number;
}

/** Longer than the function that tells may live: by then nobody is at it. */
export const lapsesAfter = { seconds: 150 } as const;

/** What stands in one message of the thread. */
export const keysAMessage = 25;
/** What is told of in a day; more wait for the next one. */
const mostKeys = 1000;
/** Slack takes a message a second in a channel. */
const apartMillis = 1100;
/** With less time than that nothing more is told. */
const leastMillis = 10_000;

/** Throws Transient where another one may be at it, and what telling throws. */
export async function tellSummary(shell: SummaryShell, time: TimeLeft): Promise<SummaryTold> {
  const { store, clock, timeZone } = shell;
  const now = clock.now();
  const day = localDay(now, timeZone);
  const lapsed = plus(now, { seconds: -lapsesAfter.seconds });
  const taken = await store.takeSummary(day, now, lapsed);
  if (taken === 'told') return { outcome: 'told before', day, observed: 0 };
  if (taken === 'busy') {
    throw new Transient(`the summary of ${day} is being told, or was cut off: try again later`);
  }
  const place = await tellOrLeave(shell, day, now);
  if (place === null) return { outcome: 'nothing to tell', day, observed: 0 };
  return { outcome: 'told', day, observed: await tellObserved(shell, place, time) };
}

/** Where it was told; null if there was nothing to tell. */
async function tellOrLeave(
  shell: SummaryShell,
  day: string,
  now: Instant,
): Promise<MessagePlace | null> {
  const { store, teller } = shell;
  try {
    const summary = await gathered(store, day, now);
    const isEmpty = summary.counts.length === 0 && !summary.isAnyObserved;
    const place = isEmpty ? null : await teller.summary(summary);
    await store.leaveSummary(day, 'told', now);
    return place;
  } catch (error) {
    await store.leaveSummary(day, 'untold', now).catch((unwritten: unknown) =>
      shell.log.error('the summary of a day is noted as being told, and is not', {
        day,
        problem: problemOf(unwritten),
      }),
    );
    throw error;
  }
}

async function gathered(store: SummaryShell['store'], day: string, now: Instant): Promise<Summary> {
  const [counts, due, heldIds, observed] = await Promise.all([
    Promise.all(
      openStages.map(async (stage) => ({ stage, count: await store.howManyStandAt(stage) })),
    ),
    dueUntil(store, plus(now, dueSoon), mostNamed),
    store.standingAt('held', { limit: mostNamed }),
    store.observedUntold(1),
  ]);
  const held = (await loaded(store, heldIds)).filter(({ stage }) => stage.name === 'held');
  const allHeld = counts.find(({ stage }) => stage === 'held')?.count ?? 0;
  return {
    day,
    at: now,
    counts: counts.filter(({ count }) => count > 0),
    due: { told: await told(store, due.found), more: due.all - due.found.length },
    held: { told: await told(store, held), more: Math.max(0, allHeld - heldIds.length) },
    isAnyObserved: observed.length > 0,
  };
}

/** Of each key once: one whose note could not be written may be told once more. */
async function tellObserved(
  { store, teller, clock }: SummaryShell,
  place: MessagePlace,
  time: TimeLeft,
): Promise<number> {
  const keys = await store.observedUntold(mostKeys);
  let count = 0;
  while (count < keys.length && time.millis() > leastMillis) {
    const some = keys.slice(count, count + keysAMessage);
    await clock.sleep(apartMillis);
    await teller.observed(place, some);
    await Promise.all(some.map((key) => store.observedTold(key, clock.now())));
    count += some.length;
  }
  return count;
}
