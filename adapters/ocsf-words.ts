/**
 * OCSF's pairs of a number and a word that mean the same (`status_id` and `status`). Either may be
 * absent; they must not contradict each other.
 * https://schema.ocsf.io/1.6.0/classes/compliance_finding (2026-11)
 */
import { peek, peekText, problem } from './problems.ts';

/** Words by number. 99 leaves the word to the source, so that it may be any. */
export type Words = ReadonlyMap<number, string>;

const other = 99;

export const activities: Words = new Map([
  [0, 'Unknown'],
  [1, 'Create'],
  [2, 'Update'],
  [3, 'Close'],
  [other, 'Other'],
]);

/** What becomes of the finding. */
export const statuses: Words = new Map([
  [0, 'Unknown'],
  [1, 'New'],
  [2, 'In Progress'],
  [3, 'Suppressed'],
  [4, 'Resolved'],
  [5, 'Archived'],
  [other, 'Other'],
]);

/** What the check found. */
export const verdicts: Words = new Map([
  [0, 'Unknown'],
  [1, 'Pass'],
  [2, 'Warning'],
  [3, 'Fail'],
  [other, 'Other'],
]);

export interface ReadWord {
  /** As in the table; undefined if neither number nor word is there, or they are wrong. */
  readonly word: string | undefined;
  readonly problems: readonly string[];
}

/** Reads the pair `<name>_id` and `<wordField>` of `holder`, which stands at `at`. */
export function readWord(
  holder: unknown,
  at: string,
  [numberField, wordField]: readonly [numberField: string, wordField: string],
  words: Words,
): ReadWord {
  const number = peek(holder, numberField) ?? undefined;
  const text = peek(holder, wordField) ?? undefined;
  const shouldBe = `one of ${[...words].map(([id, word]) => `${id} (${word})`).join(', ')}`;
  const byNumber = typeof number === 'number' ? words.get(number) : undefined;
  if (number !== undefined && byNumber === undefined) {
    return { word: undefined, problems: [problem(`${at}.${numberField}`, number, shouldBe)] };
  }
  if (text === undefined || number === other) return { word: byNumber, problems: [] };
  const byText = [...words.values()].find((word) => isSame(word, peekText(holder, wordField)));
  if (byText === undefined) {
    return { word: undefined, problems: [problem(`${at}.${wordField}`, text, shouldBe)] };
  }
  if (byNumber !== undefined && byNumber !== byText) {
    const problems = [
      `${at}.${numberField} is ${number} (${byNumber}) but ${at}.${wordField} is "${byText}": ` +
        'they must agree',
    ];
    return { word: undefined, problems };
  }
  return { word: byText, problems: [] };
}

function isSame(word: string, text: string | undefined): boolean {
  return word.toLowerCase() === text?.toLowerCase();
}
