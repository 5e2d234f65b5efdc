/**
 * The daily inventory, end to end: a stale key that no event told of is rotated all the same, and
 * nobody hears of it twice. What may not be touched, read or reached is left alone and named.
 */
import { describe, expect, test } from 'vitest';
import { type InventoryTaken, takeInventory } from '../../app/take-inventory.ts';
import { type Duration, instant, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import type { Mode } from '../../domain/policy.ts';
import type { PolicyBook, Rule } from '../../domain/policy-book.ts';
import { pressAs } from '../../sandbox/cast.ts';
import { applicationRole, pastUses, startConsumer } from '../../sandbox/consumer.ts';
import { removeDoors } from '../../sandbox/member-roles.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { names, sandboxBook } from '../../sandbox/settings.ts';
import { createWorld, type World } from '../../sandbox/world.ts';

const [hub, healthy, broken] = ['111122223333', '444455556666', '123456789012'] as const;
const start = instant('2026-11-02T05:00:00Z');
const place = { partition: 'aws', account: hub, region: 'us-east-1' } as const;

interface Given {
  readonly accounts?: readonly string[];
  readonly mode?: Mode;
  readonly rules?: readonly Rule[];
  readonly exemptions?: PolicyBook['exemptions'];
}

async function givenWorld({ accounts = [hub], mode = 'auto', ...rest }: Given = {}) {
  const book = { ...sandboxBook(mode), ...rest };
  const world = await createWorld({ start, place, seed: 'inventory', mode, accounts, book });
  return {
    world,
    take: async (): Promise<InventoryTaken> => {
      const taken = await world.handlers.onInventory({});
      if ('outcome' in taken) throw new Error(taken.problem);
      return taken;
    },
    pass: (time: Duration) => world.runUntil(plus(world.clock.now(), time)),
    rotationsOf: async ({ account, userId }: IamUser) => {
      const ids = await world.store.ofUser(account, userId);
      return Promise.all(ids.map((id) => world.store.load(id)));
    },
  };
}

/** A user with a key of that age, used yesterday. */
function settle(
  world: World,
  account: string,
  userName: string,
  { days = 200, path = '/' } = {},
): IamUser & { readonly keyId: string } {
  const now = world.clock.now();
  const createdAt = plus(now, { days: -days });
  const user = world.cloud.addUser({ account, userName, path, createdAt });
  const { keyId } = world.cloud.addKey(account, userName, { createdAt });
  world.cloud.recordPastUse(keyId, {
    at: plus(now, { days: -1 }),
    service: 's3',
    eventName: 'ListBuckets',
    region: 'us-east-1',
    sourceIp: '203.0.113.17',
    userAgent: 'aws-sdk-js/3',
  });
  return { ...user, keyId };
}

/** The same with a program that changes over to the new key once it is told. */
function settleWithProgram(world: World, userName: string) {
  const createdAt = plus(world.clock.now(), { days: -200 });
  const user = world.cloud.addUser({ account: hub, userName, createdAt });
  const key = world.cloud.addKey(hub, userName, { createdAt });
  world.cloud.createRole(hub, applicationRole);
  const habit = {
    ...({ service: 's3', operation: 'ListBuckets', region: 'us-east-1' } as const),
    ...{ sourceIp: '203.0.113.17', userAgent: 'aws-sdk-js/3' },
    ...{ everyHours: 6, changesOverAfterHours: 8 },
  };
  pastUses(world, key.keyId, [habit], 14);
  startConsumer(world, user, key, habit);
  return { ...user, keyId: key.keyId };
}

const told = (world: World) => world.slack.messages().map(({ text }) => text);
const callsOf = (world: World, operation: string) =>
  world.cloud.history.filter((call) => call.operation === operation);

describe('a key that no event told of', () => {
  test('is rotated, to the end', async () => {
    const { world, take, pass, rotationsOf } = await givenWorld();
    const user = settleWithProgram(world, 'svc-billing');
    settle(world, hub, 'svc-young', { days: 12 });
    settle(world, hub, 'svc-soon', { days: 85 });
    expect(await take()).toMatchObject({
      ...{ accounts: 1, read: 1, users: 3, opened: 1, nearing: 1 },
      ...{ failed: [], notReached: [], onlyObserved: [] },
    });
    await pass({ days: 12 });
    expect(await rotationsOf(user)).toMatchObject([
      {
        key: { keyId: user.keyId },
        findings: [{ source: 'inventory', account: hub, userName: 'svc-billing' }],
        stage: { name: 'done', outcome: 'rotated' },
      },
    ]);
    const keys = world.cloud.truth(hub).keys.filter(({ userId }) => userId === user.userId);
    expect(keys.map(({ deletedAt }) => deletedAt === null)).toEqual([false, true]);
    // By now svc-soon is old enough; svc-billing has nothing more to be done about.
    expect(await take()).toMatchObject({ opened: 1, underWay: 0, contradicted: 0 });
  });

  test('and that nobody uses is retired', async () => {
    const { world, take, pass, rotationsOf } = await givenWorld();
    const createdAt = plus(start, { days: -400 });
    const user = world.cloud.addUser({ account: hub, userName: 'svc-idle', createdAt });
    const { keyId } = world.cloud.addKey(hub, 'svc-idle', { createdAt });
    expect(await take()).toMatchObject({ opened: 1, unused: 1 });
    await pass({ days: 12 });
    expect((await rotationsOf(user))[0]?.stage).toMatchObject({ name: 'done', outcome: 'retired' });
    expect(
      world.cloud.truth(hub).keys.find((key) => key.keyId === keyId)?.deletedAt,
    ).not.toBeNull();
    expect(await take()).toMatchObject({ opened: 0, underWay: 0, fresh: 0 });
  });

  test('is opened once, and its journal hears nothing of the days after', async () => {
    const { world, take, pass, rotationsOf } = await givenWorld({ mode: 'approve' });
    const user = settle(world, hub, 'svc-billing');
    await take();
    await pass({ hours: 1 });
    const [{ id = '' } = {}] = await rotationsOf(user);
    const before = await world.store.journal(id);
    const said = told(world);
    expect(await take()).toMatchObject({ opened: 0, underWay: 1 });
    await pass({ hours: 23 });
    expect(await take()).toMatchObject({ opened: 0, underWay: 1 });
    expect(await world.store.journal(id)).toEqual(before);
    expect(told(world)).toEqual(said);
    expect(await rotationsOf(user)).toHaveLength(1);
  });

  test('is left to the finding that came: its rotation hears nothing of this', async () => {
    const { world, take, pass, rotationsOf } = await givenWorld({ mode: 'approve' });
    const user = settle(world, hub, 'svc-billing');
    reportStaleUser(world, user, ['config']);
    await pass({ hours: 1 });
    const before = await rotationsOf(user);
    expect(await take()).toMatchObject({ opened: 0, underWay: 1 });
    expect(await rotationsOf(user)).toEqual(before);
    expect(before[0]?.findings.map(({ source }) => source)).toEqual(['config']);
  });

  test('is joined by the finding that comes after all', async () => {
    const { world, take, pass, rotationsOf } = await givenWorld({ mode: 'approve' });
    const user = settle(world, hub, 'svc-billing');
    await take();
    reportStaleUser(world, user, ['security hub']);
    await pass({ hours: 1 });
    const rotations = await rotationsOf(user);
    expect(rotations).toHaveLength(1);
    expect(rotations[0]?.findings.map(({ source }) => source)).toEqual([
      'inventory',
      'security hub',
    ]);
  });

  test('in the second place of its user is found, too', async () => {
    const { world, take } = await givenWorld();
    settle(world, hub, 'svc-billing', { days: 5 });
    world.cloud.addKey(hub, 'svc-billing', { createdAt: plus(start, { days: -150 }) });
    expect(await take()).toMatchObject({ opened: 1 });
  });

  test('and was abandoned stays abandoned until somebody reports it', async () => {
    const { world, take, pass, rotationsOf } = await givenWorld({ mode: 'approve' });
    const user = settle(world, hub, 'svc-billing');
    await take();
    await pass({ hours: 1 });
    const [message] = world.slack.messages();
    if (message === undefined) throw new Error('Slack shows no message yet');
    await pressAs(world, 'sam', message, 'Abandon');
    await pass({ days: 1 });
    expect(await take()).toMatchObject({ opened: 0, abandoned: 1 });
    expect(await rotationsOf(user)).toHaveLength(1);
  });
});

describe('left alone', () => {
  test('is a user whom the policy only observes: listed, and nobody is told', async () => {
    const rules = [{ index: 0, scope: { path: '/lab/' }, changes: { mode: 'observe' } }] as const;
    const { world, take, pass, rotationsOf } = await givenWorld({ rules });
    const user = settle(world, hub, 'svc-lab', { path: '/lab/' });
    settle(world, hub, 'svc-billing');
    expect(await take()).toMatchObject({
      ...{ opened: 1, observed: 1 },
      onlyObserved: [{ account: hub, userName: 'svc-lab' }],
    });
    await pass({ hours: 1 });
    expect(await rotationsOf(user)).toEqual([]);
    expect(told(world).filter((text) => text.includes('svc-lab'))).toEqual([]);
  });

  test('is a user who is exempt', async () => {
    const whom = { by: 'name', userName: 'svc-frozen' } as const;
    const until = plus(start, { days: 30 });
    const exemption = { index: 0, account: hub, whom, reason: 'Freeze.', by: 'Sam Oncall' };
    const exemptions = [{ ...exemption, from: start, until }];
    const { world, take, rotationsOf } = await givenWorld({ exemptions });
    const user = settle(world, hub, 'svc-frozen');
    expect(await take()).toMatchObject({ opened: 0, exempt: 1 });
    expect(await rotationsOf(user)).toEqual([]);
  });

  test('is an account that is not served, or no longer active: it is never entered', async () => {
    const { world, take } = await givenWorld({ accounts: [hub, healthy] });
    settle(world, healthy, 'svc-billing');
    const served = { everyServed: async () => [hub] };
    expect(await takeInventory({ ...world.inventory, served })).toMatchObject({
      accounts: 1,
      opened: 0,
    });
    expect(callsOf(world, 'GetCredentialReport').map(({ account }) => account)).toEqual([hub]);
    expect((await take()).opened).toBe(1);
  });
});

describe('of several accounts', () => {
  test('one that lets nobody in is named, and the others are done', async () => {
    const { world, take, rotationsOf } = await givenWorld({ accounts: [broken, hub, healthy] });
    const users = [hub, healthy, broken].map((account) => settle(world, account, 'svc-billing'));
    removeDoors(world.cloud, broken);
    const taken = await take();
    expect(taken).toMatchObject({ accounts: 3, read: 2, opened: 2 });
    expect(taken.failed).toEqual([
      { account: broken, problem: expect.stringContaining(names.readerRole) },
    ]);
    const rotations = await Promise.all(users.map(rotationsOf));
    expect(rotations.map(({ length }) => length)).toEqual([1, 1, 0]);
    expect(world.log).toContainEqual(
      expect.objectContaining({ message: 'inventory: account not read' }),
    );
  });

  test('each is asked for its own report, by one call and a short wait', async () => {
    const { world, take } = await givenWorld({ accounts: [hub, healthy] });
    await take();
    expect(
      callsOf(world, 'GetCredentialReport')
        .map(({ account }) => account)
        .toSorted(),
    ).toEqual([hub, healthy]);
    expect(callsOf(world, 'ListUsers')).toEqual([]);
  });
});

test('of more than a hundred users none is missed', async () => {
  const { world, take } = await givenWorld({ mode: 'approve' });
  const stale = Array.from({ length: 130 }, (_, index) => `svc-${index}`);
  for (const userName of stale) settle(world, hub, userName);
  // IAM allows a comma in a name; the report has to be read as CSV is written.
  settle(world, hub, 'svc-a,b=c');
  expect(await take()).toMatchObject({ users: 131, opened: 131, usersFailed: 0 });
});

test('writes one line, with the numbers', async () => {
  const { world, take } = await givenWorld();
  settle(world, hub, 'svc-billing');
  await take();
  const lines = world.log.filter(({ facts }) => facts.function === 'on-inventory');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.facts).toMatchObject({ accounts: 1, read: 1, opened: 1, failed: 0, gaps: 0 });
});
