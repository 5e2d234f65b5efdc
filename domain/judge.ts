/**
 * From testimony to evidence. Positive facts first, then what is missing, and `safe` only when
 * nothing is. What no force overrides: how keys and secret stand, the deadline, and any use of the
 * old key after it was switched off.
 */
import type { Evidence, Gap, OldKeyStatus, Pickup } from './evidence.ts';
import type { Examination } from './examination.ts';
import { parsePlace, placeInWords } from './further-place.ts';
import { type Instant, inUtcWords, isDue, latest, plus } from './instant.ts';
import { shortKey } from './key.ts';
import { historyOf, latestUses, readOr, usedAfter, usesIn } from './known-uses.ts';
import {
  drillWaits,
  lagHours,
  lastUsedStepMinutes,
  ordinaryWaits,
  type Quiet,
  quietFloorHours,
  quietOf,
  type Waits,
} from './quiet.ts';
import type { Issued } from './stage.ts';
import type { Reading, Standing, Testimony } from './testimony.ts';
import { unusedDays } from './unused.ts';

/** In the user agent of every call that the custodian makes with a new key. */
export const custodianMark = 'keyturn-custodian';

/** What the testimony proves for that purpose, under that authority. */
export function judge(testimony: Testimony, examination: Examination, now: Instant): Evidence {
  const { authority, purpose, deactivatedAt } = examination;
  const waits = waitsFor(testimony);
  const quiet = quietFor(testimony, examination, waits);
  const pickup = pickupOf(testimony, examination);
  const observed = {
    at: testimony.at,
    oldKey: testimony.standing.complete ? testimony.standing.value.oldKey : ('unknown' as const),
    userGone: testimony.standing.complete && isUserGone(testimony.standing.value, examination),
    uses: latestUses(testimony),
    pickup,
    regionsAsked: testimony.regionsAsked,
    quietHours: quiet.hours,
    quietAt: quiet.at,
  };
  if (deactivatedAt !== null && usedAfter(testimony, deactivatedAt)) {
    const gaps = offByOthers(testimony, examination);
    return gaps.length === 0
      ? { ...observed, verdict: 'in use' }
      : { ...observed, verdict: 'unknown', gaps };
  }
  const obstacles = [
    ...standingGaps(testimony, examination),
    ...deadlineGaps(examination, now),
    // Whether the key was used or switched on since it is off must be known, whoever forces.
    ...(purpose === 'delete' ? sinceOffGaps(testimony, examination.clearUntil) : []),
  ];
  if (obstacles.length > 0) return { ...observed, verdict: 'unknown', gaps: obstacles };
  if (authority.kind === 'forced') return { ...observed, verdict: 'safe', basis: 'forced' };
  const judgedAt = purpose === 'delete' && deactivatedAt !== null ? deactivatedAt : now;
  const quietFrom = purpose === 'delete' ? plus(quiet.at, { hours: -waits.lagHours }) : quiet.at;
  if (!isDue(quietFrom, judgedAt)) return { ...observed, verdict: 'in use' };
  const gaps = [...oldKeyGaps(testimony), ...pickupGaps(testimony, pickup, examination)];
  if (gaps.length > 0) return { ...observed, verdict: 'unknown', gaps };
  const isSeen = examination.issued === null || pickup.seen;
  return { ...observed, verdict: 'safe', basis: isSeen ? 'evidence' : 'attested' };
}

/** Short ones only for who is known to be a dummy of a drill. */
function waitsFor({ standing }: Testimony): Waits {
  return standing.complete && standing.value.isDummy === true ? drillWaits : ordinaryWaits;
}

/**
 * How long the key must be quiet. Uses that only a query shows can divide a gap that looked long
 * without them; the source is there to show more need, so the later of both moments counts.
 */
function quietFor(testimony: Testimony, examination: Examination, waits: Waits): Quiet {
  const { queried, ...others } = testimony;
  const least = quietBy(others, examination, waits);
  if (queried === undefined) return least;
  const shown = quietBy(testimony, examination, waits);
  return { hours: Math.max(least.hours, shown.hours), at: latest(least.at, shown.at) };
}

/**
 * By that testimony alone. A key that is retired has to have been unused for 90 days besides, or to
 * be as old as that if it was never used; its soak follows its cadence like any other's.
 */
