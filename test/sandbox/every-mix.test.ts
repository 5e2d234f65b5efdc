/**
 * Users with every mix of keys that a fleet holds, each from its finding to its end, checked on the
 * account's truth.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import { instant, plus } from '../../domain/instant.ts';
import { applicationRole, startConsumer } from '../../sandbox/consumer.ts';
import {
  type FleetMember,
  fleet,
  fleetAccounts,
  fleetBook,
  settleFleet,
} from '../../sandbox/fleet.ts';
import { findingId, reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import { brokenPromises } from './promises.ts';

const start = instant('2026-11-02T08:00:00Z');

const program = {
  service: 's3',
  operation: 'ListBuckets',
  everyHours: 6,
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
  changesOverAfterHours: 8,
} as const;

/** The whole fleet is reported at once, policy approves, and twelve days pass. */
async function twelveDays() {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account: fleetAccounts[0], region: 'us-east-1' },
    accounts: fleetAccounts,
    mode: 'auto',
    book: fleetBook('auto', start),
    seed: 'every mix',
  });
  for (const account of fleetAccounts) world.cloud.createRole(account, applicationRole);
  const members = settleFleet(world);
  for (const { member, user, keys } of members) {
    member.keys.forEach(({ usedDaysAgo, status }, index) => {
      const key = keys[index];
      const isInUse = usedDaysAgo !== null && usedDaysAgo < 2 && status !== 'Inactive';
      if (isInUse && key !== undefined) startConsumer(world, user, key, program);
    });
    reportStaleUser(world, user, ['security hub', 'config']);
  }
  const broken = await watch(world, members, plus(start, { days: 12 }));
  return { world, members, broken };
}

/** Lets time pass, and says what was promised and not kept at any moment. */
async function watch(world: World, members: readonly FleetMember[], end: typeof start) {
  const broken = new Set<string>();
  await world.wake();
  for (let next = world.clock.next(); next !== undefined && next <= end; ) {
    await world.clock.step();
    for (const { user } of members) {
      const promises = brokenPromises(world, user, true);
      // That one is about a world of a single user.
      for (const each of promises) if (each !== 'a key of nobody was made') broken.add(each);
    }
    next = world.clock.next();
  }
  return [...broken];
}

let told: Awaited<ReturnType<typeof twelveDays>>;

beforeAll(async () => {
  told = await twelveDays();
}, 60_000);

async function rotationsOf({ user }: FleetMember): Promise<readonly Rotation[]> {
  const ids = await told.world.store.ofUser(user.account, user.userId);
  const loaded = await Promise.all(ids.map((id) => told.world.store.load(id)));
  return loaded.filter((each) => each !== undefined);
}

/** `replace: done rotated; …`, one for each key of the user that was claimed, in their order. */
async function endings(member: FleetMember): Promise<readonly string[]> {
  const rotations = await rotationsOf(member);
  return member.keys.map(({ keyId }) => {
    const rotation = rotations.find(({ key }) => key.keyId === keyId);
    if (rotation === undefined) return 'not claimed';
    const { kind, stage } = rotation;
    if (stage.name === 'done') return `${kind}: ${stage.outcome}`;
    return stage.name === 'held' ? `${kind}: held, ${stage.reason.code}` : `${kind}: ${stage.name}`;
  });
}

/** What became of the member's own keys in the account. */
function statuses({ user, keys }: FleetMember): readonly string[] {
  const truth = told.world.cloud.truth(user.account).keys;
  return keys.map(({ keyId }) => {
    const key = truth.find((each) => each.keyId === keyId);
    return key?.deletedAt === null ? key.status : 'Deleted';
  });
}

function workflowOf({ user }: FleetMember): unknown {
  const { world } = told;
  const findings = world.cloud.findings.list(user.account, world.place.region);
  return findings.find(({ Id }) => Id === findingId(world, user))?.Workflow;
}

const untouched = [['not claimed'], ['Active'], 'NEW'] as const;

const expected: Readonly<
  Record<string, readonly [endings: readonly string[], keys: readonly string[], finding: string]>
> = {
  'one-used': [['replace: rotated'], ['Deleted'], 'RESOLVED'],
  'one-unused': [['retire: retired'], ['Deleted'], 'RESOLVED'],
  'one-never-used': [['retire: retired'], ['Deleted'], 'RESOLVED'],
  'both-stale-and-used': [
    ['replace: held, no room', 'replace: held, no room'],
    ['Active', 'Active'],
    'NOTIFIED',
  ],
  'stale-and-recent': [['replace: held, no room', 'not claimed'], ['Active', 'Active'], 'NOTIFIED'],
  'stale-and-unused': [['replace: rotated', 'retire: retired'], ['Deleted', 'Deleted'], 'RESOLVED'],
  'stale-and-inactive': [
    ['replace: rotated', 'retire: retired'],
    ['Deleted', 'Deleted'],
    'RESOLVED',
  ],
  'stale-and-just-inactive': [
    ['replace: held, no room', 'not claimed'],
    ['Active', 'Inactive'],
    'NOTIFIED',
  ],
  'both-unused': [['retire: retired', 'retire: retired'], ['Deleted', 'Deleted'], 'RESOLVED'],
  young: [['not claimed'], ['Active'], 'NEW'],
  'without-keys': [[], [], 'NEW'],
  'inactive-only': [['not claimed'], ['Inactive'], 'NEW'],
  'break-glass': untouched,
  administrator: untouched,
  'operator-by-group': untouched,
  'ses-smtp-user.20250103-120000': untouched,
  'deploy+ci=main@example.com': [['replace: rotated'], ['Deleted'], 'RESOLVED'],
};

describe('a fleet with every mix of keys, twelve days after it was reported', () => {
  test.each(
    fleet.map((member) => [`${member.account}/${member.userName}: ${member.about}`, member]),
  )('%s', async (_, member) => {
    const found = told.members.find((each) => each.member === member);
    if (found === undefined) throw new Error('nobody of that name');
    const [ends, keys, finding] = expected[member.userName] ?? [];
    expect(await endings(found)).toEqual(ends);
    expect(statuses(found)).toEqual(keys);
    expect(workflowOf(found)).toEqual({ Status: finding });
  });

  test('no promise was broken at any moment', () => {
    expect(told.broken).toEqual([]);
  });

  test('the same name in two accounts is two users with two secrets', async () => {
    const same = told.members.filter(({ member }) => member.userName === 'one-used');
    const rotations = (await Promise.all(same.map(rotationsOf))).flat();
    expect(rotations).toHaveLength(2);
    expect(new Set(rotations.map(({ id }) => id)).size).toBe(2);
    const accounts = rotations.map(({ key }) => key.user.account);
    expect(accounts.toSorted()).toEqual([...fleetAccounts]);
    for (const account of fleetAccounts) {
      const { secrets } = told.world.cloud.truth(account);
      expect(secrets.filter(({ name }) => name === 'keyturn/one-used')).toHaveLength(1);
    }
  });
});
