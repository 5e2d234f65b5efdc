/** Exemptions: for whom, from when, until when, and not a moment longer. */
import { describe, expect, test } from 'vitest';
import {
  type Exemption,
  exemptionDatesProblem,
  exemptionOf,
  longestExemptionDays,
} from '../../domain/exemption.ts';
import { instant, plus } from '../../domain/instant.ts';
import { emptyBook } from '../../domain/policy-book.ts';
import { resolvePolicy } from '../../domain/resolve-policy.ts';
import { user } from '../builders.ts';

const from = instant('2026-11-01T00:00:00Z');
const until = instant('2027-05-01T00:00:00Z');
const during = instant('2026-12-01T00:00:00Z');

const exemption = (changes: Partial<Exemption> = {}): Exemption => ({
  index: 0,
  account: user.account,
  whom: { by: 'name', userName: user.userName },
  reason: 'sealed envelope',
  by: 'Noor Admin',
  from,
  until,
  ...changes,
});

const isExempt = (changes: Partial<Exemption>, now = during) =>
  exemptionOf([exemption(changes)], user, now) !== undefined;

describe('for whom', () => {
  test.each<[string, Partial<Exemption>, boolean]>([
    ['by name', {}, true],
    ['by another name', { whom: { by: 'name', userName: 'svc-billing-2' } }, false],
    ['by the same name elsewhere', { account: '444455556666' }, false],
    ['by path', { whom: { by: 'path', path: '/services/' } }, true],
    ['by another path', { whom: { by: 'path', path: '/services/eu/' } }, false],
    ['by unique id', { whom: { by: 'id', userId: user.userId } }, true],
    [
      'by another id, such as of the user of that name before',
      {
        whom: { by: 'id', userId: 'AIDAJQABLZS4A3EXAMPLE' },
      },
      false,
    ],
  ])('%s', (_, changes, exempt) => {
    expect(isExempt(changes)).toBe(exempt);
  });
});

describe('when', () => {
  test.each([
    ['before', plus(from, { milliseconds: -1 }), false],
    ['as it begins', from, true],
    ['just before it ends', plus(until, { milliseconds: -1 }), true],
    ['as it ends', until, false],
    ['long after', plus(until, { days: 500 }), false],
  ])('%s', (_, now, exempt) => {
    expect(isExempt({}, now)).toBe(exempt);
  });

  test('of several the one that ends last counts', () => {
    const longer = exemption({ index: 1, until: plus(until, { days: 1 }), reason: 'longer' });
    expect(exemptionOf([exemption(), longer, exemption()], user, during)?.reason).toBe('longer');
  });
});

test('it shows in the answer with reason, end and who decided', () => {
  const book = { ...emptyBook, exemptions: [exemption()] };
  expect(resolvePolicy(book, user, [], during)).toMatchObject({
    exemption: { reason: 'sealed envelope', until, by: 'Noor Admin' },
    notes: [],
  });
});

test('one that has ended exempts nobody, and that is said', () => {
  const book = { ...emptyBook, exemptions: [exemption({ index: 4 })] };
  expect(resolvePolicy(book, user, [], until)).toMatchObject({
    exemption: null,
    notes: ['exemptions[4] ended at 2027-05-01 00:00 UTC: it exempts nobody'],
  });
});

describe('dates', () => {
  test('366 days are allowed, a moment more is not', () => {
    const end = plus(from, { days: longestExemptionDays });
    expect(longestExemptionDays).toBe(366);
    expect(exemptionDatesProblem({ from, until: end })).toBeUndefined();
    const more = plus(end, { milliseconds: 1 });
    expect(exemptionDatesProblem({ from, until: more })).toContain('366 days');
  });

  test('an end that is not after the begin is a problem', () => {
    expect(exemptionDatesProblem({ from, until: from })).toContain('after from');
  });
});
