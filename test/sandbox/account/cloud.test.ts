/** The cloud as a whole: no secret leaks, faults can be injected, the seed decides. */
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { CreateAccessKeyCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetAutomationExecutionCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { plus } from '../../../domain/instant.ts';
import type { EventBridgeEvent } from '../../../sandbox/account/ground.ts';
import { hidden } from '../../../sandbox/account/redaction.ts';
import { awsError } from '../../../sandbox/account/service.ts';
import { account, type Given, given, refusal, region, sentinel, start } from './given.ts';

/** A little of everything that touches secrets. */
async function storySoFar(world: Given) {
  const heard: EventBridgeEvent[] = [];
  world.cloud.onEvent((event) => {
    heard.push(event);
  });
  const { operator } = world;
  world.cloud.createRole(account, 'maker', { trusts: [{ account }] });
  const RoleArn = `arn:aws:iam::${account}:role/maker`;
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'rotation-1' });
  await connect(STSClient, operator).send(assume);
  const { AccessKey } = await connect(IAMClient, operator).send(
    new CreateAccessKeyCommand({ UserName: 'svc-billing' }),
  );
  const value = AccessKey?.SecretAccessKey ?? '';
  const secrets = connect(SecretsManagerClient, operator);
  await secrets.send(new CreateSecretCommand({ Name: 'x', SecretString: value }));
  const bytes = new TextEncoder().encode(value);
  await secrets.send(
    new PutSecretValueCommand({ SecretId: 'x', SecretBinary: bytes, RotationToken: value }),
  );
  const missing = new PutSecretValueCommand({ SecretId: 'none', SecretString: value });
  await refusal(secrets.send(missing));
  await world.clock.runUntil(plus(start, { minutes: 10 }));
  return { heard, value };
}

describe('secrets', () => {
  test('no secret value is in history, CloudTrail, events, or the truth', async () => {
    const world = given();
    const { heard, value } = await storySoFar(world);
    expect(value).toContain(sentinel);
    const trails = [];
    for (const where of [region, 'us-east-1']) {
      const client = connect(CloudTrailClient, { ...world.operator, region: where });
      trails.push((await client.send(new LookupEventsCommand({}))).Events);
    }
    const truth = world.cloud.truth(account);
    const secrets = truth.secrets.map((secret) => [secret, ...secret.versions.values()]);
    const known = { history: world.cloud.history, heard, trails, truth, secrets };
    expect(trails.map((events) => events?.length)).toEqual([3, 2]);
    expect(heard.length).toBeGreaterThan(0);
    expect(JSON.stringify(known)).not.toContain(sentinel);
    expect(JSON.stringify(known)).not.toContain(JSON.stringify([...Buffer.from(value)]));
    expect(JSON.stringify(trails)).not.toContain(hidden);
  });

  test('the history says that there was one', async () => {
    const world = given();
    await storySoFar(world);
    const put = world.cloud.history.find((call) => call.operation === 'PutSecretValue');
    expect(put?.input).toEqual({ SecretId: 'x', SecretBinary: hidden, RotationToken: hidden });
  });

  test('the sandbox itself can read them', async () => {
    const world = given();
    const { value } = await storySoFar(world);
    const [secret] = world.cloud.truth(account).secrets;
    const [first] = secret?.versions.keys() ?? [];
    expect(world.cloud.secretValue(secret?.arn ?? '', first ?? '')?.text).toBe(value);
  });
});

describe('interceptor', () => {
  const ask = (world: Given) =>
    connect(IAMClient, world.operator).send(
      new CreateAccessKeyCommand({ UserName: 'svc-billing' }),
    );
  const keys = (world: Given) => world.cloud.truth(account).keys.length;

  test('a request can get lost', async () => {
    const world = given();
    world.cloud.setInterceptor(async ({ service, operation }) => {
      throw awsError('TimeoutError', `${service}:${operation} did not answer`, 500);
    });
    await expect(ask(world)).rejects.toThrow('iam:CreateAccessKey did not answer');
    expect(keys(world)).toBe(1);
    world.cloud.setInterceptor(undefined);
    expect(await refusal(ask(world))).toBe('not refused');
  });

  test('an answer can get lost, or a request be made twice', async () => {
    const world = given();
    world.cloud.setInterceptor(async (_call, proceed) => {
      await proceed();
      throw awsError('TimeoutError', 'no answer', 500);
    });
    expect(await refusal(ask(world))).toBe('TimeoutError 500');
    expect(keys(world)).toBe(2);
    world.cloud.setInterceptor(async (_call, proceed) => {
      await refusal(proceed());
      return proceed();
    });
    expect(await refusal(ask(world))).toBe('LimitExceededException 409');
  });
});

describe('the whole', () => {
  test('a service can be plugged in, and knows who calls', async () => {
    const world = given();
    world.cloud.register('ssm', {
      GetAutomationExecution: (_input, { caller, requestId, userAgent, sourceIp }) => ({
        caller,
        requestId,
        userAgent,
        sourceIp,
      }),
    });
    const command = new GetAutomationExecutionCommand({ AutomationExecutionId: 'x' });
    const answer = await connect(SSMClient, world.operator).send(command);
    expect(answer).toMatchObject({
      caller: { account, arn: `arn:aws:sts::${account}:assumed-role/operator/test` },
      requestId: answer.$metadata.requestId,
      userAgent: 'keyturn/test',
      sourceIp: '192.0.2.1',
    });
  });

  test('the same seed gives the same ids, another seed others', async () => {
    const history = async (seed: string) => {
      const world = given({ seed });
      const { heard, value } = await storySoFar(world);
      return JSON.stringify([world.cloud.history, heard, value, world.keyId]);
    };
    const first = await history('one');
    expect(await history('one')).toBe(first);
    expect(await history('two')).not.toBe(first);
  });

  test('an error carries its request id, as an answer does', async () => {
    const world = given();
    const asked = connect(IAMClient, world.operator).send(new GetUserCommand({ UserName: 'x' }));
    const error = await asked.catch((thrown: unknown) => thrown);
    const { requestId } = (error as { $metadata: { requestId: string } }).$metadata;
    expect(requestId).toBe(world.cloud.history[0]?.requestId);
    expect(world.cloud.history[0]?.error).toBe('NoSuchEntityException');
  });

  test('credentials of a role that there is not are refused', () => {
    const { cloud } = given();
    expect(() => cloud.roleCredentials(account, 'none', 'x')).toThrow('no role none');
  });
});
