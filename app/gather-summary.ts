/**
 * What the summary of a day says in each channel: of the rotations, and of the observed keys, whose
 * policy names it; in the default channel, of all others.
 */
import type { Rotation } from '../domain/case.ts';
import { gapsBy } from '../domain/coverage.ts';
import { Permanent, Transient } from '../domain/errors.ts';
import { type Instant, plus } from '../domain/instant.ts';
import { type OpenStage, openStages, stagesWithDeadlines } from '../domain/line.ts';
import type { Notebook, ObservedKey, RotationReads } from '../domain/lists.ts';
import { dueSoon, mostNamed, type Summary } from '../domain/summary.ts';
import { byPlace, isDueBy, loadedInParts, told } from './answer-question.ts';

/** So many of each stage are read, those first who have the least time. */
export const mostRead = 500;
/** What is told of in a day; more wait for the next one. */
const mostKeys = 1000;

export interface ChannelSummary {
  /** `default`, or as policy names it. */
  readonly channel: string;
  readonly summary: Summary;
  readonly keys: readonly ObservedKey[];
}

interface Gathering {
  readonly store: RotationReads & Notebook;
  /** The id of the default channel. */
  readonly usual: string;
}

interface Stand {
  readonly stage: OpenStage;
  readonly read: readonly Rotation[];
  /** How many there are, and how many of them are due soon: of all, read or not. */
  readonly all: number;
  readonly due: number;
}

/** The default channel's first, even if there is nothing to tell in it. */
export async function gatheredFor(
  { store, usual }: Gathering,
  day: string,
  now: Instant,
): Promise<readonly ChannelSummary[]> {
  const until = plus(now, dueSoon);
  const channelOf = ({ channel = 'default' }: { readonly channel?: string }) =>
    channel === usual ? 'default' : channel;
  const stands: Stand[] = [];
  for (const stage of openStages) stands.push(await standAt(store, stage, until));
  const keys = Map.groupBy(await store.observedUntold(mostKeys), channelOf);
  const rotations = stands.flatMap(({ read }) => read.map(({ policy }) => channelOf(policy)));
  const named = [...new Set([...keys.keys(), ...rotations])].filter((each) => each !== 'default');
  const summaries = ['default', ...named.sort()].map(async (channel) => {
    const own = keys.get(channel) ?? [];
    const isThere = ({ policy }: Rotation) => channelOf(policy) === channel;
    const inChannel = stands.map((each) => standIn(each, isThere, channel === 'default', until));
    const about = {
      ...{ day, at: now, isAnyObserved: own.length > 0 },
      uncovered: channel === 'default' ? await uncovered(store, now) : { gaps: [], more: 0 },
    };
    const summary = await summaryOf(store, inChannel, about, until);
    return { channel, summary, keys: own };
  });
  return Promise.all(summaries);
}

/** What cannot be read is told, and keeps nobody from the rest. */
async function uncovered(store: Notebook, now: Instant): Promise<Summary['uncovered']> {
  try {
    return gapsBy(await store.coverage(), now);
  } catch (error) {
    if (!(error instanceof Transient) && !(error instanceof Permanent)) throw error;
    return { gaps: [`what it covers could not be read: ${error.message}`], more: 0 };
  }
}

async function standAt(store: RotationReads, stage: OpenStage, until: Instant): Promise<Stand> {
  const mayBeDue = stagesWithDeadlines.includes(stage);
  const [ids, all, due] = await Promise.all([
    store.standingAt(stage, { limit: mostRead }),
    store.howManyStandAt(stage),
    mayBeDue ? store.howManyStandAt(stage, until) : 0,
  ]);
  const read = await loadedInParts(store, ids);
  // Lists and counts are hints: who has moved on since stands elsewhere.
  return { stage, read: read.filter((each) => each.stage.name === stage), all, due };
}

/** Of a stage, what is one channel's. What there were too many of to read is the default one's. */
function standIn(
  { stage, read, all, due }: Stand,
  isThere: (rotation: Rotation) => boolean,
  isDefault: boolean,
  until: Instant,
): Stand {
  const own = read.filter(isThere);
  const dueAmong = (some: readonly Rotation[]) =>
    stagesWithDeadlines.includes(stage) ? some.filter((each) => isDueBy(each, until)).length : 0;
  const [unread, unreadDue] =
    isDefault && all > mostRead ? [all - read.length, Math.max(0, due - dueAmong(read))] : [0, 0];
  return { stage, read: own, all: own.length + unread, due: dueAmong(own) + unreadDue };
}

async function summaryOf(
  store: RotationReads,
  stands: readonly Stand[],
  about: Pick<Summary, 'day' | 'at' | 'isAnyObserved' | 'uncovered'>,
  until: Instant,
): Promise<Summary> {
  const withDeadlines = stands.filter(({ stage }) => stagesWithDeadlines.includes(stage));
  const due = withDeadlines
    .flatMap(({ read }) => read.filter((each) => isDueBy(each, until)))
    .sort(byPlace)
    .slice(0, mostNamed);
  const dueCount = withDeadlines.reduce((sum, each) => sum + each.due, 0);
  const held = stands.find(({ stage }) => stage === 'held');
  const heldFirst = (held?.read ?? []).slice(0, mostNamed);
  return {
    ...about,
    counts: stands.flatMap(({ stage, all: count }) => (count > 0 ? [{ stage, count }] : [])),
    due: { told: await told(store, due), more: dueCount - due.length },
    held: { told: await told(store, heldFirst), more: (held?.all ?? 0) - heldFirst.length },
  };
}
