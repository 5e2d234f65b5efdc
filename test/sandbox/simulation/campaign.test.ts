/** What a campaign as a whole is held to: twins, coverage, and worlds of every kind. */
import { describe, expect, test } from 'vitest';
import { plus } from '../../../domain/instant.ts';
import { impossible, mustBeSeen, neverStruck } from '../../../sandbox/simulation/coverage.ts';
import { mixes } from '../../../sandbox/simulation/odds.ts';
import { planOf } from '../../../sandbox/simulation/plan.ts';
import { policyFor } from '../../../sandbox/simulation/plan-policy.ts';
import { isForgotten } from '../../../sandbox/simulation/plan-users.ts';
import { simulatePlan } from '../../../sandbox/simulation/simulated-world.ts';
import { differences, hasTwin, twinsOf } from '../../../sandbox/simulation/twins.ts';
import { account, quietPlan } from './staged-world.ts';

const worlds = Array.from({ length: 400 }, (_, seed) => planOf(seed));
const users = worlds.flatMap((world) => world.users);

describe('over many worlds', () => {
  test.each([
    ['three keys', users.filter(({ keys }) => keys.length === 3)],
    ['Inactive keys', users.filter(({ keys }) => keys.some(({ status }) => status === 'Inactive'))],
    ['exemptions', users.filter(({ exempt }) => exempt !== null)],
    ['privileged users', users.filter(({ turn }) => turn?.into === 'privileged')],
    ['users of SES', users.filter(({ turn }) => turn?.into === 'ses smtp')],
    ['native rotation', users.filter(({ native }) => native !== null)],
    ['stops', worlds.filter(({ stops }) => stops.length > 0)],
    ['rules', worlds.filter(({ rules }) => rules.length > 1)],
    [
      'users of Parameter Store',
      worlds.flatMap((world) =>
        world.users.filter((user) => policyFor(world, user).vault === 'parameter-store'),
      ),
    ],
    [
      'forgotten programs that nobody can see',
      worlds.filter(
        ({ blindHours, users }) =>
          blindHours > 0 &&
          users.some(({ keys }) => keys.some(({ programs }) => programs.some(isForgotten))),
      ),
    ],
    [
      'namesakes',
      worlds.filter((world) => {
        const names = world.users.map(({ userName }) => userName);
        return new Set(names).size < names.length;
      }),
    ],
  ])('there are %s', (_what, found) => {
    expect(found.length).toBeGreaterThan(4);
  });

  test('every mix of keys has its share', () => {
    expect(mixes.reduce((sum, [share]) => sum + share, 0)).toBe(100);
  });

  test('a rule for a path goes before one for an account', () => {
    const rules = [
      { index: 0, scope: { path: '/apps/' }, changes: { graceHours: 30 } },
      {
        index: 1,
        scope: { accounts: ['111122223333'] },
        changes: { graceHours: 24, soakHours: 36 },
      },
    ];
    const plan = { mode: 'auto', policy: { graceHours: 48 }, rules } as const;
    const of = (account: string, path: string) => policyFor(plan, { account, path });
    expect(of('111122223333', '/apps/prod/')).toMatchObject({ graceHours: 30, soakHours: 36 });
    expect(of('444455556666', '/')).toMatchObject({ graceHours: 48, mode: 'auto' });
  });
});

describe('twins', () => {
  test('differ in the outage alone', () => {
    const [up, down] = twinsOf(40);
    expect(hasTwin(40)).toBe(true);
    expect(up).toEqual({ ...down, dice: expect.anything(), outages: [] });
    expect(down.outages.map(({ target }) => target)).toContain('slack');
  });

  test('a key that fares otherwise is told', async () => {
    const up = { ...quietPlan(), days: 12 };
    const to = plus(up.start, { days: 4 });
    const outages = [{ target: 'slack', from: up.start, to }] as const;
    const [one, other] = [await simulatePlan(up), await simulatePlan({ ...up, outages })];
    expect(other.faults.get('down × slack:chat.postMessage')).toBeGreaterThan(0);
    expect(differences(one, other)).toEqual([]);
    const [key] = other.world.cloud.truth(account).keys;
    const last = key?.changes.at(-1);
    expect(last?.to).toBe('Gone');
    Object.assign(last ?? {}, { at: plus(last?.at ?? to, { days: 1 }) });
    expect(differences(one, other)).toEqual([expect.stringContaining('in an outage')]);
  });
});

describe('coverage', () => {
  const seen = new Map(mustBeSeen.map((effect) => [effect, new Set(['refused'])]));

  test('misses an effect that no world showed', () => {
    const gaps = neverStruck([new Map([...seen].slice(1))], new Map());
    expect(gaps).toContain(`coverage: ${mustBeSeen[0]} never came up`);
  });

  test('leaves out what cannot come up, each for a reason', () => {
    const all = new Map([
      ...seen,
      ...[...impossible].map(([name]) => [name, new Set(['died'])] as const),
    ]);
    const gaps = neverStruck([all], new Map()).join();
    for (const [name, reason] of impossible) {
      expect(gaps).not.toContain(name);
      expect(reason.length).toBeGreaterThan(20);
    }
  });
});
