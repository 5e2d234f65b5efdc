/** What Config's rows come to: each user once, by the worst word; unknown is never compliant. */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { complianceOf, complianceProblems, complianceSums } from '../../domain/compliance.ts';
import { instant } from '../../domain/instant.ts';

const { digest } = cryptoIds;
const asked = {
  askedAt: instant('2026-11-16T08:00:00Z'),
  askedOf: { region: 'us-east-1', aggregator: 'all' },
};
const [one, other] = ['111122223333', '444455556666'] as const;
const user = (account: string, userId: string) => ({ account, userId });
const says = (account: string, userId: string, word: string, rule = 'access-keys-rotated') => ({
  account,
  userId,
  rule,
  says: word,
});

const taken = complianceOf(
  {
    // As recorded in two Regions.
    recorded: [user(other, 'a'), user(one, 'a'), user(one, 'a'), user(one, 'b'), user(one, 'c')],
    judged: [
      says(one, 'a', 'COMPLIANT'),
      says(one, 'a', 'NON_COMPLIANT', 'securityhub-access-keys-rotated-abc123'),
      says(one, 'b', 'COMPLIANT'),
      says(one, 'c', 'INSUFFICIENT_DATA', 'of-no-word'),
      says(one, 'd', 'COMPLIANT'),
    ],
  },
  asked,
  digest,
);

test('each user counts once, and the worst that any rule says of them', () => {
  expect(taken).toMatchObject({
    ...asked,
    rules: ['access-keys-rotated', 'securityhub-access-keys-rotated-abc123'],
    accounts: [
      { account: one, users: 4, compliant: 2, nonCompliant: 1, notEvaluated: 1 },
      { account: other, users: 1, compliant: 0, nonCompliant: 0, notEvaluated: 1 },
    ],
  });
  const sums = { users: 5, compliant: 2, nonCompliant: 1, notEvaluated: 2 };
  expect(complianceSums(taken)).toEqual(sums);
  expect(complianceProblems(taken, digest)).toEqual([]);
});

test('every edit is found', () => {
  const [first, second] = taken.accounts;
  if (first === undefined || second === undefined) throw new Error('no account');
  const edits = [
    { ...taken, accounts: [{ ...first, nonCompliant: 0, compliant: 3 }, second] },
    { ...taken, accounts: [first] },
    { ...taken, accounts: [second, first] },
    { ...taken, accounts: [first, first, second] },
    { ...taken, rules: [] },
    { ...taken, askedAt: instant('2026-11-17T08:00:00Z') },
    { ...taken, askedOf: { region: 'us-east-1', aggregator: null } },
  ];
  for (const edit of edits) expect(complianceProblems(edit, digest).join()).toContain('the digest');
  const { digest: _, ...less } = { ...taken, accounts: [second, { ...first, users: 9 }] };
  expect(complianceProblems({ ...less, digest: digest(less) }, digest)).toEqual([
    `account ${one}: its parts are not all of its users`,
    `account ${one}: it is out of order, or there twice`,
  ]);
  const twice = { ...less, accounts: [first, first] };
  expect(complianceProblems({ ...twice, digest: digest(twice) }, digest)).toEqual([
    `account ${one}: it is out of order, or there twice`,
  ]);
});
