/**
 * The custodian's world with a secret that Secrets Manager rotates itself: every 30 days, by the
 * custodian, which is invoked as the function that it is. Faults strike single AWS calls of it.
 */
import { expect } from 'vitest';
import type { Custodian } from '../../app/custody/deps.ts';
import type { Duration } from '../../domain/instant.ts';
import { type CustodianAnswer, custodianHandler } from '../../functions/custodian.ts';
import { rotator } from '../../sandbox/account/secret-rotation.ts';
import { outsider } from './custody-acts.ts';
import {
  account,
  checkSecrecy,
  custodyWorld,
  daysAgo,
  type Fault,
  oldKeyId,
  sentinel,
} from './custody-world.ts';

export const secretName = 'keyturn/svc-billing';
export const functionName = 'keyturn-custodian';

export type NativeWorld = Awaited<ReturnType<typeof nativeWorld>>;

export interface Invoked {
  readonly step: string;
  readonly answer: CustodianAnswer | undefined;
  readonly problem: string | undefined;
}

/** Before any rotation: a placeholder is current and the tags say whose the secret is. */
export async function nativeWorld(
  tags: Readonly<Record<string, string>> = {},
  changes: Partial<Custodian> = {},
) {
  const world = custodyWorld();
  const { cloud, region, user, faults } = world;
  const invoked: Invoked[] = [];
  const handle = custodianHandler({ ...world.deps, ...changes });
  const invoke = async (payload: unknown): Promise<CustodianAnswer> => {
    const step = String(Object(payload).Step);
    try {
      const answer = await handle(payload);
      invoked.push({ step, answer, problem: undefined });
      return answer;
    } catch (error) {
      checkSecrecy([error]);
      invoked.push({ step, answer: undefined, problem: String(Object(error).message) });
      throw error;
    } finally {
      faults.revive();
      checkSecrecy([invoked.at(-1), ...world.saidSince()]);
    }
  };
  cloud.registerFunction({ account, region, name: functionName }, invoke, [rotator]);
  const all = {
    'keyturn:user-id': user.userId,
    'keyturn:user-name': 'svc-billing',
    'keyturn:driver': 'secrets-manager',
    ...tags,
  };
  await outsider(world, 'secretsmanager', 'CreateSecret', {
    Name: secretName,
    SecretString: JSON.stringify({ placeholder: true, userName: 'svc-billing' }),
    Tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
  });
  const rotate = (input: object = {}) =>
    outsider(world, 'secretsmanager', 'RotateSecret', {
      SecretId: secretName,
      RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
      RotationRules: { AutomaticallyAfterDays: 30 },
      ...input,
    }) as Promise<{ readonly VersionId: string }>;
  const tagsNow = () => world.secret()?.tags ?? {};
  const pass = async (duration: Duration): Promise<void> => {
    await world.pass(duration);
    faults.end();
    world.check();
    expect(JSON.stringify([tagsNow(), cloud.history])).not.toContain(sentinel);
  };
  return {
    ...world,
    invoke,
    invoked,
    rotate,
    pass,
    tags: tagsNow,
    arn: () => world.secret()?.arn ?? '',
    strike: (fault: Fault) => faults.set(fault),
  };
}

/** As Keyturn does once the overlap and the soak are over: the replaced key goes. */
export async function deleteKey(world: NativeWorld, keyId: string): Promise<void> {
  const input = { UserName: 'svc-billing', AccessKeyId: keyId };
  await outsider(world, 'iam', 'DeleteAccessKey', input);
}

/** Exactly one usable current key besides the old one, nothing pending, nobody's claim left. */
export async function expectRotated(world: NativeWorld, replaced = oldKeyId): Promise<string> {
  const current = world.currentKeyId() ?? '';
  expect(world.keys().map(({ keyId }) => keyId)).toEqual([replaced, current]);
  expect(world.keys().every(({ status }) => status === 'Active')).toBe(true);
  const [version] = world.labelled('AWSCURRENT');
  expect(world.labelled('AWSPENDING').filter((each) => each !== version)).toEqual([]);
  expect(world.tags()).toMatchObject({
    'keyturn:version': version,
    'keyturn:new-key': current,
    'keyturn:old-key': replaced,
    'keyturn:current-since': expect.stringMatching(/^20.*Z$/),
  });
  return current;
}

export async function claimOf(world: NativeWorld): Promise<string | undefined> {
  const Name = `/keyturn/claims/${world.user.userId}`;
  const answer = await outsider(world, 'ssm', 'GetParameter', { Name }).catch(() => undefined);
  const value = (answer as { readonly Parameter?: { readonly Value?: string } })?.Parameter?.Value;
  return value === undefined ? undefined : JSON.parse(value).holder;
}

export { account, daysAgo, oldKeyId };
