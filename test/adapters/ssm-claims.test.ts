/** One claim for each user, kept where only one of many can make it. */
import { describe, expect, test } from 'vitest';
import { ssmClaims } from '../../adapters/ssm-claims.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import { createCloud } from '../../sandbox/account/cloud.ts';
import type { Interceptor } from '../../sandbox/account/door.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';

const account = '111122223333';
const region = 'eu-west-1';
const start = instant('2026-11-02T03:00:00Z');
const user = { account, userId: 'AIDACKCEVSQ6C2EXAMPLE' };
const Name = '/keyturn/claims/AIDACKCEVSQ6C2EXAMPLE';

function given() {
  const clock = virtualClock(start);
  const cloud = createCloud({ clock, partition: 'aws', seed: 'claims' });
  cloud.createRole(account, 'custodian');
  const credentials = cloud.roleCredentials(account, 'custodian', 'custodian');
  const claims = ssmClaims(cloud.connection({ region, credentials }), clock);
  const call = (operation: string, input: object) =>
    cloud.call({ service: 'ssm', operation, input, region, credentials });
  return { clock, cloud, claims, call };
}

const lost = Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
const losesAnswerOf =
  (operation: string): Interceptor =>
  async (call, proceed) => {
    const answer = await proceed();
    if (call.operation === operation) throw lost;
    return answer;
  };

describe('a claim', () => {
  test('is one holder’s until released, and that holder’s again and again', async () => {
    const { clock, claims } = given();
    expect(await claims.take(user, 'one')).toEqual({ taken: true });
    await clock.runUntil(plus(start, { hours: 1 }));
    expect(await claims.take(user, 'one')).toEqual({ taken: true });
    expect(await claims.take(user, 'two')).toEqual({ taken: false, holder: 'one', since: start });
    await claims.release(user, 'two');
    expect(await claims.take(user, 'two')).toMatchObject({ taken: false });
    await claims.release(user, 'one');
    await claims.release(user, 'one');
    expect(await claims.take(user, 'two')).toEqual({ taken: true });
  });

  test('is one for each user', async () => {
    const { claims } = given();
    await claims.take(user, 'one');
    const other = { account, userId: 'AIDAIOSFODNN7EXAMPLE' };
    expect(await claims.take(other, 'two')).toEqual({ taken: true });
  });

  test('of many that try at once, one takes', async () => {
    const { claims } = given();
    const holders = ['one', 'two', 'three', 'four'];
    const all = await Promise.all(holders.map((each) => claims.take(user, each)));
    expect(all.filter(({ taken }) => taken)).toHaveLength(1);
  });

  test('whose answer was lost is taken by the next try of the same holder', async () => {
    const { cloud, claims } = given();
    cloud.setInterceptor(losesAnswerOf('PutParameter'));
    await expect(claims.take(user, 'one')).rejects.toBeInstanceOf(Transient);
    cloud.setInterceptor(undefined);
    expect(await claims.take(user, 'one')).toEqual({ taken: true });
    expect(await claims.take(user, 'two')).toMatchObject({ taken: false, holder: 'one' });
  });

  test('whose release was not answered is gone', async () => {
    const { cloud, claims } = given();
    await claims.take(user, 'one');
    cloud.setInterceptor(losesAnswerOf('DeleteParameter'));
    await expect(claims.release(user, 'one')).rejects.toBeInstanceOf(Transient);
    cloud.setInterceptor(undefined);
    await claims.release(user, 'one');
    expect(await claims.take(user, 'two')).toEqual({ taken: true });
  });

  test.each(['ThrottlingException', 'TooManyUpdates'])('refused by %s may pass', async (name) => {
    const { cloud, claims } = given();
    cloud.setInterceptor(async () => {
      throw awsError(name, 'later');
    });
    await expect(claims.take(user, 'one')).rejects.toBeInstanceOf(Transient);
    await expect(claims.release(user, 'one')).rejects.toBeInstanceOf(Transient);
  });

  test('that somebody else wrote is nobody’s to take', async () => {
    for (const Value of ['by hand', '{}', '{"holder":"","since":"x"}', '{"holder":"one"}']) {
      const { claims, call } = given();
      await call('PutParameter', { Name, Type: 'String', Value });
      await expect(claims.take(user, 'one')).rejects.toThrow('not written by Keyturn');
      await expect(claims.release(user, 'one')).rejects.toBeInstanceOf(Permanent);
    }
  });

  test('of no user or for no holder is refused before any call', async () => {
    const { cloud, claims } = given();
    for (const userId of ['', '../x', 'AROAEXAMPLE']) {
      await expect(claims.take({ account, userId }, 'one')).rejects.toBeInstanceOf(Permanent);
    }
    await expect(claims.take(user, '')).rejects.toBeInstanceOf(Permanent);
    expect(cloud.history).toEqual([]);
  });
});

describe('parameters', () => {
  test('are made once unless overwritten, read and deleted', async () => {
    const { call } = given();
    const input = { Name, Type: 'String', Value: 'one' };
    expect(await call('PutParameter', input)).toMatchObject({ Version: 1 });
    await expect(call('PutParameter', input)).rejects.toThrow('already exists');
    expect(await call('PutParameter', { ...input, Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await call('GetParameter', { Name })).toMatchObject({ Parameter: { Value: 'one' } });
    await call('DeleteParameter', { Name });
    for (const operation of ['GetParameter', 'DeleteParameter']) {
      await expect(call(operation, { Name })).rejects.toMatchObject({ name: 'ParameterNotFound' });
    }
  });

  test.each([
    [{ Name: '/aws/x', Type: 'String', Value: 'x' }],
    [{ Name: 'a b', Type: 'String', Value: 'x' }],
    [{ Name, Type: 'String', Value: '' }],
    [{ Name, Type: 'String', Value: 'x'.repeat(4097) }],
    [{ Name, Value: 'x' }],
  ])('are refused: %j', async (input) => {
    const { call } = given();
    await expect(call('PutParameter', input)).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
