/** What a plan reads, what it does when something cannot be read, and that it changes nothing. */
import { describe, expect, it } from 'vitest';
import { open } from '../../app/open.ts';
import { type PlanDeps, plan } from '../../app/plan.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { emptyBook } from '../../domain/policy-book.ts';
import type { Users } from '../../domain/ports.ts';
import { explainPolicy } from '../../domain/resolve-policy.ts';
import { configFinding } from '../builders.ts';
import { company, employee, now, staff, usersOf } from './company.ts';

const first = { partition: 'aws', account: '111122223333' } as const;
const second = { partition: 'aws', account: '444455556666' } as const;
const people = [
  { slackUserId: 'U0ADA', name: 'Ada Approver', roles: ['approver'] },
  { slackUserId: 'U0OLIVIA', name: 'Olivia Owens', roles: ['owner'] },
] as const;

function given(changes: Partial<Omit<PlanDeps, 'store' | 'clock'>> = {}) {
  const deps = company();
  const policyFor: PlanDeps['policyFor'] = async (user) => explainPolicy(emptyBook, user, [], now);
  return { ...deps, policyFor, people, ...changes };
}

const inShort = (made: Awaited<ReturnType<typeof plan>>) =>
  made.users.flatMap(({ user, keys }) =>
    keys.map(({ key, action }) => `${user.account}/${user.userName} ${key.keyId}: ${action}`),
  );

const problems = (made: Awaited<ReturnType<typeof plan>>) =>
  made.unreadable.map(
    ({ account, userName, keyId, problem }) => `${account}/${userName}/${keyId}: ${problem}`,
  );

const users = usersOf(staff, () => undefined);
const named = 'report-mailer';

describe('a plan', () => {
  it('names every key of every account asked for, and no other', async () => {
    expect(inShort(await plan(given(), [first]))).toEqual([
      '111122223333/ci-runner AKIAIOSFODNN7EXAMPLE: replace',
      '111122223333/report-mailer AKIAI44QH8DHBEXAMPLE: replace',
    ]);
    expect(inShort(await plan(given(), [first, second]))).toHaveLength(3);
  });

  it('says when it was made, and who may approve', async () => {
    const made = await plan(given(), [second]);
    expect(made.at).toBe(now);
    expect(made.users[0]?.keys[0]?.approvers.map(({ name }) => name)).toEqual(['Ada Approver']);
  });

  it('tells of its progress', async () => {
    const told: string[] = [];
    await plan(given(), [first, second], (account, done, of) =>
      told.push(`${account} ${done}/${of}`),
    );
    expect(told).toEqual(['111122223333 1/2', '111122223333 2/2', '444455556666 1/1']);
  });

  it('shows where a rotation stands that is under way', async () => {
    const deps = given();
    await open(deps, {
      ...first,
      user: { by: 'name', userName: 'ci-runner' },
      finding: configFinding,
      asked: false,
      sentAt: now,
    });
    const made = await plan(deps, [first]);
    expect(made.users[0]?.keys[0]?.rotation?.id).toBe(
      deps.ids.uuid('aws/111122223333/AKIAIOSFODNN7EXAMPLE/1'),
    );
  });

  it('leaves the store as it was', async () => {
    const deps = given();
    await plan(deps, [first, second]);
    expect(await deps.store.nextWake()).toBeUndefined();
    expect(await deps.store.claimOn('aws', first.account, 'AKIAIOSFODNN7EXAMPLE')).toBeUndefined();
    expect(deps.observed).toEqual([]);
    expect(deps.letters).toEqual([]);
  });
});

