/**
 * Gathers what all sources say about a rotation's keys into one testimony. A source that errs
 * leaves an incomplete reading with the reason: nothing here turns silence into "unused". Judging
 * is the domain's (judge.ts).
 */
import { Permanent, Transient } from '../domain/errors.ts';
import type { Examination } from '../domain/examination.ts';
import { type Instant, inUtcWords, latest, plus } from '../domain/instant.ts';
import type { Issued } from '../domain/stage.ts';
import type {
  LastUsed,
  Reading,
  StatusChange,
  Testimony,
  TrailReading,
  TrailUse,
  Unread,
} from '../domain/testimony.ts';
import type { TrailQuestion, UsageSources } from '../domain/usage-sources.ts';

/** CloudTrail's event history reaches back this far. */
export const trailDays = 90;

/**
 * The testimony for an examination, dated `now`: what happens while the sources are read may be
 * missing from it, so it must not look fresher than its start.
 */
export async function gatherUsage(
  sources: UsageSources,
  examination: Examination,
  now: Instant,
): Promise<Testimony> {
  const { user, oldKeyId, issued } = examination;
  const lastUsedOf = (keyId: string): Promise<Reading<LastUsed>> =>
    answered(() => sources.lastUsed.lastUsed(user.userName, keyId));
  const [regions, standing, oldLastUsed, newLastUsed] = await Promise.all([
    answered(() => sources.regions.enabled()),
    answered(() => sources.standing.standing(examination)),
    lastUsedOf(oldKeyId),
    issued === null ? nothing<LastUsed>(null) : lastUsedOf(issued.newKeyId),
  ]);
  const horizon = plus(now, { days: -trailDays });
  const [queried, oldTrail, newTrail, statusChanges] = await Promise.all([
    queriedUses(sources, regions, oldKeyId),
    usesIn(sources, regions, oldLastUsed, { keyId: oldKeyId, since: horizon }, now),
    issued === null
      ? nothing<readonly TrailUse[]>([])
      : usesIn(sources, regions, newLastUsed, sinceIssued(issued, horizon), now),
    statusChangesOf(sources, examination, horizon),
  ]);
  const regionsAsked = regions.complete ? union(regions.value, regionsOf(oldLastUsed)).length : 0;
  const trails = { oldTrail, newTrail, statusChanges, regionsAsked };
  return { at: now, standing, oldLastUsed, newLastUsed, ...trails, ...queried };
}

/**
 * What the configured query says of the old key; nothing is asked where none is. Pickup rests on
 * last-used, which knows data events, and on the event history: this source is to add need only.
 */
async function queriedUses(
  { trailQuery }: UsageSources,
  regions: Reading<readonly string[]>,
  keyId: string,
): Promise<Pick<Testimony, 'queried'>> {
  if (trailQuery === undefined) return {};
  if (!regions.complete) return { queried: regions };
  return { queried: await answered(() => trailQuery.uses(keyId, regions.value)) };
}

function sinceIssued({ newKeyId, currentSince }: Issued, horizon: Instant) {
  return { keyId: newKeyId, since: latest(horizon, currentSince) };
}

/**
 * The trail of a key in every Region of the account. Where it is not known which those are, what
 * the trail shows elsewhere is kept, and any use may be missing.
 */
async function usesIn(
  { trail }: UsageSources,
  regions: Reading<readonly string[]>,
  lastUsed: Reading<LastUsed>,
  about: Omit<TrailQuestion, 'inRegions'>,
  now: Instant,
): Promise<TrailReading> {
  const inRegions = union(regions.complete ? regions.value : [], regionsOf(lastUsed));
  const uses = await read(() => trail.uses({ ...about, inRegions }));
  if (regions.complete) return uses;
  if (uses.complete) return { ...regions, since: now, newest: uses.value };
  const problem = `${regions.problem}; ${uses.problem}`;
  if (!('newest' in uses)) return { complete: false, problem };
  return { complete: false, problem, since: now, newest: uses.newest };
}

function union(some: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set([...some, ...others])];
}

function statusChangesOf(
  { trail }: UsageSources,
  { clearUntil, oldKeyId }: Examination,
  horizon: Instant,
): Promise<Reading<readonly StatusChange[]>> {
  if (clearUntil === null) return Promise.resolve({ complete: true, value: [] });
  if (clearUntil < horizon) {
    const problem =
      `CloudTrail shows ${trailDays} days, and it is not known since ${inUtcWords(clearUntil)} ` +
      'that the old key stayed off';
    return Promise.resolve({ complete: false, problem });
  }
  return read(() => trail.statusChanges(oldKeyId, clearUntil));
}

/** The Region that last-used names, where the trail may show the same use and others. */
function regionsOf(lastUsed: Reading<LastUsed>): readonly string[] {
  if (!lastUsed.complete || lastUsed.value === null) return [];
  return lastUsed.value.region === 'unknown' ? [] : [lastUsed.value.region];
}

/** Where there is no new key, nobody can have used it. */
async function nothing<T>(value: T): Promise<Reading<T>> {
  return { complete: true, value };
}

function answered<T>(ask: () => Promise<T>): Promise<Reading<T>> {
  return read(async () => ({ complete: true, value: await ask() }));
}

/** Anything but Transient or Permanent is a defect of ours and goes on up. */
async function read<R>(ask: () => Promise<R>): Promise<R | Unread> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Transient || error instanceof Permanent) {
      return { complete: false, problem: error.message };
    }
    throw error;
  }
}
