/**
 * How long a key must be quiet, by its own history, and when it will have been. A job that runs
 * once a month must not be cut because a busy program shares its key: each user of the key is
 * measured by itself, and the slowest one decides. Why two uses are enough stands in
 * docs/adr/0009-two-uses-show-a-gap.md.
 */
import type { Use } from './evidence.ts';
import { type Instant, millisBetween, plus } from './instant.ts';

/** A use may take this long to show (CloudTrail and last-used publish no bound). */
export const lagHours = 4;
/** Last-used moves in steps of this length: the last use may be that much later. */
export const lastUsedStepMinutes = 15;
export const quietFloorHours = 24;
/** Session tokens outlive the key that asked for them by up to 36 hours. */
export const sessionTokenQuietHours = 37;
/** Whoever comes from more addresses than this wanders: then they tell no users apart. */
const mostAddresses = 10;

export interface Quiet {
  /** How long the user of the key that decides must be quiet. */
  readonly hours: number;
  /** When it will have been, if nobody uses the key again; the lag is counted in. */
  readonly at: Instant;
}

/** What a judgement waits for at the least. */
export interface Waits {
  readonly quietHours: number;
  readonly lagHours: number;
}

export const ordinaryWaits: Waits = { quietHours: quietFloorHours, lagHours };
/** For a dummy of a drill alone (drill.ts): what went wrong there would break nobody. */
export const drillWaits: Waits = { quietHours: 1, lagHours: 1 };

export interface History {
  /** Every known use, oldest first. */
  readonly uses: readonly Use[];
  /** The latest moment at which the key may have been used; its creation if it never was. */
  readonly lastUse: Instant;
  readonly sessionTokens: boolean;
}

export function quietOf({ uses, lastUse, sessionTokens }: History, waits = ordinaryWaits): Quiet {
  const floor = Math.max(waits.quietHours, sessionTokens ? sessionTokenQuietHours : 0);
  const quiet = (gapHours: number, last: Instant): Quiet => {
    const hours = Math.max(floor, 2 * gapHours);
    return { hours, at: plus(last, { hours: hours + waits.lagHours }) };
  };
  const each = users(uses).map((of) => quiet(longestGapHours(of), of.at(-1)?.at ?? lastUse));
  // Of everybody together, two uses may well be by two users, and say nothing of either.
  const together = quiet(uses.length < 3 ? 0 : longestGapHours(uses), lastUse);
  return each.reduce((most, one) => (one.at > most.at ? one : most), together);
}

/**
 * Who may be the users of the key. Programs are upgraded, several ask the same service, and
 * addresses are shared or change: so uses are told apart in several ways, and no way is trusted to
 * find everybody.
 */
function users(uses: readonly Use[]): readonly (readonly Use[])[] {
  // Last-used is one use of a moment that may be long before others that it does not show.
  const trail = uses.filter(({ source }) => source === 'cloudtrail');
  const byAddress = alike(trail, ({ sourceIp }) => sourceIp);
  return [
    ...alike(uses, ({ service, userAgent }) => `${service} ${userAgent}`),
    ...alike(uses, ({ service, userAgent }) => `${service} ${productIn(userAgent)}`),
    ...alike(trail, ({ service }) => service),
    ...(byAddress.length > mostAddresses ? [] : byAddress),
  ];
}

/** In groups, each oldest first like the whole. */
function alike(uses: readonly Use[], inCommon: (use: Use) => string): readonly (readonly Use[])[] {
  const groups = new Map<string, Use[]>();
  for (const use of uses) {
    const name = inCommon(use);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [use]);
    else known.push(use);
  }
  return [...groups.values()];
}

/** `Boto3/1.40.60 md/Botocore#1.40.60 …` → `Boto3`: a job may have a newer one at each run. */
function productIn(userAgent: string): string {
  return /^\[?([^/#\s]+)/.exec(userAgent)?.[1] ?? userAgent;
}

/** 0 for a single use. */
function longestGapHours(uses: readonly Use[]): number {
  const gaps = uses.slice(1).map((use, index) => millisBetween(uses[index]?.at ?? use.at, use.at));
  // No spread: a busy account has more uses in all its Regions than a call may have arguments.
  return gaps.reduce((most, gap) => Math.max(most, gap), 0) / 3_600_000;
}
