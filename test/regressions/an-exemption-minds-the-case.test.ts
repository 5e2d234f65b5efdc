/**
 * IAM knows no two users whose names differ in case alone, so an exemption by name holds in any
 * case. It was compared letter by letter, and a user somebody meant to leave alone was rotated.
 */
import { expect, test } from 'vitest';
import { bookProblems } from '../../domain/book-problems.ts';
import { endedExemptions, exemptionOf } from '../../domain/exemption.ts';
import { plus } from '../../domain/instant.ts';
import { emptyBook } from '../../domain/policy-book.ts';
import { story, user } from '../builders.ts';

const exempting = (userName: string, index = 0, account = user.account) =>
  ({
    index,
    account,
    whom: { by: 'name', userName },
    reason: 'Payroll.',
    by: 'Sam',
    from: story.opened,
    until: plus(story.opened, { days: 9 }),
  }) as const;

test('an exemption by name holds in any case: IAM knows no two such users', () => {
  expect(exemptionOf([exempting('SVC-Billing')], user, story.approved)).toBeDefined();
  expect(exemptionOf([exempting('SVC-Billings')], user, story.approved)).toBeUndefined();
});

test('and so it is seen to have ended', () => {
  const later = plus(story.opened, { days: 10 });
  expect(endedExemptions([exempting('SVC-Billing')], user, later)).toHaveLength(1);
});

test('two that differ in case alone are a problem of the policy file', () => {
  const problemsOf = (...exemptions: ReturnType<typeof exempting>[]) =>
    bookProblems({ ...emptyBook, defaults: { mode: 'auto' }, exemptions });
  expect(problemsOf(exempting('svc-billing'), exempting('SVC-Billing', 1))).toEqual([
    {
      path: ['exemptions', 1, 'user'],
      problem:
        'is "SVC-Billing", the user of exemptions[0] in another case: write the name alike in both',
    },
  ]);
  // One after the other, in the same words; or two users of two accounts.
  expect(problemsOf(exempting('svc-billing'), exempting('svc-billing', 1))).toEqual([]);
  const elsewhere = exempting('SVC-Billing', 1, '444455556666');
  expect(problemsOf(exempting('svc-billing'), elsewhere)).toEqual([]);
});
