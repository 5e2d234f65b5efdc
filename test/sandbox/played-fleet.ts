/** The fleet, reported at once and left to itself for twelve days, watched at every moment. */
import { type Instant, plus } from '../../domain/instant.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import { applicationRole, startConsumer } from '../../sandbox/consumer.ts';
import { type FleetMember, fleetAccounts, fleetStart, settleFleet } from '../../sandbox/fleet.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import { brokenPromises } from './promises.ts';

const program = {
  service: 's3',
  operation: 'ListBuckets',
  everyHours: 6,
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
  changesOverAfterHours: 8,
} as const;

export type PlayedFleet = Awaited<ReturnType<typeof playFleet>>;

/** Twelve days, unless said otherwise. `before`: what is done before anything is reported. */
export async function playFleet(
  book: PolicyBook,
  before: (world: World) => Promise<void> = async () => undefined,
  days = 12,
) {
  const world = await createWorld({
    start: fleetStart,
    place: { partition: 'aws', account: fleetAccounts[0], region: 'us-east-1' },
    accounts: fleetAccounts,
    mode: 'auto',
    book,
    seed: 'every mix',
  });
  for (const account of fleetAccounts) world.cloud.createRole(account, applicationRole);
  const members = settleFleet(world);
  await before(world);
  for (const { member, user, keys } of members) {
    member.keys.forEach(({ usedDaysAgo, status }, index) => {
      const key = keys[index];
      const isInUse = usedDaysAgo !== null && usedDaysAgo < 2 && status !== 'Inactive';
      if (isInUse && key !== undefined) startConsumer(world, user, key, program);
    });
    reportStaleUser(world, user, ['security hub', 'config']);
  }
  const broken = await watch(world, members, plus(fleetStart, { days }));
  return { world, members, broken };
}

/** Lets time pass, and says what was promised and not kept at any moment. */
async function watch(world: World, members: readonly FleetMember[], end: Instant) {
  const broken = new Set<string>();
  await world.wake();
  for (let next = world.clock.next(); next !== undefined && next <= end; ) {
    await world.clock.step();
    for (const { user, keys } of members) {
      const promises = brokenPromises(world, user, true);
      for (const each of promises) if (!isGiven(each, keys.length)) broken.add(each);
    }
    next = world.clock.next();
  }
  return [...broken];
}

/** What was so before Keyturn came; and one promise is about a world of a single user. */
function isGiven(promise: string, keys: number): boolean {
  return promise === 'a key of nobody was made' || (keys > 2 && promise === 'the user has 3 keys');
}
