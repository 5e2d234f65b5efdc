/** A slow job that shares a key with a busy program lost it: their uses were measured as one. */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { applicationRole, type Habit, startConsumer } from '../../sandbox/consumer.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld } from '../../sandbox/world.ts';

const account = '111122223333';
const start = instant('2026-11-02T08:00:00Z');
const busy: Habit = {
  service: 's3',
  operation: 'ListBuckets',
  everyHours: 6,
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
  changesOverAfterHours: 8,
};

test.each([
  ['weekly', 7 * 24],
  ['monthly', 29 * 24],
])('given a %s job beside a busy program, then its key is not switched off', async (_, every) => {
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
  const job = { ...busy, sourceIp: '198.51.100.9', userAgent: 'report/1' };
  const past = [
    ...Array.from({ length: 88 * 4 }, (_each, index) => ({ ...busy, hours: 6 * (index + 1) })),
    ...[0, 1, 2].map((index) => ({ ...job, hours: 49 + index * every })),
  ];
  for (const use of past.toSorted((a, b) => b.hours - a.hours)) {
    const { service, region, sourceIp, userAgent, operation: eventName } = use;
    const at = plus(start, { hours: -use.hours });
    world.cloud.recordPastUse(key.keyId, { at, service, region, sourceIp, userAgent, eventName });
  }
  startConsumer(world, user, key, busy);
  reportStaleUser(world, user, ['security hub']);

  await world.runUntil(plus(start, { days: 10 }));

  const old = world.cloud.truth(account).keys.find(({ keyId }) => keyId === key.keyId);
  expect(old?.changes.map(({ to }) => to)).toEqual(['Active']);
  const [id = ''] = await world.store.ofUser(account, user.userId);
  const rotation = await world.store.load(id);
  expect(['overlapping', 'held']).toContain(rotation?.stage.name);
});
