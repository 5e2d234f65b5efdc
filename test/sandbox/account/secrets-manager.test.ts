/** Secrets Manager: versions, labels, tokens, and the events that tell of them. */
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { plus } from '../../../domain/instant.ts';
import type { EventBridgeEvent } from '../../../sandbox/account/ground.ts';
import { account, type Given, given, refusal, region, start } from './given.ts';

const SecretId = 'keyturn/svc-billing';
const token = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
const pending = { VersionStages: ['AWSPENDING'] };

function clientOf(world: Given, where = region) {
  return connect(SecretsManagerClient, { ...world.operator, region: where });
}

const put = (world: Given, digit: number, SecretString: string, more: object = {}) =>
  clientOf(world).send(
    new PutSecretValueCommand({
      SecretId,
      ClientRequestToken: token(digit),
      SecretString,
      ...more,
    }),
  );

async function labels(world: Given) {
  const answer = await clientOf(world).send(new DescribeSecretCommand({ SecretId }));
  return answer.VersionIdsToStages;
}

async function create(world: Given, value?: string) {
  return clientOf(world).send(
    new CreateSecretCommand({
      Name: SecretId,
      ClientRequestToken: token(1),
      ...(value === undefined ? {} : { SecretString: value }),
    }),
  );
}

const move = (world: Given, VersionStage: string, more: object) =>
  clientOf(world).send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, ...more }));

describe('CreateSecret', () => {
  test('its value is AWSCURRENT at once; the ARN ends in six characters', async () => {
    const world = given();
    const { ARN, VersionId } = await create(world, 'placeholder');
    const home = `arn:aws:secretsmanager:${region}:${account}:secret:${SecretId}`;
    expect(ARN).toMatch(new RegExp(`^${home}-[A-Z2-7]{6}$`));
    expect(VersionId).toBe(token(1));
    expect(await labels(world)).toEqual({ [token(1)]: ['AWSCURRENT'] });
  });

  test('without a value it has no version', async () => {
    const world = given();
    expect((await create(world)).VersionId).toBe(undefined);
    expect(await labels(world)).toBe(undefined);
    const read = clientOf(world).send(new GetSecretValueCommand({ SecretId }));
    expect(await refusal(read)).toBe('ResourceNotFoundException 400');
  });

  test('the same name is refused, but for the same request again', async () => {
    const world = given();
    const first = await create(world, 'placeholder');
    expect((await create(world, 'placeholder')).ARN).toBe(first.ARN);
    expect(await refusal(create(world, 'other'))).toBe('ResourceExistsException 400');
    expect(await refusal(create(world))).toBe('ResourceExistsException 400');
  });

  test('a secret is found by name or whole ARN, in its own Region only', async () => {
    const world = given();
    const { ARN } = await create(world, 'placeholder');
    const read = (id: string | undefined, where?: string) =>
      refusal(clientOf(world, where).send(new DescribeSecretCommand({ SecretId: id })));
    expect(await read(ARN)).toBe('not refused');
    expect(await read(ARN?.slice(0, -7))).toBe('ResourceNotFoundException 400');
    expect(await read(SecretId, 'us-east-1')).toBe('ResourceNotFoundException 400');
    world.cloud.removeSecret(account, region, SecretId);
    expect(await read(ARN)).toBe('ResourceNotFoundException 400');
  });

  test('tags are kept and merged', async () => {
    const world = given();
    await create(world, 'placeholder');
    const Tags = [{ Key: 'keyturn:driver', Value: 'runbook' }];
    await clientOf(world).send(new TagResourceCommand({ SecretId, Tags }));
    const answer = await clientOf(world).send(new DescribeSecretCommand({ SecretId }));
    expect(answer.Tags).toEqual(Tags);
    expect(answer.CreatedDate).toEqual(new Date(start));
  });
});

describe('PutSecretValue', () => {
  test('the first version ever is AWSCURRENT too, whatever stages were asked for', async () => {
    const world = given();
    await create(world);
    await put(world, 2, 'new', pending);
    expect(await labels(world)).toEqual({ [token(2)]: ['AWSPENDING', 'AWSCURRENT'] });
  });

  test('with stages it moves those only', async () => {
    const world = given();
    await create(world, 'placeholder');
    const { VersionStages } = await put(world, 2, 'new', pending);
    expect(VersionStages).toEqual(['AWSPENDING']);
    expect(await labels(world)).toEqual({
      [token(1)]: ['AWSCURRENT'],
      [token(2)]: ['AWSPENDING'],
    });
    await put(world, 3, 'newer', pending);
    expect(await labels(world)).toEqual({
      [token(1)]: ['AWSCURRENT'],
      [token(3)]: ['AWSPENDING'],
    });
  });

  test('without stages it moves AWSCURRENT', async () => {
    const world = given();
    await create(world, 'placeholder');
    await put(world, 2, 'new');
    await put(world, 3, 'newer');
    expect(await labels(world)).toEqual({
      [token(2)]: ['AWSPREVIOUS'],
      [token(3)]: ['AWSCURRENT'],
    });
  });

  test('the same token again changes nothing; with another value it is refused', async () => {
    const world = given();
    await create(world, 'placeholder');
    await put(world, 2, 'new', pending);
    expect(await refusal(put(world, 2, 'new'))).toBe('not refused');
    expect(await labels(world)).toMatchObject({ [token(2)]: ['AWSPENDING'] });
    expect(await refusal(put(world, 2, 'other', pending))).toBe('ResourceExistsException 400');
    const bytes = { SecretString: undefined, SecretBinary: new Uint8Array([1]) };
    expect(await refusal(put(world, 2, '', bytes))).toBe('ResourceExistsException 400');
  });

  test.each([
    ['a short token', { ClientRequestToken: 'short' }, 'InvalidParameterException 400'],
    ['no stage at all', { VersionStages: [] }, 'InvalidParameterException 400'],
    ['two values', { SecretBinary: new Uint8Array([1]) }, 'InvalidParameterException 400'],
    ['no value', { SecretString: undefined }, 'InvalidRequestException 400'],
    ['no such secret', { SecretId: 'none' }, 'ResourceNotFoundException 400'],
    ['no name', { SecretId: '' }, 'InvalidParameterException 400'],
  ])('refuses %s', async (_what, more, expected) => {
    const world = given();
    await create(world, 'placeholder');
    expect(await refusal(put(world, 2, 'new', more))).toBe(expected);
  });
});

