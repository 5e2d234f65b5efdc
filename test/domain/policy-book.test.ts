/** Which rule gives which field: unit < account < path, and the later one among equals. */
import { describe, expect, test } from 'vitest';
import { Bug } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import { defaultPolicy, type Policy } from '../../domain/policy.ts';
import {
  emptyBook,
  needsUnits,
  type PolicyBook,
  type PolicyChanges,
  type Scope,
} from '../../domain/policy-book.ts';
import { explainPolicy, resolvePolicy } from '../../domain/resolve-policy.ts';
import { user } from '../builders.ts';

const now = instant('2026-11-02T09:00:00Z');
const [team, division, root] = ['ou-ab12-11111111', 'ou-ab12-22222222', 'r-ab12'];
const units = [team, division, root];

function bookOf(...rules: readonly (readonly [Scope, PolicyChanges])[]): PolicyBook {
  return {
    ...emptyBook,
    rules: rules.map(([scope, changes], index) => ({ index, scope, changes })),
  };
}

/** Soak hours are given by the rule; so tells who won. */
const soakOf = (book: PolicyBook, changes: Partial<typeof user> = {}) =>
  resolvePolicy(book, { ...user, ...changes }, units, now).policy.soakHours;

const soak = (soakHours: number): PolicyChanges => ({ soakHours });

test('an empty book is the default policy', () => {
  const resolved = resolvePolicy(emptyBook, user, [], now);
  expect(resolved).toEqual({ policy: defaultPolicy, exemption: null, notes: [] });
});

describe('the more specific rule wins, wherever it stands', () => {
  const account = { accounts: [user.account] };
  const path = { path: '/services/' };
  test.each<[string, Scope, Scope]>([
    ['unit over root', { unit: team }, { unit: root }],
    ['a deeper unit over its parent', { unit: team }, { unit: division }],
    ['account over the deepest unit', account, { unit: team }],
    ['path over account', path, account],
    ['path over account and unit', path, { ...account, unit: team }],
    ['account and path over path', { ...account, ...path }, path],
    ['path in a unit over path', { unit: root, ...path }, path],
    ['account and path over path in a unit', { ...account, ...path }, { unit: team, ...path }],
    ['account in a unit over account', { unit: root, ...account }, account],
  ])('%s', (_, more, less) => {
    expect(soakOf(bookOf([more, soak(30)], [less, soak(40)]))).toBe(30);
    expect(soakOf(bookOf([less, soak(40)], [more, soak(30)]))).toBe(30);
  });

  test('a longer path over a shorter', () => {
    const long = { path: '/services/billing/' };
    const at = { path: '/services/billing/eu/' };
    expect(soakOf(bookOf([long, soak(30)], [path, soak(40)]), at)).toBe(30);
    expect(soakOf(bookOf([path, soak(40)], [long, soak(30)]), at)).toBe(30);
  });

  test('among equals the later one', () => {
    const two = { accounts: [user.account, '444455556666'] };
    expect(soakOf(bookOf([account, soak(30)], [two, soak(40)]))).toBe(40);
    expect(soakOf(bookOf([two, soak(40)], [account, soak(30)]))).toBe(30);
  });

  test('field by field', () => {
    const book = bookOf(
      [path, { mode: 'auto' }],
      [account, { mode: 'observe', soakHours: 30 }],
      [{ unit: root }, { soakHours: 40, graceHours: 24 }],
    );
    const { policy, origins } = explainPolicy(
      { ...book, defaults: { graceHours: 30, answerDays: 3 } },
      user,
      units,
      now,
    );
    expect(policy).toEqual({
      ...defaultPolicy,
      mode: 'auto',
      soakHours: 30,
      graceHours: 24,
      answerDays: 3,
    } satisfies Policy);
    expect(origins).toMatchObject({
      mode: 'rules[0] (path /services/)',
      soakHours: 'rules[1] (account 111122223333)',
      graceHours: 'rules[2] (unit r-ab12)',
      answerDays: 'defaults',
      staleDays: 'built in',
    });
    expect(Object.keys(origins).toSorted()).toEqual(Object.keys(defaultPolicy).toSorted());
  });
});

describe('a rule that does not match says nothing', () => {
  test.each<[string, Scope]>([
    ['another unit', { unit: 'ou-ab12-99999999' }],
    ['another account', { accounts: ['444455556666'] }],
    ['another path', { path: '/ci/' }],
    ['a path that only begins alike', { path: '/services/billing/' }],
    ['this path in another account', { path: '/services/', accounts: ['444455556666'] }],
    ['this account in another unit', { accounts: [user.account], unit: 'ou-ab12-99999999' }],
  ])('%s', (_, scope) => {
    expect(soakOf(bookOf([scope, soak(30)]))).toBe(defaultPolicy.soakHours);
  });

  test('a path is matched in whole parts', () => {
    expect(soakOf(bookOf([{ path: '/serv/' }, soak(30)]))).toBe(defaultPolicy.soakHours);
  });
});

test('a book with rules for units is never resolved without them', () => {
  const book = bookOf([{ unit: team }, { mode: 'observe' }]);
  expect(needsUnits(book)).toBe(true);
  expect(needsUnits(bookOf([{ path: '/ci/' }, {}]))).toBe(false);
  expect(() => resolvePolicy(book, user, [], now)).toThrow(Bug);
});

test('a rule that makes keys stale earlier warns the day before at the latest', () => {
  const book = bookOf([{ path: '/services/' }, { staleDays: 60 }]);
  expect(resolvePolicy(book, user, units, now).policy).toMatchObject({
    staleDays: 60,
    warnDays: 59,
  });
});

test('tags tighten what the rules say', () => {
  const book = bookOf([{ path: '/services/' }, { mode: 'auto' }]);
  const tagged = { ...user, tags: { 'keyturn:mode': 'approve', 'keyturn:exempt': 'yes' } };
  const explained = explainPolicy(book, tagged, units, now);
  expect(explained.policy.mode).toBe('approve');
  expect(explained.origins.mode).toBe('tag keyturn:mode');
  expect(explained.notes).toEqual([expect.stringContaining('keyturn:exempt')]);
  expect(explained.exemption).toBeNull();
});
