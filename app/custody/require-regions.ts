/**
 * Regions that the tags of a secret tell: none is called before it is known to be one. Tags name no
 * other places: who may tag a secret must not be able to send its keys out of the account.
 */
import { Permanent } from '../../domain/errors.ts';
import type { Place } from '../../domain/ports.ts';
import { regionProblem } from '../../domain/region.ts';
import { shown } from './require-places.ts';

/** As many as a payload may name. */
const mostCopies = 10;

/** Throws Permanent unless each is a Region of the custodian's partition, named once. */
export function requireRegions({ partition }: Place, regions: readonly string[]): void {
  const problems = regions.flatMap((region, index) => {
    const problem = regionProblem(region, partition);
    if (problem !== undefined) return [`${shown(region)} ${problem}`];
    return regions.indexOf(region) === index ? [] : [`${region} is named twice`];
  });
  if (regions.length > mostCopies) problems.push(`${regions.length} are too many`);
  if (problems.length === 0) return;
  throw new Permanent(
    `copies are asked for where there can be none: ${problems.join('; ')}. Nothing was called ` +
      'there; correct the policy, or the tags of the secret',
  );
}
