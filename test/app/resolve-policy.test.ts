/** Who is asked for a policy: the organisation only when rules need it, and never in vain. */
import { expect, test } from 'vitest';
import { policyResolver } from '../../app/resolve-policy.ts';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { emptyBook, type PolicyBook } from '../../domain/policy-book.ts';
import type { AccountUnits } from '../../domain/ports.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { sandboxBook } from '../../sandbox/settings.ts';
import { createWorld } from '../../sandbox/world.ts';
import { story, user } from '../builders.ts';

const clock = { now: () => story.opened };
const unit = 'ou-ab12-11111111';
const ruled: PolicyBook = {
  ...emptyBook,
  defaults: { mode: 'auto' },
  rules: [{ index: 0, scope: { unit }, changes: { mode: 'observe' } }],
};

const known: AccountUnits = { unitsOf: async () => [unit, 'r-ab12'] };
const down: AccountUnits = {
  unitsOf: async () => {
    throw new Transient('the organisation cannot be asked');
  },
};

test('a rule for a unit holds for the accounts in it', async () => {
  expect((await policyResolver(ruled, known, clock)(user)).policy.mode).toBe('observe');
});

test('an organisation that cannot be asked never makes the policy looser', async () => {
  await expect(policyResolver(ruled, down, clock)(user)).rejects.toThrow(Transient);
});

test('without rules for units nobody is asked', async () => {
  const book: PolicyBook = { ...emptyBook, defaults: { mode: 'auto' } };
  expect((await policyResolver(book, down, clock)(user)).policy.mode).toBe('auto');
});

test('in a deployment: one account observes, one user is exempt, one is rotated', async () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
  const accounts = [place.account, '444455556666'];
  const now = story.opened;
  const given = await createWorld({
    start: now,
    place,
    accounts,
    mode: 'auto',
    seed: 'policy',
    book: {
      ...sandboxBook('auto'),
      rules: ruled.rules,
      exemptions: [
        {
          index: 0,
          account: place.account,
          whom: { by: 'name', userName: 'break-glass' },
          reason: 'sealed envelope',
          by: 'Sam Oncall',
          from: plus(now, { days: -1 }),
          until: plus(now, { days: 10 }),
        },
      ],
    },
  });
  given.cloud.organization.putUnit(unit, 'r-ab12');
  given.cloud.organization.putAccount('444455556666', unit);
  const createdAt = plus(now, { days: -200 });
  const stale = [
    [place.account, 'svc-billing'],
    [place.account, 'break-glass'],
    ['444455556666', 'svc-billing'],
  ] as const;
  const opened: number[] = [];
  for (const [account, userName] of stale) {
    const made = given.cloud.addUser({ account, userName, createdAt });
    given.cloud.addKey(account, userName, { createdAt });
    reportStaleUser(given, made, ['config']);
    await given.runUntil(plus(given.clock.now(), { hours: 1 }));
    opened.push((await given.store.ofUser(account, made.userId)).length);
  }
  expect(opened).toEqual([1, 0, 0]);
  const reasons = given.deliveries.map(({ received }) => received.reason);
  expect(reasons).toContainEqual(
    expect.stringMatching(/break-glass is exempt until .*: sealed env/),
  );
  expect(reasons).toContainEqual(expect.stringMatching(/policy only observes 444455556666/));
});

const dummy = { ...user, path: '/keyturn-drill/', tags: { 'keyturn-drill': 'stale' } };

test('where drills are held, keys of a dummy are stale at once and wait for an hour', async () => {
  const ringed: PolicyBook = { ...ruled, rings: ['first', 'all'] };
  const { policy, origins } = await policyResolver(ringed, known, clock, 'held')(dummy);
  expect(policy).toMatchObject({ mode: 'auto', staleDays: 0, graceHours: 1, soakHours: 1 });
  expect(policy).not.toHaveProperty('ring');
  expect(origins).toMatchObject({ mode: 'the drill', staleDays: 'the drill' });
});

test.each([
  ['not where none are held', 'none', '/keyturn-drill/'],
  ['nor for a path that only begins alike', 'held', '/keyturn-drills/'],
  ['nor below another one', 'held', '/team/keyturn-drill/'],
  ['nor for everybody else', 'held', '/'],
] as const)('%s', async (_, drills, path) => {
  const { policy } = await policyResolver(ruled, known, clock, drills)({ ...user, path });
  expect(policy).toEqual((await policyResolver(ruled, known, clock)({ ...user, path })).policy);
  expect(policy).toMatchObject({ mode: 'observe', staleDays: 90, graceHours: 48, soakHours: 24 });
});

test('once its tag is off, a dummy has no stale key any more', async () => {
  const settled = { ...dummy, tags: {} };
  const { policy } = await policyResolver(ruled, known, clock, 'held')(settled);
  expect(policy).toMatchObject({ mode: 'auto', staleDays: 90, graceHours: 1 });
});

test('whoever is exempt stays so in a drill', async () => {
  const book: PolicyBook = {
    ...emptyBook,
    exemptions: [
      {
        index: 0,
        account: user.account,
        whom: { by: 'path', path: '/keyturn-drill/' },
        reason: 'Kept for the auditors.',
        by: 'Ada Approver',
        from: plus(story.opened, { days: -1 }),
        until: plus(story.opened, { days: 9 }),
      },
    ],
  };
  const { exemption } = await policyResolver(book, known, clock, 'held')(dummy);
  expect(exemption).toMatchObject({ reason: 'Kept for the auditors.' });
});
