/**
 * How long a key must be quiet, by its own history, and when it will have been. A job that runs
 * once a month must not be cut because a busy program shares its key: each user of the key is
 * measured by itself, and the slowest one decides.
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
/** Fewer known uses show no cadence: then the floor stands. */
const leastUses = 3;

export interface Quiet {
  /** How long the user of the key that decides must be quiet. */
  readonly hours: number;
  /** When it will have been, if nobody uses the key again; the lag is counted in. */
  readonly at: Instant;
}

export interface History {
  /** Every known use, oldest first. */
  readonly uses: readonly Use[];
  /** The latest moment at which the key may have been used; its creation if it never was. */
  readonly lastUse: Instant;
  readonly sessionTokens: boolean;
}

export function quietOf({ uses, lastUse, sessionTokens }: History): Quiet {
  const quiet = (of: readonly Use[], last: Instant): Quiet => {
    const tokens = sessionTokens ? sessionTokenQuietHours : 0;
    const hours = Math.max(quietFloorHours, tokens, 2 * longestGapHours(of));
    return { hours, at: plus(last, { hours: hours + lagHours }) };
  };
  const each = byUser(uses).map((of) => quiet(of, of.at(-1)?.at ?? lastUse));
  return each.reduce((most, one) => (one.at > most.at ? one : most), quiet(uses, lastUse));
}

/** Who uses the key: the same service asked by the same program. Addresses change too often. */
function byUser(uses: readonly Use[]): readonly (readonly Use[])[] {
  const groups = new Map<string, Use[]>();
  for (const use of uses) {
    const user = JSON.stringify([use.service, use.userAgent]);
    const known = groups.get(user);
    if (known === undefined) groups.set(user, [use]);
    else known.push(use);
  }
  return [...groups.values()];
}

function longestGapHours(uses: readonly Use[]): number {
  if (uses.length < leastUses) return 0;
  const gaps = uses.slice(1).map((use, index) => millisBetween(uses[index]?.at ?? use.at, use.at));
  return Math.max(...gaps) / 3_600_000;
}
