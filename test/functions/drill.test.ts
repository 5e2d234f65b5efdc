/** The drill's acts, one after the other, over an account of dummies that is all in memory. */
import { expect, test } from 'vitest';
import type { Checked, DrillShell, Following } from '../../app/drill.ts';
import type { Dummy } from '../../domain/drill-cases.ts';
import type { DrillApps, DrillUsers, HeldKey } from '../../domain/drill-ports.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import type { AccessKey } from '../../domain/key.ts';
import { Sealed } from '../../domain/sealed.ts';
import { drillHandler } from '../../functions/drill.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { held, issuing, rotationAt, rotationId, story } from '../builders.ts';

const start = story.opened;
const told = { dummies: [], tracks: [], startedAt: start, crowdSeconds: 1 };

/** What any act may answer. */
interface Told extends Following, Checked {
  readonly dummies: readonly Dummy[];
}

function givenAccount() {
  const clock = virtualClock(start);
  const users = new Map<string, { userId: string; keys: AccessKey[] }>();
  const kept = new Map<string, readonly HeldKey[]>();
  const done: string[] = [];
  let stage: Parameters<typeof rotationAt>[0] | undefined;
  let letsIn = true;
  let made = 0;
  const account: DrillUsers = {
    make: async (name) => {
      users.set(name, { userId: `AIDA${users.size}`, keys: [] });
      return { userId: `AIDA${users.size - 1}` };
    },
    settle: async (name) => void done.push(`settle ${name}`),
    addKey: async (name) => {
      made += 1;
      const keyId = `AKIAEXAMPLE${made}`;
      users.get(name)?.keys.push({ keyId, status: 'Active', createdAt: start });
      return { keyId, secret: new Sealed(`very-secret-${made}`) };
    },
    keysOf: async (name) => users.get(name)?.keys,
    remove: async (name) => void users.delete(name),
    madeBefore: async () => [],
  };
  const apps: DrillApps = {
    keep: async (name, keys) => void kept.set(name, keys),
    keysOf: async (name) => kept.get(name) ?? [],
    currentOf: async () => undefined,
    use: async () => letsIn,
    crowd: async (name) => {
      done.push(`crowd ${name}`);
      return 7;
    },
    forget: async (name) => void kept.delete(name),
  };
  const shell: DrillShell = {
    clock,
    place: { partition: 'aws', account: '111122223333', region: 'us-east-1' },
    store: {
      claimOn: async (partition, account, keyId) =>
        stage && { partition, account, keyId, rotationId, generation: 1 },
      load: async () => stage && rotationAt(stage),
    },
    users: account,
    apps,
    report: async (userId) => void done.push(`report ${userId}`),
  };
  const written: string[] = [];
  const log = {
    info: (message: string, facts?: object) => void written.push(JSON.stringify([message, facts])),
    error: (message: string, facts?: object) => void written.push(JSON.stringify([message, facts])),
  };
  const handler = drillHandler({ ...shell, log });
  const ask = (payload: object) =>
    handler(payload, { awsRequestId: 'r', getRemainingTimeInMillis: () => 60_000 } as never);
  return {
    ask: ask as (payload: object) => Promise<Told>,
    clock,
    users,
    kept,
    done,
    written,
    stands: (at: typeof stage) => {
      stage = at;
    },
    refuse: () => {
      letsIn = false;
    },
  };
}

test('dummies are made for each case, and no answer or log holds a secret', async () => {
  const given = givenAccount();
  const made = await given.ask({ act: 'make', run: 'abc' });
  expect(made.dummies.map(({ keyIds }) => keyIds.length)).toEqual([1, 2, 1, 1]);
  expect([...given.users.keys()]).toEqual([...given.kept.keys()]);
  expect(JSON.stringify(made) + given.written.join()).not.toContain('very-secret');
});

test('they are reported once their keys work, and not before', async () => {
  const given = givenAccount();
  const { dummies } = await given.ask({ act: 'make', run: 'abc' });
  given.refuse();
  await expect(given.ask({ act: 'report', dummies })).rejects.toThrow(Transient);
  expect(given.done).toEqual([]);
  const other = givenAccount();
  const made = await other.ask({ act: 'make', run: 'abc' });
  await other.ask({ act: 'report', dummies: made.dummies });
  expect(other.done).toHaveLength(4);
});

test('while the new key is issued the vault is kept busy, and nobody waits', async () => {
  const given = givenAccount();
  const { dummies } = await given.ask({ act: 'make', run: 'abc' });
  given.stands(issuing());
  const { busy, over, tracks } = await given.ask({ ...told, act: 'follow', dummies });
  expect({ busy, over }).toEqual({ busy: true, over: false });
  expect(given.done).toContain('crowd keyturn-drill-abc-throttled-vault');
  expect(tracks[2]).toMatchObject({ throttled: 7, bursts: 1, stages: ['issuing'] });
});

test('keys are settled once all are claimed', async () => {
  const given = givenAccount();
  const { dummies } = await given.ask({ act: 'make', run: 'abc' });
  await given.ask({ ...told, act: 'follow', dummies });
  expect(given.done.filter((each) => each.startsWith('settle'))).toEqual([]);
  given.stands(held());
  await given.ask({ ...told, act: 'follow', dummies });
  expect(given.done.filter((each) => each.startsWith('settle'))).toHaveLength(4);
});

test('after a day it is over, and what did not end is a problem', async () => {
  const given = givenAccount();
  const { dummies } = await given.ask({ act: 'make', run: 'abc' });
  given.stands(issuing());
  await given.clock.runUntil(plus(start, { hours: 24 }));
  const { over, tracks } = await given.ask({ ...told, act: 'follow', dummies });
  expect(over).toBe(true);
  const { clean, cases } = await given.ask({ act: 'check', dummies, tracks });
  expect(clean).toBe(false);
  expect(cases.every(({ problems }) => problems.length > 0)).toBe(true);
});

test('nothing is clean for want of cases: a check of fewer is refused', async () => {
  const given = givenAccount();
  await expect(given.ask({ act: 'check', dummies: [], tracks: [] })).rejects.toThrow(Permanent);
});

test('cleaning up needs the name of the run alone, and does no harm twice', async () => {
  const given = givenAccount();
  await given.ask({ act: 'make', run: 'abc' });
  await given.ask({ act: 'clean', run: 'abc' });
  await given.ask({ act: 'clean', run: 'abc' });
  expect([given.users.size, given.kept.size]).toEqual([0, 0]);
});

test.each([
  {},
  { act: 'clean', run: '' },
  { act: 'clean', run: 'a/../b' },
  { act: 'make', run: 'x'.repeat(25) },
  { act: 'follow', dummies: [], tracks: [], startedAt: 'soon', crowdSeconds: 1 },
  { act: 'follow', dummies: [], tracks: [], startedAt: start, crowdSeconds: 1e6 },
])('what it does not understand is refused: %j', async (payload) => {
  await expect(givenAccount().ask(payload)).rejects.toThrow('in terms it refuses');
});
