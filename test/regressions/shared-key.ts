/** A key that a busy program shares with somebody slower, whose past uses are given. */
import { type Instant, plus } from '../../domain/instant.ts';
import { applicationRole, type Habit, startConsumer } from '../../sandbox/consumer.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld } from '../../sandbox/world.ts';

const account = '111122223333';

/** Every six hours, and so well known to CloudTrail; changes over as soon as it can. */
export const busy: Habit = {
  service: 's3',
  operation: 'ListBuckets',
  everyHours: 6,
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
  changesOverAfterHours: 8,
};

export interface PastUse {
  readonly at: Instant;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** That of the busy program unless said. */
  readonly region?: string;
}

/** The stale key is reported at `start`; whoever is slow never changes over. */
export async function sharedKey(start: Instant, slow: readonly PastUse[], habit = busy) {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'auto',
    seed: 'slow job',
  });
  world.cloud.createRole(account, applicationRole);
  const createdAt = plus(start, { days: -400 });
  const user = world.cloud.addUser({ account, userName: 'svc-shared', createdAt });
  const key = world.cloud.addKey(account, user.userName, { createdAt });
  const often = Array.from({ length: 88 * 4 }, (_each, index) =>
    plus(start, { hours: -6 * (index + 1) }),
  );
  const past = [
    ...often.map((at) => ({ at, sourceIp: habit.sourceIp, userAgent: habit.userAgent })),
    ...slow,
  ];
  for (const use of past.toSorted((a, b) => a.at.localeCompare(b.at))) {
    const { service, region, operation: eventName } = habit;
    world.cloud.recordPastUse(key.keyId, { region, ...use, service, eventName });
  }
  startConsumer(world, user, key, habit);
  reportStaleUser(world, user, ['security hub']);
  const oldKey = () => world.cloud.truth(account).keys.find(({ keyId }) => keyId === key.keyId);
  return {
    cloud: world.cloud,
    runUntil: world.runUntil,
    /** What became of the old key, oldest first. */
    changes: () => oldKey()?.changes.map(({ to }) => to),
    stage: async () => {
      const [id = ''] = await world.store.ofUser(account, user.userId);
      return (await world.store.load(id))?.stage;
    },
  };
}