function quietBy(testimony: Testimony, { issued }: Examination, waits: Waits): Quiet {
  const history = historyOf(testimony);
  const quiet = quietOf(history, waits);
  if (issued !== null) return quiet;
  const unusedAt = plus(history.lastUse, { days: unusedDays, hours: lagHours });
  return { hours: quiet.hours, at: latest(quiet.at, unusedAt) };
}

/** Evidence when the witness could not be asked at all: never safe. */
export function noEvidence(problem: string, now: Instant): Evidence {
  return {
    verdict: 'unknown',
    gaps: [{ about: 'standing', problem }],
    at: now,
    oldKey: 'unknown',
    userGone: false,
    uses: [],
    pickup: { seen: false },
    regionsAsked: 0,
    quietHours: quietFloorHours,
    quietAt: plus(now, { hours: quietFloorHours + lagHours }),
  };
}

function isUserGone(standing: Standing, { user }: Examination): boolean {
  return standing.userGone || (standing.userId !== null && standing.userId !== user.userId);
}

function standingGaps(testimony: Testimony, examination: Examination): readonly Gap[] {
  const { standing, statusChanges } = testimony;
  const gap = (problem: string): Gap => ({ about: 'standing', problem });
  if (!standing.complete) return [gap(standing.problem)];
  const { user, issued, oldKeyId } = examination;
  const now = standing.value;
  if (isUserGone(now, examination)) {
    return [gap(`user ${user.userName} (${user.userId}) no longer exists`)];
  }
  const wanted = wantedStatuses(examination);
  const problems = [
    ...(wanted.includes(now.oldKey)
      ? []
      : [
          `old key ${shortKey(oldKeyId)} is ${now.oldKey}, not ${wanted[0]}: somebody else ` +
            'changed it',
        ]),
    ...(issued === null ? [] : replacementProblems(now, issued)),
    ...now.keptIn.map((arn) => `readers of ${arn} may have got old key ${shortKey(oldKeyId)}`),
    ...(now.oldKeyCreatedAt === null ? [`old key ${shortKey(oldKeyId)} has no known age`] : []),
    ...reactivations(statusChanges, examination),
  ];
  return problems.map(gap);
}

/** An unused key that somebody has switched off already is switched off again, on the record. */
function wantedStatuses(examination: Examination): readonly [OldKeyStatus, ...string[]] {
  const { purpose, issued, statusBefore } = examination;
  if (purpose === 'delete') return ['Inactive'];
  if (issued !== null) return ['Active'];
  return statusBefore === null ? ['Active', 'Inactive'] : [statusBefore];
}

function replacementProblems(now: Standing, issued: Issued): readonly string[] {
  return [
    ...(now.newKey === 'Active' ? [] : [`new key ${shortKey(issued.newKeyId)} is ${now.newKey}`]),
    ...(now.currentVersionId === issued.secretVersionId
      ? []
      : [`AWSCURRENT of ${issued.secretArn} is not the version that holds the new key`]),
    ...now.copiesBehind.map(behindInWords),
  ];
}

/** What keeps the old key on: its readers there would be left with it. */
function behindInWords(text: string): string {
  const place = parsePlace(text);
  switch (place?.kind) {
    case 'secrets-manager':
      return `AWSCURRENT of the copy in ${place.region} is not the version that holds the new key`;
    case 'parameter-store':
      return `the parameter in ${place.region} does not show the new key`;
    case 'github-actions':
      return `${placeInWords(place)} are not known to hold the new key`;
    default:
      return `${text} is no place that is known to hold the new key`;
  }
}

function reactivations(
  changes: Testimony['statusChanges'],
  { purpose, deactivatedAt, oldKeyId }: Examination,
): readonly string[] {
  if (purpose !== 'delete') return [];
  if (deactivatedAt === null) return ['it is not known when Keyturn switched the old key off'];
  return readOr(changes, [])
    .filter((change) => change.to === 'Active' && change.at > deactivatedAt)
    .map(({ by, at }) => `${by} reactivated old key ${shortKey(oldKeyId)} at ${inUtcWords(at)}`);
}

/** A key that is off may be let in for so long until that is known everywhere. */
const letIn = { minutes: 15 } as const;

/**
 * What somebody else switched on since, used, and switched off again is off by their will: it is
 * not for Keyturn to give it back. Where that could not be read, a use so late says it.
 */
