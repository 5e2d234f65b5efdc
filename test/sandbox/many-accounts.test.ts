/**
 * Three accounts, entered through the doors of each: one that lets nobody in is told of once and
 * waits, and no other notices. Once it is mended, its rotations go on by themselves.
 */
import { describe, expect, test } from 'vitest';
import { type Duration, instant, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { deployDoors, deployRunbookRoles, removeDoors } from '../../sandbox/member-roles.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { hubRoles, names } from '../../sandbox/settings.ts';
import { createWorld, type World } from '../../sandbox/world.ts';

const [hub, healthy, broken] = ['111122223333', '444455556666', '123456789012'] as const;
const start = instant('2026-11-02T08:00:00Z');
const place = { partition: 'aws', account: hub, region: 'us-east-1' } as const;

interface Settled {
  readonly world: World;
  readonly users: ReadonlyMap<string, IamUser>;
  stageIn(account: string): Promise<string | undefined>;
  pass(duration: Duration): Promise<void>;
  report(account: string): void;
}

/** One user with a stale, used key in each account. */
async function givenAccounts(): Promise<Settled> {
  const world = await createWorld({
    ...{ start, place, seed: 'many accounts', mode: 'auto' },
    accounts: [hub, healthy, broken],
  });
  const users = new Map<string, IamUser>(
    [hub, healthy, broken].map((account) => [account, settle(world, account)] as const),
  );
  const userOf = (account: string) => {
    const user = users.get(account);
    if (user === undefined) throw new Error(`nobody lives in ${account}`);
    return user;
  };
  return {
    world,
    users,
    stageIn: async (account) => {
      const [id = ''] = await world.store.ofUser(account, userOf(account).userId);
      return (await world.store.load(id))?.stage.name;
    },
    pass: (duration) => world.runUntil(plus(world.clock.now(), duration)),
    report: (account) => reportStaleUser(world, userOf(account), ['security hub', 'config']),
  };
}

function settle({ cloud, clock }: World, account: string): IamUser {
  const createdAt = plus(clock.now(), { days: -200 });
  const user = cloud.addUser({ account, userName: 'svc-billing', createdAt });
  const { keyId } = cloud.addKey(account, user.userName, { createdAt });
  cloud.recordPastUse(keyId, {
    at: plus(clock.now(), { days: -1 }),
    service: 's3',
    eventName: 'ListBuckets',
    region: 'us-east-1',
    sourceIp: '203.0.113.17',
    userAgent: 'aws-sdk-js/3',
  });
  return user;
}

const aboutAccount = (world: World) =>
  world.slack.messages().filter(({ text }) => /lets Keyturn in|Rotations of account/.test(text));

describe('every account is entered through its doors', () => {
  test('the hub’s own as well, and nothing is done as the hub itself', async () => {
    const { world, report, pass, stageIn } = await givenAccounts();
    for (const account of [hub, healthy, broken]) report(account);
    await pass({ hours: 2 });
    for (const account of [hub, healthy, broken]) {
      expect(await stageIn(account)).toBe('overlapping');
      const doors = world.cloud.history.filter(
        ({ arn, error }) =>
          error === undefined && arn?.startsWith(`arn:aws:sts::${account}:assumed-role/`),
      );
      const roles = new Set(doors.map(({ arn }) => arn?.split('/').at(-2)));
      for (const role of [names.readerRole, names.launcherRole, names.findingsRole]) {
        expect(roles, account).toContain(role);
      }
      expect(roles).toContain('keyturn-runbook-issue-replacement-key');
    }
    const asHub = world.cloud.history.filter(({ arn = '' }) =>
      hubRoles.some((role) => arn.includes(`/${role}/`)),
    );
    expect(new Set(asHub.map(({ service }) => service))).toEqual(
      new Set(['sts', 'ssm', 'secretsmanager', 'sns', 'events']),
    );
    expect(asHub.some(({ operation }) => operation === 'StartAutomationExecution')).toBe(false);
  });

  test('with few sessions: not one for each call', async () => {
    const { world, report, pass } = await givenAccounts();
    for (const account of [hub, healthy, broken]) report(account);
    await pass({ minutes: 10 });
    const assumed = world.cloud.history.filter(
      ({ operation, arn }) => operation === 'AssumeRole' && arn?.includes('/keyturn-hub/'),
    );
    expect(assumed.length).toBeLessThanOrEqual(9);
  });
});

describe('an account that lets nobody in', () => {
  test('from before the finding: it is kept and told of, and the others go on', async () => {
    const { world, report, pass, stageIn } = await givenAccounts();
    removeDoors(world.cloud, broken);
    for (const account of [broken, healthy, hub]) report(account);
    await pass({ hours: 2 });
    expect(await stageIn(healthy)).toBe('overlapping');
    expect(await stageIn(hub)).toBe('overlapping');
    expect(await stageIn(broken)).toBeUndefined();
    const kept = world.cloud.queueMessages.filter(({ body }) => body.includes(broken));
    expect(kept.length).toBeGreaterThan(0);
    // Once of the findings that are kept, once of the account.
    const told = world.slack.messages().filter(({ text }) => text.includes(broken));
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Stale keys of .* role keyturn-reader is missing.*delivered again/),
      expect.stringMatching(/^Rotations of account 123456789012 wait/),
    ]);
    expect(world.undelivered).toEqual([]);
  });

  test('while its run is to be started: it waits, and goes on once it is mended', async () => {
    const { world, report, pass, stageIn } = await givenAccounts();
    for (const account of [broken, healthy, hub]) report(account);
    await pass({ hours: 1 });
    const stage = await stageIn(broken);
    expect(stage).toBe('overlapping');
    removeDoors(world.cloud, broken);
    await pass({ hours: 30 });
    // People are told once, by message and by page, and everybody else is further.
    expect(aboutAccount(world)).toHaveLength(1);
    const incidents = () =>
      world.pagerDuty.incidents().filter(({ dedupKey }) => dedupKey.includes('/account/'));
    expect(incidents().filter(({ status }) => status === 'triggered')).toHaveLength(1);
    expect(await stageIn(broken)).toBe('overlapping');
    deployDoors(world.cloud, broken, hub);
    await pass({ hours: 13 });
    expect(aboutAccount(world).map(({ text }) => text)).toEqual([
      expect.stringContaining(`Rotations of account ${broken} wait`),
      expect.stringContaining(`Account ${broken} lets Keyturn in again`),
    ]);
    expect(incidents().filter(({ status }) => status === 'triggered')).toEqual([]);
    expect(await stageIn(broken)).toBe(await stageIn(healthy));
  });

  test('only to be written to: findings of the others are updated', async () => {
    const { world, report, pass, stageIn } = await givenAccounts();
    world.cloud.removeRole(broken, names.findingsRole);
    for (const account of [broken, healthy, hub]) report(account);
    await pass({ hours: 2 });
    expect(await stageIn(broken)).toBe('overlapping');
    const workflow = (account: string) =>
      world.cloud.findings.list(account, place.region).map(({ Workflow }) => Workflow);
    expect(workflow(broken)).toEqual([{ Status: 'NEW' }]);
    expect(workflow(healthy)).toEqual([{ Status: 'NOTIFIED' }]);
    deployDoors(world.cloud, broken, hub);
    await pass({ hours: 7 });
    expect(workflow(broken)).toEqual([{ Status: 'NOTIFIED' }]);
  });
});

