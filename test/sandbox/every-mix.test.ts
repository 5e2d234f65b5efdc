/**
 * Users with every mix of keys that a fleet holds, each from its finding to its end, checked on the
 * account's truth.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import {
  type FleetMember,
  fleet,
  fleetAccounts,
  fleetBook,
  fleetStart,
} from '../../sandbox/fleet.ts';
import { findingId } from '../../sandbox/reports.ts';
import { type PlayedFleet, playFleet } from './played-fleet.ts';

let told: PlayedFleet;

beforeAll(async () => {
  told = await playFleet(fleetBook('auto', fleetStart));
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
  'stale-and-new': [['replace: held, no room', 'not claimed'], ['Active', 'Active'], 'NOTIFIED'],
  'three-and-two-used': [
    ['replace: held, no room', 'replace: held, no room', 'retire: retired'],
    ['Active', 'Active', 'Deleted'],
    'NOTIFIED',
  ],
  'three-and-one-used': [
    ['replace: rotated', 'retire: retired', 'retire: retired'],
    ['Deleted', 'Deleted', 'Deleted'],
    'RESOLVED',
  ],
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
