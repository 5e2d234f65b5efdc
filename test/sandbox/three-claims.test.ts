/**
 * Several reports of one user at the same moment: each key is claimed once, and every finding is
 * remembered. And reports of whom nobody may touch: the root user, and a user deleted meanwhile.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import { findingKey } from '../../domain/finding.ts';
import { plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { fleetAccounts, fleetBook, fleetStart, settleFleet } from '../../sandbox/fleet.ts';
import { everyRotation } from '../../sandbox/report.ts';
import { findingId, reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld, type World } from '../../sandbox/world.ts';

const [account] = fleetAccounts;

async function fleetOf(userName: string) {
  const world = await createWorld({
    start: fleetStart,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: fleetAccounts,
    mode: 'auto',
    book: fleetBook('auto', fleetStart),
    seed: 'three claims',
  });
  const members = settleFleet(world);
  const member = members.find(({ user }) => user.userName === userName && user.account === account);
  if (member === undefined) throw new Error(`nobody is called ${userName}`);
  return { world, ...member };
}

/** The finding that another standard has of the same user. */
function reportByCis(world: World, user: IamUser): void {
  const { region } = world.place;
  const [fsbp] = world.cloud.findings.list(account, region);
  if (fsbp === undefined) throw new Error('there is no finding to copy');
  const Id = findingId(world, user).replace(
    'aws-foundational-security-best-practices/v/1.0.0/IAM.3',
    'cis-aws-foundations-benchmark/v/3.0.0/1.14',
  );
  world.cloud.findings.add(account, region, {
    ...fsbp,
    Id,
    GeneratorId: 'cis-aws-foundations-benchmark/v/3.0.0/1.14',
    ProductFields: { ...Object(fsbp.ProductFields), ControlId: '1.14' },
  });
  world.cloud.findings.announce(account, region, Id);
}

/** Everything that reports the user, as events that nobody has delivered yet. */
async function eventsAbout(world: World, user: IamUser): Promise<readonly unknown[]> {
  const events: unknown[] = [];
  world.setCourier((event) => {
    if (JSON.stringify(event).includes(user.userId)) events.push(event);
  });
  reportStaleUser(world, user, ['security hub', 'config']);
  reportByCis(world, user);
  await world.runUntil(plus(world.clock.now(), { minutes: 10 }));
  world.setCourier(undefined);
  return events;
}

const rotationsOf = async (world: World): Promise<readonly Rotation[]> =>
  everyRotation(world, fleetAccounts);

describe('Config and two standards report a user at the same moment', () => {
  test.each([
    ['one-used', ['replace']],
    ['both-stale-and-used', ['replace', 'replace']],
    ['stale-and-unused', ['replace', 'retire']],
    ['three-and-two-used', ['replace', 'replace', 'retire']],
  ])('%s: one rotation for each key, and all three findings with each', async (name, kinds) => {
    const { world, user, keys } = await fleetOf(name);
    const events = await eventsAbout(world, user);
    expect(events).toHaveLength(3);
    const answers = await Promise.all(events.map((event) => world.deliver(event)));
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual([
      'claimed',
      'joined',
      'joined',
    ]);
    const rotations = await rotationsOf(world);
    const claimed = keys.map(({ keyId }) => rotations.filter(({ key }) => key.keyId === keyId));
    expect(claimed.flatMap((each) => each.map(({ kind }) => kind))).toEqual(kinds);
    expect(rotations).toHaveLength(kinds.length);
    for (const { findings, generation } of rotations) {
      expect(generation).toBe(1);
      expect(new Set(findings.map(findingKey)).size).toBe(3);
    }
    await world.runUntil(plus(world.clock.now(), { days: 1 }));
    const made = world.cloud.truth(account).keys.filter(({ createdAt }) => createdAt > fleetStart);
    expect(made).toHaveLength(name === 'one-used' ? 1 : 0);
  });
});

describe('whom nobody may touch', () => {
  test('a user deleted after it was reported: nothing is claimed, and no key is made', async () => {
    const { world, user } = await fleetOf('one-used');
    const events = await eventsAbout(world, user);
    world.cloud.removeUser(account, user.userName);
    for (const event of events) expect((await world.deliver(event)).outcome).toBe('ignored');
    await world.runUntil(plus(world.clock.now(), { days: 1 }));
    expect(await rotationsOf(world)).toEqual([]);
  });

  test('the root user: nothing is claimed', async () => {
    const { world } = await fleetOf('one-used');
    const fixture = new URL('../fixtures/events/hub-root.json', import.meta.url);
    const event: unknown = JSON.parse(readFileSync(fixture, 'utf8'));
    expect((await world.deliver(event)).outcome).toBe('ignored');
    expect(await rotationsOf(world)).toEqual([]);
  });
});
