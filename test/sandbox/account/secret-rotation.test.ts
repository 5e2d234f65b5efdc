/** RotateSecret as AWS does it: what it refuses, the four calls, the schedule, failed tries. */
import { describe, expect, test } from 'vitest';
import { instant, plus } from '../../../domain/instant.ts';
import { createCloud } from '../../../sandbox/account/cloud.ts';
import { rotator } from '../../../sandbox/account/secret-rotation.ts';
import { virtualClock } from '../../../sandbox/clock.ts';

const account = '111122223333';
const region = 'eu-west-1';
const start = instant('2026-11-02T03:00:00Z');
const SecretId = 'keyturn/svc-billing';
const arnOf = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`;
const rules = { AutomaticallyAfterDays: 30 };

type Payload = {
  readonly Step: string;
  readonly ClientRequestToken: string;
  readonly RotationToken: string;
  readonly SecretId: string;
};

async function given() {
  const clock = virtualClock(start);
  const cloud = createCloud({ clock, partition: 'aws', seed: 'rotation' });
  cloud.createRole(account, 'admin');
  const credentials = cloud.roleCredentials(account, 'admin', 'somebody');
  const call = async (operation: string, input: object): Promise<Record<string, unknown>> =>
    Object(await cloud.call({ service: 'secretsmanager', operation, input, region, credentials }));
  const payloads: Payload[] = [];
  let failing: string | null = null;
  const current = async () => {
    const { VersionIdsToStages = {} } = await call('DescribeSecret', { SecretId });
    return Object.entries(VersionIdsToStages as Record<string, string[]>).find(([, stages]) =>
      stages.includes('AWSCURRENT'),
    )?.[0];
  };
  const handler = async (payload: unknown) => {
    const asked = payload as Payload;
    payloads.push(asked);
    if (failing === asked.Step) throw new Error('no');
    const token = asked.ClientRequestToken;
    const SecretString = `value of ${token}`;
    const put = { SecretId, ClientRequestToken: token, SecretString };
    if (asked.Step === 'createSecret') {
      await call('PutSecretValue', { ...put, VersionStages: ['AWSPENDING'] });
    }
    if (asked.Step === 'finishSecret') {
      const move = { RemoveFromVersionId: await current(), MoveToVersionId: token };
      await call('UpdateSecretVersionStage', { SecretId, VersionStage: 'AWSCURRENT', ...move });
    }
  };
  cloud.registerFunction({ account, region, name: 'rotate' }, handler, [rotator]);
  cloud.registerFunction({ account, region, name: 'closed' }, handler);
  await call('CreateSecret', { Name: SecretId, SecretString: 'first' });
  const rotate = (input: object = {}) =>
    call('RotateSecret', {
      SecretId,
      RotationLambdaARN: arnOf('rotate'),
      RotationRules: rules,
      ...input,
    });
  return {
    call,
    rotate,
    current,
    payloads,
    steps: () => payloads.map(({ Step }) => Step),
    describe: () => call('DescribeSecret', { SecretId }),
    fail: (step: string | null) => {
      failing = step;
    },
    pass: (duration: Parameters<typeof plus>[1]) => clock.runUntil(plus(clock.now(), duration)),
  };
}

const four = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

describe('RotateSecret', () => {
  test('makes an empty AWSPENDING at once, and calls the function four times', async () => {
    const world = await given();
    const { VersionId } = await world.rotate();
    expect((await world.describe()).VersionIdsToStages).toMatchObject({
      [String(VersionId)]: ['AWSPENDING'],
    });
    const empty = { SecretId, VersionStage: 'AWSPENDING' };
    await expect(world.call('GetSecretValue', empty)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await world.pass({ minutes: 1 });
    expect(world.steps()).toEqual(four);
    expect(new Set(world.payloads.map((each) => each.ClientRequestToken))).toEqual(
      new Set([VersionId]),
    );
    expect(world.payloads[0]?.SecretId).toMatch(/^arn:aws:secretsmanager:.*-\w{6}$/);
    expect(world.payloads[0]?.RotationToken).not.toBe('');
    expect(await world.current()).toBe(VersionId);
    expect(await world.describe()).toMatchObject({
      RotationEnabled: true,
      RotationRules: rules,
      LastRotatedDate: expect.any(Date),
      NextRotationDate: expect.any(Date),
    });
  });

  test('goes on by the schedule, until it is cancelled', async () => {
    const world = await given();
    await world.rotate({ RotationRules: { ScheduleExpression: 'rate(10 days)' } });
    await world.pass({ days: 21 });
    expect(world.steps()).toHaveLength(12);
    await world.call('CancelRotateSecret', { SecretId });
    await world.pass({ days: 30 });
    expect(world.steps()).toHaveLength(12);
    expect(await world.describe()).toMatchObject({ RotationEnabled: false });
  });

  test('failed is tried again whole with the same token, and blocks others', async () => {
    const world = await given();
    world.fail('testSecret');
    const { VersionId } = await world.rotate();
    await world.pass({ minutes: 3 });
    expect(world.steps()).toEqual([...four.slice(0, 3), ...four.slice(0, 3)]);
    await expect(world.rotate()).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    world.fail(null);
    await world.pass({ minutes: 10 });
    expect(await world.current()).toBe(VersionId);
    expect(new Set(world.payloads.map((each) => each.ClientRequestToken)).size).toBe(1);
  });

  test('given up for a while is tried again on schedule, with the same token', async () => {
    const world = await given();
    world.fail('createSecret');
    const { VersionId } = await world.rotate();
    await world.pass({ days: 1 });
    expect(world.steps()).toHaveLength(6);
    world.fail(null);
    await world.pass({ days: 30 });
    expect(await world.current()).toBe(VersionId);
  });

  test('cancelled half-way leaves AWSPENDING, and says on which version', async () => {
    const world = await given();
    world.fail('setSecret');
    const { VersionId } = await world.rotate();
    await world.pass({ minutes: 3 });
    const cancelled = await world.call('CancelRotateSecret', { SecretId });
    expect(cancelled.VersionId).toBe(VersionId);
    const pending = { SecretId, VersionStage: 'AWSPENDING' };
    expect(await world.call('GetSecretValue', pending)).toMatchObject({ VersionId });
    await expect(world.rotate()).rejects.toThrow("A previous rotation isn't complete");
  });

  test('without rotating at once only tries the function', async () => {
    const world = await given();
    await world.rotate({ RotateImmediately: false });
    await world.pass({ minutes: 1 });
    expect(world.steps()).toEqual(['testSecret']);
    expect(Object.keys(Object((await world.describe()).VersionIdsToStages))).toHaveLength(1);
    await world.pass({ days: 30 });
    expect(world.steps()).toEqual(['testSecret', ...four]);
  });

  test.each([
    [{ RotationRules: { AutomaticallyAfterDays: 0 } }, 'InvalidParameterException'],
    [{ RotationRules: { AutomaticallyAfterDays: 1001 } }, 'InvalidParameterException'],
    [{ RotationRules: { AutomaticallyAfterDays: 1.5 } }, 'InvalidParameterException'],
    [{ RotationRules: {} }, 'InvalidParameterException'],
    [{ RotationRules: { ...rules, ScheduleExpression: 'rate(4 hours)' } }, 'InvalidParameter'],
    [{ RotationRules: { ScheduleExpression: 'rate(3 hours)' } }, 'InvalidParameterException'],
    [{ RotationRules: { ScheduleExpression: 'daily' } }, 'InvalidParameterException'],
    [{ RotationRules: { ScheduleExpression: 'cron(0 8 1 * ? *)' } }, 'NotModelled'],
    [{ RotationRules: { ...rules, Duration: '2h' } }, 'NotModelled'],
    [{ ClientRequestToken: 'short' }, 'InvalidParameterException'],
    [{ RotationLambdaARN: undefined }, 'InvalidRequestException'],
    [{ RotationLambdaARN: arnOf('closed') }, 'AccessDeniedException'],
    [{ RotationLambdaARN: arnOf('missing') }, 'AccessDeniedException'],
    [{ SecretId: 'missing' }, 'ResourceNotFoundException'],
    [{ ExternalSecretRotationRoleArn: 'arn' }, 'NotModelled'],
  ])('refuses %j', async (input, name) => {
    const world = await given();
    const error = await world.rotate(input).catch((thrown: unknown) => thrown);
    expect(Object(error).name).toContain(name);
    await world.pass({ days: 40 });
    expect(world.steps()).toEqual([]);
  });
});