describe('GetSecretValue', () => {
  test('reads AWSCURRENT, a stage, or a version, labelled or not', async () => {
    const world = given();
    await create(world, 'placeholder');
    await put(world, 2, 'new', pending);
    await put(world, 3, 'newer', pending);
    const read = async (how: object) => {
      const command = new GetSecretValueCommand({ SecretId, ...how });
      return (await clientOf(world).send(command)).SecretString;
    };
    expect(await read({})).toBe('placeholder');
    expect(await read({ VersionStage: 'AWSPENDING' })).toBe('newer');
    expect(await read({ VersionId: token(2) })).toBe('new');
    expect(await refusal(read({ VersionStage: 'AWSPREVIOUS' }))).toBe(
      'ResourceNotFoundException 400',
    );
    expect(await refusal(read({ VersionId: token(9) }))).toBe('ResourceNotFoundException 400');
    const both = { VersionId: token(2), VersionStage: 'AWSPENDING' };
    expect(await refusal(read(both))).toBe('InvalidRequestException 400');
  });
});

describe('UpdateSecretVersionStage', () => {
  async function twoVersions() {
    const world = given();
    await create(world, 'placeholder');
    await put(world, 2, 'new', pending);
    return world;
  }
  const forth = { RemoveFromVersionId: token(1), MoveToVersionId: token(2) };
  const back = { RemoveFromVersionId: token(2), MoveToVersionId: token(1) };

  test('moving AWSCURRENT labels the other AWSPREVIOUS, forth and back', async () => {
    const world = await twoVersions();
    await move(world, 'AWSCURRENT', forth);
    expect(await labels(world)).toEqual({
      [token(1)]: ['AWSPREVIOUS'],
      [token(2)]: ['AWSPENDING', 'AWSCURRENT'],
    });
    await move(world, 'AWSCURRENT', back);
    expect(await labels(world)).toEqual({
      [token(1)]: ['AWSCURRENT'],
      [token(2)]: ['AWSPENDING', 'AWSPREVIOUS'],
    });
  });

  test('a version without labels is no longer described, but there', async () => {
    const world = await twoVersions();
    await move(world, 'AWSPENDING', { RemoveFromVersionId: token(2) });
    expect(await labels(world)).toEqual({ [token(1)]: ['AWSCURRENT'] });
    const [secret] = world.cloud.truth(account).secrets;
    expect([...(secret?.versions.keys() ?? [])]).toEqual([token(1), token(2)]);
    expect(world.cloud.secretValue(secret?.arn ?? '', token(2))?.text).toBe('new');
  });

  test.each([
    ['a move that does not say from where', { MoveToVersionId: token(2) }],
    ['a move from the wrong version', { ...forth, RemoveFromVersionId: token(2) }],
    ['a mere removal', { RemoveFromVersionId: token(1) }],
    ['nothing', {}],
  ])('refuses %s of AWSCURRENT', async (_what, how) => {
    const world = await twoVersions();
    expect(await refusal(move(world, 'AWSCURRENT', how))).toBe('InvalidParameterException 400');
    expect(await labels(world)).toMatchObject({ [token(1)]: ['AWSCURRENT'] });
  });

  test('refuses a version that there is not', async () => {
    const world = await twoVersions();
    const how = { ...forth, MoveToVersionId: token(9) };
    expect(await refusal(move(world, 'AWSCURRENT', how))).toBe('ResourceNotFoundException 400');
  });

  test('a label on the same version already, or new, needs no from', async () => {
    const world = await twoVersions();
    expect(await refusal(move(world, 'AWSCURRENT', { MoveToVersionId: token(1) }))).toBe(
      'not refused',
    );
    await move(world, 'mine', { MoveToVersionId: token(1) });
    expect(await labels(world)).toMatchObject({ [token(1)]: ['AWSCURRENT', 'mine'] });
  });

  test('a move of AWSCURRENT is announced a little later, others never', async () => {
    const world = await twoVersions();
    await world.clock.runUntil(plus(start, { minutes: 1 }));
    const heard: EventBridgeEvent[] = [];
    world.cloud.onEvent((event) => {
      heard.push(event);
    });
    await move(world, 'AWSCURRENT', forth);
    expect(heard).toEqual([]);
    await world.clock.runUntil(plus(start, { minutes: 2 }));
    const [secret] = world.cloud.truth(account).secrets;
    expect(heard[0]).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f]{8}-/),
      'detail-type': 'Secret Label Updated',
      source: 'aws.secretsmanager',
      account,
      time: '2026-11-02T03:01:00Z',
      region,
      resources: [secret?.arn],
      detail: { name: SecretId, labelUpdated: 'AWSCURRENT', versionId: token(2) },
    });
    // AWSPREVIOUS moves too, of which nothing is told.
    expect(heard).toHaveLength(1);
  });
});
