/**
 * Updates of many findings, in the account and Region of each, a hundred at a time. What one call
 * leaves out, or one account that cannot be reached, holds up nothing else; at the end everything
 * that was not updated is named.
 */
import type { Rotation } from '../domain/case.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { Place } from '../domain/ports.ts';

/** A finding that was not updated, and whether it may be later. */
export interface Miss {
  readonly finding: string;
  readonly why: string;
  readonly passes: boolean;
}

/** What one call takes, of Security Hub and of its V2. */
export const updateLimit = 100;

interface Located {
  readonly account: string;
  readonly region: string;
}

/**
 * Updates each finding once. Throws, naming what was not updated: Transient if any of it may be
 * updated later, else Permanent.
 */
export async function updateAll<F extends Located>(
  rotation: Rotation,
  findings: readonly F[],
  identityOf: (finding: F) => string,
  update: (place: Place, findings: readonly F[]) => Promise<readonly Miss[]>,
): Promise<void> {
  const { partition } = rotation.key.user;
  const once = new Map(findings.map((finding) => [identityOf(finding), finding]));
  const places = Map.groupBy(once.values(), ({ account, region }) => `${account}/${region}`);
  const misses: Miss[] = [];
  for (const here of places.values()) {
    for (let from = 0; from < here.length; from += updateLimit) {
      const batch = here.slice(from, from + updateLimit);
      const [first] = batch;
      if (first === undefined) continue;
      const { account, region } = first;
      misses.push(...(await update({ partition, account, region }, batch)));
    }
  }
  if (misses.length > 0) throw notAllUpdated(rotation, misses);
}

/** A call that failed as a whole has left out all that it was to update. */
export function allMissed(
  findings: readonly string[],
  failure: Transient | Permanent,
): readonly Miss[] {
  const passes = failure instanceof Transient;
  return findings.map((finding) => ({ finding, why: messageOf(failure), passes }));
}

function notAllUpdated(rotation: Rotation, misses: readonly Miss[]): Transient | Permanent {
  const named = misses.map(({ finding, why }) => `${finding} (${why})`).join('; ');
  const message = `writing rotation ${rotation.id} to Security Hub left out: ${named}`;
  return misses.some(({ passes }) => passes)
    ? new Transient(`${message}. It is tried again.`)
    : new Permanent(`${message}. Look at these findings in Security Hub.`);
}
