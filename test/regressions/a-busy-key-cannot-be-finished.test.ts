/** A busy key was held as unknown, told to be used by nobody, and held again after each Force. */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { pressAs } from '../../sandbox/cast.ts';
import { applicationRole, startConsumer } from '../../sandbox/consumer.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld } from '../../sandbox/world.ts';

const account = '111122223333';
const start = instant('2026-11-02T08:00:00Z');
const app = {
  service: 's3',
  operation: 'ListBuckets',
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
} as const;

async function given(everyHours: number, pastHours: number) {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'auto',
    seed: 'busy',
  });
  world.cloud.createRole(account, applicationRole);
  const createdAt = plus(start, { days: -400 });
  const user = world.cloud.addUser({ account, userName: 'svc-busy', createdAt });
  const key = world.cloud.addKey(account, user.userName, { createdAt });
  for (let hours = pastHours; hours >= 1; hours -= 1) {
    const at = plus(start, { hours: -hours });
    world.cloud.recordPastUse(key.keyId, { ...app, at, eventName: 'ListBuckets' });
  }
  startConsumer(world, user, key, { ...app, everyHours, changesOverAfterHours: 2 });
  reportStaleUser(world, user, ['security hub']);
  const rotation = async () => {
    const [id = ''] = await world.store.ofUser(account, user.userId);
    return world.store.load(id);
  };
  const head = () => {
    const message = world.slack.messages().findLast(({ threadTs }) => threadTs === null);
    if (message === undefined) throw new Error('there is no message');
    return message;
  };
  return { world, key, rotation, head };
}

test('given 2,100 events of the old key, then people see by whom, and Force ends it', async () => {
  const { world, key, rotation, head } = await given(1, 88 * 24);
  await world.runUntil(plus(start, { days: 3 }));
  expect((await rotation())?.stage).toMatchObject({ name: 'held' });
  expect(JSON.stringify(head())).toContain(app.sourceIp);

  await pressAs(world, 'sam', head(), 'Force');
  await world.runUntil(plus(start, { days: 9 }));
  expect((await rotation())?.stage).toMatchObject({ name: 'done', outcome: 'rotated' });
  const old = world.cloud.truth(account).keys.find(({ keyId }) => keyId === key.keyId);
  expect(old?.deletedAt).not.toBeNull();
}, 60_000);
