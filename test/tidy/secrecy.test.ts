/** Planted violations: secrets, accounts, paths. Built here, or the rules would find this file. */
import { describe, expect, test } from 'vitest';
import { noMachinePaths, noSecrets, onlyExampleAccounts } from './secrecy.ts';

const planted = (text: string) => ({ path: 'docs/a.md', text: `first line\n${text}\n` });
const found = [expect.stringMatching(/^docs\/a\.md:2: /)];

const randomText = Array.from({ length: 10 }, (_, index) => `aB${index}/`).join('');

describe('secrets', () => {
  test.each([
    ['a key id', ['AK', 'IAZ7Q2W3E4R5T6Y7U2'].join('')],
    ['a session key id', ['AS', 'IAZ7Q2W3E4R5T6Y7U2'].join('')],
    ['a key value', randomText],
    ['a key value in quotes', `secret: '${randomText}'`],
    ['a Slack token', ['xo', 'xb-123456789012', '-444455556666-', 'aB3dE6gH9'].join('')],
    ['a Slack hook', ['hooks.slack', '.com/services/T0/B0/abcdef'].join('')],
    ['a private key', ['-----BEGIN RSA PRIV', 'ATE KEY-----'].join('')],
  ])('%s', (_, text) => {
    expect(noSecrets(planted(text))).toEqual(found);
  });

  test.each([
    'AKIAIOSFODNN7EXAMPLE',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'a'.repeat(40),
    '0123456789abcdef0123456789abcdef01234567',
    'xoxb-example',
    'importsPointInwardsFromFunctionsToDomain1',
  ])('not %s', (text) => {
    expect(noSecrets(planted(text))).toEqual([]);
  });

  test('are not repeated by the rule that finds them', () => {
    expect(noSecrets(planted(randomText)).join()).not.toContain(randomText);
  });
});

describe('accounts', () => {
  test.each(['9876', '5550'])('of somebody (%s…)', (start) => {
    expect(onlyExampleAccounts(planted(`arn:aws:iam::${start}43211234:root`))).toEqual(found);
  });

  test.each([
    '111122223333',
    'a0000000-0000-4000-8000-000000000012',
    '1700000000000',
    '0'.repeat(64),
  ])('not %s', (text) => {
    expect(onlyExampleAccounts(planted(text))).toEqual([]);
  });
});

describe('paths', () => {
  test.each([
    ['/wo', 'rk/main/README.md'],
    ['/ho', 'me/somebody/code'],
    ['/tm', 'p/kt/notes'],
    ['../sha', 'red/events'],
  ])('of one machine: %s…', (start, end) => {
    expect(noMachinePaths(planted(start + end))).toEqual(found);
  });

  test.each(['/dev/null', 'docs/work/a.md', 'pre-shared key', '~/.aws/credentials'])(
    'not %s',
    (text) => {
      expect(noMachinePaths(planted(text))).toEqual([]);
    },
  );
});
