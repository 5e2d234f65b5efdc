/**
 * Tells each team once a day how its rotations stand, and of stale keys that policy only observes:
 * of each such key once. Owners are told of keys that become findings soon (tell-approaching.ts),
 * after all that and whatever became of it. A note in the store for each channel, and one for the
 * early warnings, taken under a condition before anything is said, keeps two from telling the same;
 * if the telling fails, the note is given back, and whoever dies over it is waited for until nobody
 * can be at it any more. Slack itself cannot be asked whether a message arrived: an answer that
 * gets lost may let a summary be told twice. What fails in one channel keeps no other from its
 * summary.
 */
import { messageOf as problemOf, Transient } from '../domain/errors.ts';
import { plus } from '../domain/instant.ts';
import type { Notebook, ObservedKey, RotationReads } from '../domain/lists.ts';
import { localDay } from '../domain/local-day.ts';
import type { Clock, Log, MessagePlace } from '../domain/ports.ts';
import type { Summary } from '../domain/summary.ts';
import { allOf } from './all-of.ts';
import { type ChannelSummary, gatheredFor } from './gather-summary.ts';
import { type EarlyWarner, tellApproaching } from './tell-approaching.ts';
import type { TimeLeft } from './time-left.ts';

/** Writes to teams' channels. Throws Transient or Permanent. */
export interface SummaryTeller {
  /** In the channel, or in the default one: where none is named, or that one takes nothing. */
  summary(summary: Summary, channel?: string): Promise<MessagePlace>;
  /** In the summary's thread. */
  observed(place: MessagePlace, keys: readonly ObservedKey[]): Promise<void>;
}

export interface SummaryShell {
  readonly store: RotationReads & Notebook;
  readonly teller: SummaryTeller;
  readonly warner: EarlyWarner;
  readonly clock: Clock;
  readonly log: Log;
  /** In which days begin. */
  readonly timeZone: string;
  /** The id of the default channel. */
  readonly usual: string;
}

export interface SummaryTold {
  readonly outcome: 'told' | 'told before' | 'nothing to tell';
  readonly day: string;
  /** Stale keys that people were told of. */
  readonly observed: number;
  /** Keys that become findings soon, of which somebody was told. */
  readonly approaching: number;
}

/** Longer than the function that tells may live: by then nobody is at it. */
export const lapsesAfter = { seconds: 150 } as const;

/** What stands in one message of the thread. */
export const keysAMessage = 25;
/** Slack takes a message a second in a channel. */
const apartMillis = 1100;
/** With less time than that nothing more is told. */
const leastMillis = 10_000;

/**
 * The summaries, then the early warnings, whatever becomes of the former. Throws Transient where
 * another one may be at it, and what telling throws.
 */
export async function tellSummary(shell: SummaryShell, time: TimeLeft): Promise<SummaryTold> {
  const now = shell.clock.now();
  const day = localDay(now, shell.timeZone);
  let ends: readonly InChannel[] = [];
  let approaching = 0;
  await allOf([
    async () => {
      const summaries = await gatheredFor(shell, day, now);
      ends = await allOf(summaries.map((each) => () => tellIn(shell, each, time)));
    },
    async () => {
      const early = await once(shell, `${day}#approaching`, () => tellApproaching(shell, time));
      approaching = early === 'told before' ? 0 : early.came;
    },
  ]);
  const outcome =
    (['told', 'told before'] as const).find((each) => ends.some((end) => end.outcome === each)) ??
    'nothing to tell';
  const observed = ends.reduce((sum, each) => sum + each.observed, 0);
  return { outcome, day, observed, approaching };
}

type InChannel = Pick<SummaryTold, 'outcome' | 'observed'>;

async function tellIn(
  shell: SummaryShell,
  { channel, summary, keys }: ChannelSummary,
  time: TimeLeft,
): Promise<InChannel> {
  const name = channel === 'default' ? summary.day : `${summary.day}#${channel}`;
  if (time.millis() <= leastMillis) {
    throw new Transient(`there is no time left for the summary ${name}: try again later`);
  }
  const { counts, isAnyObserved, uncovered } = summary;
  const isEmpty = counts.length === 0 && !isAnyObserved && uncovered.gaps.length === 0;
  const to = channel === 'default' ? undefined : channel;
  const end = await once(shell, name, async () =>
    isEmpty ? null : await shell.teller.summary(summary, to),
  );
  if (end === 'told before') return { outcome: end, observed: 0 };
  if (end.came === null) return { outcome: 'nothing to tell', observed: 0 };
  return { outcome: 'told', observed: await tellObserved(shell, end.came, keys, time) };
}

/** What came of it under that note, which is given back if it fails. Throws Transient if busy. */
async function once<T>(
  { store, clock, log }: SummaryShell,
  name: string,
  tell: () => Promise<T>,
): Promise<'told before' | { readonly came: T }> {
  const now = clock.now();
  const lapsed = plus(now, { seconds: -lapsesAfter.seconds });
  const taken = await store.takeSummary(name, now, lapsed);
  if (taken === 'told') return 'told before';
  if (taken === 'busy') {
    throw new Transient(`the summary ${name} is being told, or was cut off: try again later`);
  }
  try {
    const came = await tell();
    await store.leaveSummary(name, 'told', now);
    return { came };
  } catch (error) {
    await store.leaveSummary(name, 'untold', now).catch((unwritten: unknown) =>
      log.error('the summary of a day is noted as being told, and is not', {
        summary: name,
        problem: problemOf(unwritten),
      }),
    );
    throw error;
  }
}

/** Of each key once: one whose note could not be written may be told once more. */
async function tellObserved(
  { store, teller, clock }: SummaryShell,
  place: MessagePlace,
  keys: readonly ObservedKey[],
  time: TimeLeft,
): Promise<number> {
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
