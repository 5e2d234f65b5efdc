/** An inventory when something goes wrong, or takes too long: what is left out is named. */
import { describe, expect, test } from 'vitest';
import { type InventoryShell, takeInventory } from '../../app/take-inventory.ts';
import { takeStock } from '../../app/take-stock.ts';
import type { TimeLeft } from '../../app/time-left.ts';
import { whileTime } from '../../app/while-time.ts';
import { NotLetIn, Permanent, Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { ReportedUser } from '../../domain/inventory.ts';
import { onInventoryHandler } from '../../functions/on-inventory.ts';
import { createWorld } from '../../sandbox/world.ts';
import { timeFor } from './time-for.ts';

const [one, other, third] = ['111122223333', '444455556666', '123456789012'] as const;
const start = instant('2026-11-23T05:00:00Z');
const createdAt = plus(start, { days: -200 });

/** In each account the same users, each with a stale key of which nobody told. */
async function givenInventory(userNames: readonly string[] = ['svc-a', 'svc-b', 'svc-c']) {
  const place = { partition: 'aws', account: one, region: 'us-east-1' } as const;
  const accounts = [one, other, third];
  const world = await createWorld({ start, place, accounts, mode: 'approve', seed: 'taking' });
  for (const account of accounts) {
    for (const userName of userNames) {
      world.cloud.addUser({ account, userName, createdAt });
      world.cloud.addKey(account, userName, { createdAt });
    }
  }
  const errors = () =>
    world.log.filter(({ level }) => level === 'error').map(({ message }) => message);
  return { world, shell: world.inventory, errors };
}

/** The reports of all accounts but one, whose report comes to something else. */
const reportsBut = (shell: InventoryShell, account: string, act: () => Promise<never>) => ({
  read: (...[partition, of]: Parameters<InventoryShell['reports']['read']>) =>
    of === account ? act() : shell.reports.read(partition, of),
});

const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};

describe('the others go on', () => {
  test.each([
    ['not readable', new Permanent('no permission')],
    ['down', new Transient('an outage')],
    ['closed', new NotLetIn(other, 'no role lets Keyturn in')],
  ])('when an account is %s', async (_, error) => {
    const { shell, errors } = await givenInventory();
    const reports = reportsBut(shell, other, failing(error));
    expect(await takeInventory({ ...shell, reports })).toMatchObject({
      ...{ accounts: 3, read: 2, opened: 6 },
      failed: [{ account: other, problem: error.message }],
    });
    expect(errors()).toEqual(['inventory: account not read']);
  });

  test('and the team is told of what an account that is not read leaves out', async () => {
    const { shell, world } = await givenInventory();
    const reports = reportsBut(shell, other, failing(new Permanent('no permission')));
    await takeStock({ ...shell, reports });
    expect(await world.store.coverage()).toEqual({
      takenAt: world.clock.now(),
      gaps: [`account ${other} was not read: no permission`],
      more: 0,
    });
  });

  test('when a user cannot be looked at', async () => {
    const { shell, errors } = await givenInventory();
    const byName: typeof shell.users.byName = async (partition, account, userName) => {
      if (userName === 'svc-b') throw new Transient('an outage');
      return shell.users.byName(partition, account, userName);
    };
    const taken = await takeInventory({ ...shell, users: { ...shell.users, byName } });
    expect(taken).toMatchObject({ read: 3, opened: 6, usersFailed: 3, failed: [] });
    expect(errors()).toEqual(Array.from({ length: 3 }, () => 'inventory: user not looked at'));
  });

  test('when an account closes meanwhile: it is named once, not once a user', async () => {
    const { shell } = await givenInventory();
    const closed = new NotLetIn(other, 'no role lets Keyturn in');
    const byName: typeof shell.users.byName = async (partition, account, userName) => {
      if (account === other) throw closed;
      return shell.users.byName(partition, account, userName);
    };
    const taken = await takeInventory({ ...shell, users: { ...shell.users, byName } });
    expect(taken).toMatchObject({ opened: 6, usersFailed: 0 });
    expect(taken.failed).toEqual([{ account: other, problem: closed.message }]);
  });

  test('when something is broken, which is thrown at the end', async () => {
    const { shell, world } = await givenInventory();
    const reports = reportsBut(shell, one, failing(new TypeError('x is undefined')));
    await expect(takeInventory({ ...shell, reports })).rejects.toThrow(TypeError);
    for (const account of [other, third]) {
      const [user] = world.cloud.truth(account).users;
      expect(await world.store.ofUser(account, user?.userId ?? '')).toHaveLength(1);
    }
  });

  test('when a row makes no sense, which is counted and logged', async () => {
    const { shell, errors } = await givenInventory();
    const read: typeof shell.reports.read = async (...of) => {
      const report = await shell.reports.read(...of);
      return { ...report, problems: ['row 2 (svc-x): arn is empty'] };
    };
    const taken = await takeInventory({ ...shell, reports: { read } });
    expect(taken).toMatchObject({ opened: 9, rowsNotRead: 3 });
    expect(errors()).toEqual(Array.from({ length: 3 }, () => 'inventory: row not understood'));
  });
});

