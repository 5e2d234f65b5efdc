/**
 * Every use of the old key that any source knows, put together: CloudTrail's event history, the
 * query over a trail where one is configured, and last-used. What one source shows, another's
 * silence never takes away.
 */
import type { Use } from './evidence.ts';
import { type Instant, plus } from './instant.ts';
import { type History, lastUsedStepMinutes } from './quiet.ts';
import type { Reading, Testimony, TrailReading, TrailUse } from './testimony.ts';

/** Who asks for session tokens may use them long after the key is off. */
const sessionTokenEvents: ReadonlySet<string> = new Set(['GetSessionToken', 'GetFederationToken']);

export const readOr = <T>(reading: Reading<T>, otherwise: T): T =>
  reading.complete ? reading.value : otherwise;

/** What was read of a trail, to its end or not: a use that is known counts. */
export function usesIn(trail: TrailReading): readonly TrailUse[] {
  if (trail.complete) return trail.value;
  return 'newest' in trail ? trail.newest : [];
}

/** Of the old key, by CloudTrail's event history and by the query over a trail. */
function trailUses({ oldTrail, queried }: Testimony): readonly TrailUse[] {
  const shown = usesIn(oldTrail);
  return queried?.complete ? [...shown, ...queried.value.uses] : shown;
}

/**
 * Every known use of the old key, oldest first. Where CloudTrail shows the use that last-used
 * speaks of, its word stands alone: last-used knows neither moment, address nor program.
 */
function knownUses(testimony: Testimony): readonly Use[] {
  const lastUsed = readOr(testimony.oldLastUsed, null);
  const uses = trailUses(testimony).map(({ use }) => use);
  const isShown = lastUsed === null || uses.some((use) => isWithinStep(use, lastUsed));
  return [...uses, ...(isShown ? [] : [lastUsed])].toSorted((a, b) => a.at.localeCompare(b.at));
}

/** Whether a use may be the one that last-used recorded: the first in a span of 15 minutes. */
function isWithinStep(use: Use, lastUsed: Use): boolean {
  const end = plus(lastUsed.at, { minutes: lastUsedStepMinutes });
  return use.at >= lastUsed.at && use.at <= end;
}

/** The latest moment at which the old key may have been used; null if it never was. */
function lastPossibleUse(testimony: Testimony): Instant | null {
  const lastUsed = readOr(testimony.oldLastUsed, null);
  const moments = [
    ...knownUses(testimony).map(({ at }) => at),
    ...(lastUsed === null ? [] : [plus(lastUsed.at, { minutes: lastUsedStepMinutes })]),
  ];
  return moments.reduce<Instant | null>(
    (most, at) => (most === null || at > most ? at : most),
    null,
  );
}

export function usedAfter(testimony: Testimony, moment: Instant): boolean {
  return knownUses(testimony).some((use) => use.at > moment);
}

/** The latest uses that differ in who, where or with what; newest first, at most 10. */
export function latestUses(testimony: Testimony): readonly Use[] {
  const seen = new Set<string>();
  return knownUses(testimony)
    .toReversed()
    .filter(({ service, region, sourceIp, userAgent }) => {
      const sort = JSON.stringify([service, region, sourceIp, userAgent]);
      return seen.has(sort) ? false : seen.add(sort);
    })
    .slice(0, 10);
}

export function historyOf(testimony: Testimony): History {
  const createdAt = readOr(testimony.standing, null)?.oldKeyCreatedAt ?? testimony.at;
  return {
    uses: knownUses(testimony),
    lastUse: lastPossibleUse(testimony) ?? createdAt,
    sessionTokens: askedForSessionTokens(trailUses(testimony)),
  };
}

function askedForSessionTokens(uses: readonly TrailUse[]): boolean {
  return uses.some(({ eventName }) => sessionTokenEvents.has(eventName));
}
