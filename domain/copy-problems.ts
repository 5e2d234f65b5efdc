/** What is wrong with a list of further places, although each of its fields may be right. */
import {
  longestPlacesText,
  longestPlaceText,
  parsePlace,
  placeInWords,
  placeOf,
  placeText,
  type SecretCopy,
  slotsOf,
} from './further-place.ts';

/** Sentences that follow the list's own name, as in: policy.copies names …. */
export function copyProblems(copies: readonly SecretCopy[]): readonly string[] {
  const all = copies.map((copy) => placeText(placeOf(copy))).join(',');
  if (all.length > longestPlacesText) {
    const most = `${longestPlacesText} characters together`;
    return [`names places by ${all.length} characters: shorten them to ${most}`];
  }
  const taken = new Set<string>();
  return copies.flatMap((copy) => {
    const place = placeOf(copy);
    const text = placeText(place);
    if (text.length > longestPlaceText) {
      return [`names ${text}: shorten it to ${longestPlaceText} characters`];
    }
    if (parsePlace(text) === undefined) return [`names ${text}, which is no place for keys`];
    const slots = slotsOf(place);
    const isTwice = slots.some((slot) => taken.has(slot));
    for (const slot of slots) taken.add(slot);
    return isTwice ? [`names ${placeInWords(place)} twice: name each once`] : [];
  });
}
