/** A slow job lost its key because it worked in a Region whose CloudTrail nobody read. */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { applicationRole, type Habit, startConsumer } from '../../sandbox/consumer.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { createWorld } from '../../sandbox/world.ts';
import { faultsIn } from '../sandbox/faults.ts';

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

/** A busy program in us-east-1 and, if anywhere, a weekly job elsewhere share one key. */
async function given(jobRegion: string | null) {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'auto',
    seed: 'job elsewhere',
  });
  world.cloud.createRole(account, applicationRole);
  const createdAt = plus(start, { days: -400 });
  const user = world.cloud.addUser({ account, userName: 'svc-shared', createdAt });
  const key = world.cloud.addKey(account, user.userName, { createdAt });
  const job = { ...busy, sourceIp: '198.51.100.9', userAgent: 'report/1' };
  const weeks = Array.from({ length: 12 }, (_each, week) => 7 + week * 168);
  const past = [
    ...Array.from({ length: 88 * 4 }, (_each, index) => ({ ...busy, hours: 6 * (index + 1) })),
    ...(jobRegion === null ? [] : weeks.map((hours) => ({ ...job, region: jobRegion, hours }))),
  ];
  for (const use of past.toSorted((a, b) => b.hours - a.hours)) {
    const { service, region, sourceIp, userAgent, operation: eventName } = use;
    const at = plus(start, { hours: -use.hours });
    world.cloud.recordPastUse(key.keyId, { at, service, region, sourceIp, userAgent, eventName });
  }
  startConsumer(world, user, key, busy);
  reportStaleUser(world, user, ['security hub']);
  const oldKey = () => world.cloud.truth(account).keys.find(({ keyId }) => keyId === key.keyId);
  const changes = () => oldKey()?.changes.map(({ to }) => to);
  const stage = async () => {
    const [id = ''] = await world.store.ofUser(account, user.userId);
    return (await world.store.load(id))?.stage;
  };
  return { world, changes, stage };
}

test.each(['us-east-1', 'ap-southeast-2'])(
  'given a weekly job in %s beside a busy program, then its key is not switched off',
  async (region) => {
    const { world, changes } = await given(region);
    await world.runUntil(plus(start, { days: 10 }));
    expect(changes()).toEqual(['Active']);
  },
);

test('given nobody but the busy program, then its key is switched off', async () => {
  const { world, changes } = await given(null);
  await world.runUntil(plus(start, { days: 4 }));
  expect(changes()).toContain('Inactive');
});

test('given a list of Regions that cannot be read, then nothing is called unused', async () => {
  const { world, changes, stage } = await given(null);
  faultsIn(world.cloud).fail({ service: 'account', operation: 'ListRegions' }, 'denied');
  await world.runUntil(plus(start, { days: 10 }));
  expect(changes()).toEqual(['Active']);
  expect(await stage()).toMatchObject({
    name: 'held',
    reason: {
      code: 'evidence incomplete',
      text: expect.stringContaining('listing the Regions of the account'),
    },
  });
});
