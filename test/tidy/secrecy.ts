/** Nothing here looks like a secret, somebody's account, or a path of one machine. */
import { atEach, type Rule } from './source.ts';

/** The ids that AWS's documentation uses for accounts that are nobody's. */
const exampleAccounts: ReadonlySet<string> = new Set([
  '111122223333',
  '123456789012',
  '444455556666',
  '777788889999',
  '999999999999',
]);

const keyId = /(?<![A-Z0-9])A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Z0-9])/g;
const keyValue = /(?<![\w/+=-])[A-Za-z0-9/+]{40}(?![\w/+=-])/g;
const slackToken = /\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-(?:\d-)?[A-Z0-9]{8,}-[\w-]{8,}/g;
const slackHook = /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/g;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/g;

const documented = (found: string) => found.includes('EXAMPLE');

/** A lock file is full of hashes and written by npm. */
const isLock = (path: string) => path === 'package-lock.json';

export const noSecrets: Rule = (source) => {
  if (isLock(source.path)) return [];
  return [
    ...atEach(source, keyId, (found) => (documented(found) ? undefined : secretLike(found))),
    ...atEach(source, keyValue, (found) => (looksRandom(found) ? secretLike(found) : undefined)),
    ...[slackToken, slackHook, privateKey].flatMap((each) => atEach(source, each, secretLike)),
  ];
};

/** Shows the start only: a rule must not spread what it found. */
function secretLike(found: string): string {
  return (
    `"${found.slice(0, 6)}…" looks like a secret: use AWS's documented example (…EXAMPLE), ` +
    'or build it where it is needed; if it was real, revoke it now'
  );
}

/** A value changes between digits and both cases all through; a path or a name has words. */
function looksRandom(found: string): boolean {
  const kinds = [...found].map(kind);
  const changes = kinds.filter((each, index) => index > 0 && each !== kinds[index - 1]).length;
  return !documented(found) && kinds.includes('digit') && changes >= 15;
}

function kind(letter: string): 'lower' | 'upper' | 'digit' | 'mark' {
  if (/[a-z]/.test(letter)) return 'lower';
  if (/[A-Z]/.test(letter)) return 'upper';
  return /\d/.test(letter) ? 'digit' : 'mark';
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const twelveDigits = /(?<![\w.])\d{12}(?!\w|\.\d)/g;

export const onlyExampleAccounts: Rule = ({ path, text }) => {
  if (isLock(path)) return [];
  const withoutUuids = text.replaceAll(uuid, (found) => ' '.repeat(found.length));
  return atEach({ path, text: withoutUuids }, twelveDigits, (found) =>
    exampleAccounts.has(found)
      ? undefined
      : `${found} looks like an account: use one of ${[...exampleAccounts].join(', ')}`,
  );
};

const machinePath = /(?<![\w.])\/(?:work|root|home\/[a-z]\w*|tmp\/\w+|Users\/\w+)\/\w*/g;
const neighbour = /(?<![\w-])shared\//g;

export const noMachinePaths: Rule = (source) => [
  ...atEach(
    source,
    machinePath,
    (found) => `${found} is on one machine only: write it from the repository's top`,
  ),
  ...atEach(
    source,
    neighbour,
    () => 'the repository stands alone: bring what is needed into it, in our own words',
  ),
];