function offByOthers(testimony: Testimony, examination: Examination): readonly Gap[] {
  const { standing, statusChanges: changes } = testimony;
  const { deactivatedAt: off } = examination;
  if (off === null || (standing.complete && standing.value.oldKey !== 'Inactive')) return [];
  const unread = changes.complete ? [] : [`who did could not be read: ${changes.problem}`];
  const late = usedAfter(testimony, plus(off, letIn)) ? unread : [];
  const others = [...reactivations(changes, examination), ...late];
  const problem = 'it was used while somebody else had it on, who switched it off again';
  const problems = others.length === 0 ? [] : [...others, problem];
  return problems.map((each) => ({ about: 'standing', problem: each }));
}

function deadlineGaps({ notBefore }: Examination, now: Instant): readonly Gap[] {
  if (isDue(notBefore, now)) return [];
  return [{ about: 'deadline', problem: `the deadline is ${inUtcWords(notBefore)}` }];
}

function gapIn(about: Gap['about'], reading: Reading<unknown>): readonly Gap[] {
  return reading.complete ? [] : [{ about, problem: reading.problem }];
}

function oldKeyGaps({ oldLastUsed, oldTrail, queried }: Testimony): readonly Gap[] {
  return [
    ...gapIn('last-used', oldLastUsed),
    ...gapIn('cloudtrail', oldTrail),
    ...(queried === undefined ? [] : gapIn('cloudtrail', queried)),
  ];
}

/**
 * Silence is no outsider's act: what could not be read here is a gap of CloudTrail's. All since the
 * key is off is enough here, less what earlier looks have shown; a trail cut off before that shows
 * it. oldKeyGaps wants all of it.
 */
function sinceOffGaps(testimony: Testimony, clearUntil: Instant | null): readonly Gap[] {
  const { oldLastUsed, oldTrail, statusChanges } = testimony;
  const isEnough = clearUntil !== null && 'since' in oldTrail && oldTrail.since <= clearUntil;
  return [
    ...gapIn('last-used', oldLastUsed),
    ...(isEnough ? [] : gapIn('cloudtrail', oldTrail)),
    ...gapIn('cloudtrail', statusChanges),
    ...queriedSinceOffGaps(testimony, clearUntil),
  ];
}

function queriedSinceOffGaps({ queried }: Testimony, clearUntil: Instant | null): readonly Gap[] {
  if (queried === undefined) return [];
  if (!queried.complete) return gapIn('cloudtrail', queried);
  const { since } = queried.value;
  if (clearUntil === null || since <= clearUntil) return [];
  const problem =
    `the trail query reads from ${inUtcWords(since)}, and it is not known since ` +
    `${inUtcWords(clearUntil)} that nobody used the old key`;
  return [{ about: 'cloudtrail', problem }];
}

/** How the new key is used matters only until somebody is seen to, or says that nobody needs to. */
function pickupGaps(
  { newLastUsed, newTrail }: Testimony,
  pickup: Pickup,
  { authority, issued }: Examination,
): readonly Gap[] {
  if (issued === null || pickup.seen || authority.kind !== 'evidence') return [];
  const key = shortKey(issued.newKeyId);
  return [
    ...gapIn('last-used', newLastUsed),
    ...gapIn('cloudtrail', newTrail),
    { about: 'pickup', problem: `nobody has used new key ${key} yet, and nobody attested` },
  ];
}

/** The first use of the new key that is not the custodian's own test. */
function pickupOf(testimony: Testimony, { issued }: Examination): Pickup {
  if (issued === null) return { seen: false };
  const [first] = usesIn(testimony.newTrail)
    .filter(({ requestId }) => !issued.testRequestIds.includes(requestId))
    .map(({ use }) => use)
    .filter((use) => use.at > issued.currentSince && !use.userAgent.includes(custodianMark))
    .sort((a, b) => a.at.localeCompare(b.at));
  if (first !== undefined) return { seen: true, at: first.at, by: first };
  const lastUsed = readOr(testimony.newLastUsed, null);
  const ownTestCannotBeLater = plus(issued.currentSince, {
    hours: lagHours,
    minutes: lastUsedStepMinutes,
  });
  return lastUsed !== null && lastUsed.at > ownTestCannotBeLater
    ? { seen: true, at: lastUsed.at, by: lastUsed }
    : { seen: false };
}