describe('what cannot be read', () => {
  const denied = async (): Promise<never> => {
    throw new Permanent('denied: ask for the right');
  };

  it('of an account is said; the others are planned for', async () => {
    const everyone: Users['everyone'] = async (partition, account) => {
      if (account === first.account) throw new Transient('throttled');
      return users.everyone(partition, account);
    };
    const made = await plan(given({ users: { ...users, everyone } }), [first, second]);
    expect(problems(made)).toEqual(['111122223333/null/null: throttled']);
    expect(inShort(made)).toEqual(['444455556666/etl-nightly AKIAJSIE27KKMHXEXAMPLE: replace']);
  });

  it.each<[string, Partial<PlanDeps>]>([
    [
      'the user',
      {
        users: {
          ...users,
          byName: async (partition, account, name) =>
            name === named ? denied() : users.byName(partition, account, name),
        },
      },
    ],
    [
      'the keys',
      {
        users: {
          ...users,
          keysOf: async (user) => (user.userName === named ? denied() : users.keysOf(user)),
        },
      },
    ],
    [
      'the policy',
      {
        policyFor: async (user) =>
          user.userName === named ? denied() : explainPolicy(emptyBook, user, [], now),
      },
    ],
    [
      'the profile',
      {
        profiles: {
          profileOf: async (user) =>
            user.userName === named
              ? denied()
              : { privileged: { is: false }, sesSmtp: { is: false } },
        },
      },
    ],
  ])('of a user, %s, is said; the others are planned for', async (_, changes) => {
    const made = await plan(given(changes), [first]);
    expect(problems(made)).toEqual(['111122223333/report-mailer/null: denied: ask for the right']);
    expect(inShort(made)).toEqual(['111122223333/ci-runner AKIAIOSFODNN7EXAMPLE: replace']);
  });

  it('of a key is said, and neither replaced nor retired is guessed', async () => {
    const made = await plan(given({ uses: { lastUsed: denied } }), [second]);
    expect(inShort(made)).toEqual(['444455556666/etl-nightly AKIAJSIE27KKMHXEXAMPLE: unknown']);
    expect(problems(made)).toEqual([
      '444455556666/etl-nightly/AKIAJSIE27KKMHXEXAMPLE: when key …MPLE was last used cannot be ' +
        'read: denied: ask for the right',
    ]);
  });

  it('because the store forgot a rotation is said', async () => {
    const store = {
      load: async () => undefined,
      ofUser: async () => [],
      claimOn: async () => ({ ...second, keyId: 'x', rotationId: 'lost', generation: 1 }),
    };
    const made = await plan({ ...given(), store }, [second]);
    expect(problems(made)).toEqual([expect.stringContaining('names a rotation that is not there')]);
  });

  it('for want of a defect is none: that is thrown', async () => {
    const broken = { lastUsed: async () => Promise.reject(new TypeError('a defect')) };
    await expect(plan(given({ uses: broken }), [second])).rejects.toThrow('a defect');
  });
});

describe('users who change meanwhile', () => {
  const listedAs =
    (userName: string, userId: string): Users['everyone'] =>
    async () => [{ userName, userId }];

  it('renamed since the list was read: planned for under the new name', async () => {
    const everyone = listedAs('etl-old', 'AIDAJQABLZS4A3EXAMPLE');
    const made = await plan(given({ users: { ...users, everyone } }), [second]);
    expect(inShort(made)).toEqual(['444455556666/etl-nightly AKIAJSIE27KKMHXEXAMPLE: replace']);
  });

  it('another user under that name by now: not taken for the one listed', async () => {
    const twin = employee('etl-old', 'AIDATWIN00000EXAMPLE', { AKIATWIN: 500 }, second);
    const both = usersOf([...staff, twin], () => undefined);
    const everyone = listedAs('etl-old', 'AIDAJQABLZS4A3EXAMPLE');
    const made = await plan(given({ users: { ...both, everyone } }), [second]);
    expect(inShort(made)).toEqual(['444455556666/etl-nightly AKIAJSIE27KKMHXEXAMPLE: replace']);
  });

  it('deleted since: no line, and no problem', async () => {
    const everyone = listedAs('gone', 'AIDAGONE00000EXAMPLE');
    const made = await plan(given({ users: { ...users, everyone } }), [second]);
    expect([made.users, made.unreadable]).toEqual([[], []]);
    const keysOf = async () => undefined;
    const half = await plan(given({ users: { ...users, keysOf } }), [second]);
    expect([half.users, half.unreadable]).toEqual([[], []]);
  });
});
