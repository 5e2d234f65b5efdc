/** Faults strike what Keyturn calls while they are on, and leave programs and people alone. */
import { expect, test } from 'vitest';
import { instant } from '../../../domain/instant.ts';
import { faultsIn } from '../../../sandbox/console/faults.ts';
import { watch } from '../../../sandbox/console/watched.ts';
import { createWorld, type World } from '../../../sandbox/world.ts';

const account = '111122223333';

async function given() {
  const start = instant('2026-11-02T08:00:00Z');
  const watched = watch();
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'approve',
    seed: 'faults',
    interposed: watched.interposed,
  });
  world.cloud.addUser({ account, userName: 'svc-billing', createdAt: start });
  return { world, faults: faultsIn(world, watched.calls) };
}

const call = ({ cloud, place }: World, operation: string, origin: { sourceIp?: string } = {}) =>
  cloud.call({
    service: 'iam',
    operation,
    input: { UserName: 'svc-billing' },
    region: place.region,
    credentials: cloud.roleCredentials(account, 'operator', 'test'),
    ...origin,
  });

test('throttled is what Keyturn calls, not what a person calls', async () => {
  const { world, faults } = await given();
  faults.set('aws throttles', true);
  await expect(call(world, 'ListAccessKeys')).rejects.toThrow('Rate exceeded');
  await call(world, 'ListAccessKeys', { sourceIp: '198.51.100.7' });
  faults.set('aws throttles', false);
  await call(world, 'ListAccessKeys');
  const struck = faults.list().find(({ name }) => name === 'aws throttles');
  expect(struck).toMatchObject({ on: false, struck: 1 });
});

test('whoever dies after the key was made calls nothing any more, and only once', async () => {
  const { world, faults } = await given();
  faults.set('crash after create', true);
  await expect(call(world, 'CreateAccessKey')).rejects.toThrow('socket hang up');
  expect(world.cloud.truth(account).keys).toHaveLength(1);
  await expect(call(world, 'ListAccessKeys')).rejects.toThrow('socket hang up');
  const invoke = { service: 'lambda', operation: 'Invoke', input: { FunctionName: 'none' } };
  const credentials = world.cloud.roleCredentials(account, 'operator', 'test');
  const where = { region: 'us-east-1', credentials, sourceIp: '198.51.100.7' };
  await expect(world.cloud.call({ ...invoke, ...where })).rejects.toThrow();
  await call(world, 'ListAccessKeys');
  await call(world, 'CreateAccessKey');
  expect(world.cloud.truth(account).keys).toHaveLength(2);
});

test('lost events reach nobody, and are counted', async () => {
  const { world, faults } = await given();
  await world.runUntil(instant('2026-11-02T08:30:00Z'));
  const before = world.deliveries.length;
  faults.set('events lost', true);
  world.cloud.emit({
    source: 'aws.config',
    detailType: 'Config Rules Compliance Change',
    account,
    region: 'us-east-1',
    detail: {},
  });
  await world.runUntil(instant('2026-11-02T09:00:00Z'));
  expect(world.deliveries).toHaveLength(before);
  expect(faults.list().find(({ name }) => name === 'events lost')?.struck).toBe(1);
});

test('a person calls Slack in vain while it is down, and all such calls are counted', async () => {
  const { world, faults } = await given();
  faults.set('slack down', true);
  await expect(world.slack.fetch('https://slack.com/api/auth.test', {})).rejects.toThrow();
  faults.set('slack rate limited', true);
  faults.set('slack down', false);
  const answer = await world.slack.fetch('https://slack.com/api/auth.test', {});
  expect(answer.status).toBe(429);
  faults.set('slack rate limited', false);
  expect((await world.slack.fetch('https://slack.com/api/auth.test', {})).status).toBe(200);
});