describe('without a list of accounts', () => {
  test('there is no inventory', async () => {
    const { shell } = await givenInventory();
    const served = { everyServed: failing(new Transient('Organizations is not there')) };
    await expect(takeInventory({ ...shell, served })).rejects.toThrow(Transient);
  });
});

describe('what there is no time for is named', () => {
  test('account by account', async () => {
    const { shell, errors } = await givenInventory();
    const taken = await takeInventory(shell, timeFor(0));
    expect(taken).toMatchObject({ read: 0, opened: 0 });
    expect(taken.notReached.toSorted((a, b) => a.account.localeCompare(b.account))).toEqual([
      { account: one, users: 'all' },
      { account: third, users: 'all' },
      { account: other, users: 'all' },
    ]);
    expect(errors()).toEqual(['inventory out of time']);
  });

  test('and by the number of users in an account', async () => {
    const { shell } = await givenInventory(['svc-a', 'svc-b', 'svc-c', 'svc-d']);
    const served = { everyServed: async () => [one] };
    // One look for the account and one for its report; the first two users are begun at once.
    const taken = await takeInventory({ ...shell, served }, timeFor(4));
    expect(taken.notReached).toEqual([{ account: one, users: expect.any(Number) }]);
    const [{ users } = { users: 'all' }] = taken.notReached;
    expect(taken.opened + Number(users)).toBe(4);
    expect(taken.opened).toBeGreaterThan(0);
  });

  test('what hangs is cut off, and no other waits for it', async () => {
    const { shell } = await givenInventory();
    const reports = reportsBut(shell, other, () => new Promise<never>(() => undefined));
    const within: TimeLeft['within'] = (_millis, tried, work) =>
      tried.includes(other)
        ? Promise.reject(new Transient(`${tried} took longer than 240 s`))
        : work();
    const taken = await takeInventory({ ...shell, reports }, { millis: () => 900_000, within });
    expect(taken).toMatchObject({ read: 2, failed: [{ account: other }] });
  });

  test('in the log line, which counts it as a gap', async () => {
    const { shell, world } = await givenInventory();
    const reports = reportsBut(shell, other, failing(new Permanent('no permission')));
    const context = { getRemainingTimeInMillis: () => 900_000 };
    await onInventoryHandler({ ...shell, reports })({}, context);
    const line = world.log.find(({ facts }) => facts.function === 'on-inventory');
    expect(line?.facts).toMatchObject({ accounts: 3, read: 2, failed: 1, notReached: 0, gaps: 1 });
  });
});

