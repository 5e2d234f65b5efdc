/** Further places are told by payloads: none is called before it is known to be one. */
import { Permanent } from '../../domain/errors.ts';
import { type FurtherPlace, parsePlace, slotsOf } from '../../domain/further-place.ts';
import type { Place } from '../../domain/ports.ts';
import { regionProblem } from '../../domain/region.ts';

/** As many as a payload may name. */
const mostPlaces = 10;

/**
 * The places that the texts name. Throws Permanent unless each is one, named once, and those in AWS
 * are in the custodian's partition.
 */
export function requirePlaces(
  { partition }: Place,
  texts: readonly string[],
): readonly FurtherPlace[] {
  const problems: string[] = [];
  const taken = new Set<string>();
  const places = texts.flatMap((text) => {
    const place = parsePlace(text);
    if (place === undefined) {
      problems.push(`${shown(text)} is no place that Keyturn writes to`);
      return [];
    }
    const beyond = 'region' in place ? regionProblem(place.region, partition) : undefined;
    if (beyond !== undefined) problems.push(`${shown(text)} ${beyond}`);
    const slots = slotsOf(place);
    if (slots.some((slot) => taken.has(slot))) problems.push(`${shown(text)} is named twice`);
    for (const slot of slots) taken.add(slot);
    return [place];
  });
  if (texts.length > mostPlaces) problems.push(`${texts.length} are too many`);
  if (problems.length === 0) return places;
  throw new Permanent(
    `copies are asked for where there can be none: ${problems.join('; ')}. Nothing was called ` +
      'there; correct the policy, or the tags of the secret',
  );
}

/** Whoever may tag a secret writes this: short, and nothing that a terminal would obey. */
export function shown(text: string): string {
  return `"${text.slice(0, 40).replace(/[^\x20-\x7e]/g, '?')}"`;
}