describe('an account that does not trust this hub', () => {
  test('is as closed as one without a role, whatever else it lets in', async () => {
    const { world, report, pass, stageIn } = await givenAccounts();
    removeDoors(world.cloud, broken);
    // As if the stack there had another external id.
    const principalArn = `arn:aws:iam::${hub}:role/${names.hubRole}`;
    for (const role of [names.readerRole, names.launcherRole, names.findingsRole]) {
      world.cloud.createRole(broken, role, { trusts: [{ principalArn, externalId: 'another' }] });
    }
    report(broken);
    await pass({ hours: 2 });
    expect(await stageIn(broken)).toBeUndefined();
    expect(world.runner.list({ ...place, account: broken })).toEqual([]);
  });

  test('with a runbook role that is missing, a run fails there and is told of', async () => {
    const { world, report, pass, stageIn } = await givenAccounts();
    world.cloud.removeRole(broken, 'keyturn-runbook-issue-replacement-key');
    for (const account of [broken, healthy]) report(account);
    await pass({ hours: 1 });
    expect(await stageIn(healthy)).toBe('overlapping');
    expect(await stageIn(broken)).not.toBe('overlapping');
    deployRunbookRoles(world.cloud, broken);
    await pass({ days: 1 });
    expect(await stageIn(broken)).toBe('overlapping');
  });
});

test('findings of an account that is not served call for nothing', async () => {
  const { world, pass } = await givenAccounts();
  const stranger = '777788889999';
  const user = settle(world, stranger);
  reportStaleUser(world, user, ['security hub', 'config']);
  await pass({ hours: 1 });
  expect(await world.store.ofUser(stranger, user.userId)).toEqual([]);
  const reasons = world.deliveries.map(({ received }) => received.reason);
  expect(reasons).toContain(`account ${stranger} is none that this Keyturn serves`);
  expect(world.cloud.queueMessages).toEqual([]);
});