describe('a user', () => {
  test('whose row is old is looked at as IAM has the keys now', async () => {
    const { shell } = await givenInventory(['svc-a']);
    const gone: ReportedUser = {
      ...{ userName: 'svc-gone', path: '/' },
      keys: [
        { slot: 1, active: true, rotatedAt: createdAt, lastUsed: 'none' },
        { slot: 2, active: false, rotatedAt: 'unknown', lastUsed: 'none' },
      ],
    };
    const read: typeof shell.reports.read = async (...of) => {
      const report = await shell.reports.read(...of);
      return { ...report, users: [...report.users, gone] };
    };
    const taken = await takeInventory({ ...shell, reports: { read } });
    expect(taken).toMatchObject({ opened: 3, gone: 3, usersFailed: 0 });
  });
});

test('a few at a time, and never more', async () => {
  let now = 0;
  let most = 0;
  const left = await whileTime(timeFor(100), 3, [1, 2, 3, 4, 5, 6, 7], async () => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
  });
  expect({ left, most }).toEqual({ left: [], most: 3 });
});

describe('a rotation that nobody has answered', () => {
  const claimed = async () => {
    const given = await givenInventory(['svc-a']);
    await takeInventory(given.shell);
    const stages = async () => {
      const ids: string[] = [];
      for await (const id of given.world.store.everyRotation()) ids.push(id);
      const all = await Promise.all(ids.map((id) => given.world.store.load(id)));
      return all.map((each) => `${each?.key.user.account} ${each?.stage.name}`).toSorted();
    };
    return { ...given, stages };
  };
  const keyOf = ({ world }: Awaited<ReturnType<typeof claimed>>, account: string) => {
    const [key] = world.cloud.truth(account).keys;
    if (key === undefined) throw new Error(`no key in ${account}`);
    return key;
  };
  const byHand = (
    { world }: Awaited<ReturnType<typeof claimed>>,
    account: string,
    operation: string,
    input: object,
  ) =>
    world.cloud.call({
      ...{ service: 'iam', operation, input: { ...input }, region: 'us-east-1' },
      credentials: world.cloud.roleCredentials(account, 'operator', 'operator'),
    });
  const waits = [one, third, other].map((account) => `${account} proposed`);

  test('is closed once its key is gone, and the others wait on', async () => {
    const given = await claimed();
    expect(await given.stages()).toEqual(waits.toSorted());
    const { keyId } = keyOf(given, other);
    await byHand(given, other, 'DeleteAccessKey', { UserName: 'svc-a', AccessKeyId: keyId });
    await given.world.clock.sleep(24 * 3_600_000);
    expect(await takeInventory(given.shell)).toMatchObject({ closed: 1 });
    expect(await given.stages()).toContain(`${other} done`);
    expect((await given.stages()).filter((each) => each.endsWith('proposed'))).toHaveLength(2);
  });

  test('is closed once its user is gone', async () => {
    const given = await claimed();
    given.world.cloud.removeUser(other, 'svc-a');
    await given.world.clock.sleep(24 * 3_600_000);
    expect(await takeInventory(given.shell)).toMatchObject({ closed: 1 });
    expect(await given.stages()).toContain(`${other} done`);
  });

  test('is not closed on a report alone, nor while IAM cannot be asked', async () => {
    const given = await claimed();
    await given.world.clock.sleep(24 * 3_600_000);
    const empty = async () => ({ generatedAt: start, users: [], problems: [] });
    const reports = { read: empty };
    expect(await takeInventory({ ...given.shell, reports })).toMatchObject({ closed: 0 });
    const users = { ...given.shell.users, byName: failing(new Transient('an outage')) };
    expect(await takeInventory({ ...given.shell, reports, users })).toMatchObject({ closed: 0 });
    expect(given.errors()).toEqual(Array(3).fill('inventory: not closed'));
    expect(await given.stages()).toEqual(waits.toSorted());
  });

  test('waits on where nobody can list those that wait', async () => {
    const given = await claimed();
    const standingAt = failing(new Transient('the table did not answer'));
    const store = { ...given.shell.store, standingAt };
    expect(await takeInventory({ ...given.shell, store })).toMatchObject({ closed: 0, read: 3 });
    expect(given.errors()).toEqual(['inventory: waiting rotations not listed']);
  });
});
