/** GetAccessKeyLastUsed: late, and in steps of 15 minutes. */
import { GetAccessKeyLastUsedCommand, IAMClient } from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { plus } from '../../../domain/instant.ts';
import { account, type Given, given, refusal, start } from './given.ts';

const minute = 60_000;

async function shown(world: Given) {
  const iam = connect(IAMClient, world.operator);
  const answer = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: world.keyId }));
  return answer.AccessKeyLastUsed;
}

function use(world: Given, operation = 'GetObject', region = 'eu-west-1') {
  const { keyId: accessKeyId, secret: secretAccessKey } = world;
  const credentials = { accessKeyId, secretAccessKey };
  const input = operation === 'GetObject' ? { Bucket: 'b', Key: 'k' } : {};
  return world.cloud.call({ service: 's3', operation, input, region, credentials });
}

test('a key that was never used is N/A, without a date', async () => {
  expect(await shown(given())).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
});

test('a use shows after half an hour, data events too', async () => {
  const world = given();
  await use(world);
  await world.clock.sleep(30 * minute - 1);
  expect(await shown(world)).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
  await world.clock.sleep(1);
  expect(await shown(world)).toEqual({
    LastUsedDate: new Date(start),
    ServiceName: 's3',
    Region: 'eu-west-1',
  });
});

test('of the uses within 15 minutes only the first is kept', async () => {
  const world = given();
  await use(world);
  await world.clock.sleep(15 * minute - 1);
  await use(world, 'ListBuckets', 'eu-central-1');
  await world.clock.sleep(120 * minute);
  expect((await shown(world))?.LastUsedDate).toEqual(new Date(start));
  await use(world, 'ListBuckets', 'eu-central-1');
  await world.clock.sleep(30 * minute);
  const next = plus(start, { minutes: 134, seconds: 59 });
  expect(await shown(world)).toMatchObject({
    LastUsedDate: new Date(next),
    Region: 'eu-central-1',
  });
});

test('while a newer use is not shown yet, the older one is', async () => {
  const world = given();
  await use(world);
  await world.clock.sleep(40 * minute);
  await use(world);
  expect((await shown(world))?.LastUsedDate).toEqual(new Date(start));
  await world.clock.sleep(30 * minute);
  expect((await shown(world))?.LastUsedDate).toEqual(new Date(plus(start, { minutes: 40 })));
});

test('a refused request is no use', async () => {
  const world = given();
  const stranger = { ...world, secret: 'EXAMPLE'.repeat(6) };
  expect(await refusal(use(stranger))).toBe('SignatureDoesNotMatch 403');
  await world.clock.sleep(60 * minute);
  expect((await shown(world))?.ServiceName).toBe('N/A');
  expect(world.cloud.truth(account).keys[0]?.lastUse).toBe(null);
});

test('a request that fails after it was authenticated is one', async () => {
  const world = given();
  const { keyId: accessKeyId, secret: secretAccessKey } = world;
  const credentials = { accessKeyId, secretAccessKey };
  const input = { SecretId: 'none' };
  const call = { service: 'secretsmanager', operation: 'GetSecretValue', input };
  const asked = world.cloud.call({ ...call, region: 'eu-west-1', credentials });
  expect(await refusal(asked)).toBe('ResourceNotFoundException 400');
  expect(world.cloud.truth(account).keys[0]?.lastUse).toMatchObject({
    at: start,
    service: 'secretsmanager',
    eventName: 'GetSecretValue',
  });
});

test('the past can be written; the truth is exact', async () => {
  const world = given();
  for (const hours of [-12, -6]) {
    world.cloud.recordPastUse(world.keyId, {
      at: plus(start, { hours }),
      service: 's3',
      region: 'eu-west-1',
      sourceIp: '203.0.113.7',
      userAgent: 'billing-app/1.0',
      eventName: 'GetObject',
    });
  }
  expect((await shown(world))?.LastUsedDate).toEqual(new Date(plus(start, { hours: -6 })));
  const [key] = world.cloud.truth(account).keys;
  expect(key?.firstUse?.at).toBe(plus(start, { hours: -12 }));
  expect(key?.lastUse?.at).toBe(plus(start, { hours: -6 }));
});
