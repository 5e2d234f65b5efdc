/** Further places as payloads carry them: comma-joined, or `none`. */
import * as v from 'valibot';
import { parsePlace, slotsOf } from '../domain/further-place.ts';

const problem = 'is not a comma-joined list of at most ten further places, or none';
const most = 10;

/** Each place once. */
export const placesOrNone = v.pipe(
  v.string(problem),
  v.transform((text): readonly string[] => (text === 'none' ? [] : text.split(','))),
  v.check(
    (texts) => texts.length <= most && texts.every((text) => parsePlace(text) !== undefined),
    problem,
  ),
  v.check((texts) => isEachOnce(texts), 'names a place twice'),
);

function isEachOnce(texts: readonly string[]): boolean {
  const slots = texts.flatMap((text) => {
    const place = parsePlace(text);
    return place === undefined ? [] : slotsOf(place);
  });
  return new Set(slots).size === slots.length;
}
