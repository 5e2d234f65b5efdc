/** Secrets Manager asks no policy: the custodian itself leaves privileged and SMTP users alone. */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { expectRotated, nativeWorld, oldKeyId } from '../app/native-world.ts';
import { given, keysOf, rotate, start } from '../sandbox/given-native.ts';
import { account } from '../sandbox/given-world.ts';

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

test('S13: no key is made for a privileged user, who is exempt', async () => {
  const { world, user } = await given();
  world.cloud.attachPolicy(account, user.userName, administrator);
  await rotate(world);
  await world.runUntil(plus(start, { hours: 1 }));
  expect(keysOf(world)).toHaveLength(1);
});

test('L1: so there is no old key that nobody will ever switch off', async () => {
  const { world, user } = await given();
  world.cloud.attachPolicy(account, user.userName, administrator);
  await rotate(world);
  await world.runUntil(plus(start, { days: 40 }));
  const told = [...world.slack.messages(), ...world.pagerDuty.incidents()];
  expect(keysOf(world).length === 1 || told.length > 0).toBe(true);
});

describe('the custodian', () => {
  async function rotated(setting: 'refuse' | 'rotate', policy: string) {
    const world = await nativeWorld({}, { nativePrivilege: setting });
    world.cloud.attachPolicy(account, 'svc-billing', policy);
    const before = { ...world.tags() };
    await world.rotate();
    await world.pass({ minutes: 30 });
    return { world, before };
  }

  test('says why, and what to do, and writes nothing', async () => {
    const { world, before } = await rotated('refuse', administrator);
    expect(world.keys().map(({ keyId }) => keyId)).toEqual([oldKeyId]);
    expect(world.tags()).toEqual(before);
    const { step, problem } = world.invoked[0] ?? {};
    expect(step).toBe('createSecret');
    expect(problem).toContain('may not rotate the keys of user 111122223333/svc-billing');
    expect(problem).toContain('the user is privileged');
    expect(problem).toContain('KEYTURN_NATIVE_PRIVILEGED=rotate');
  });

  test('refuses a user of SMTP too', async () => {
    const arn = 'arn:aws:iam::aws:policy/AmazonSESFullAccess';
    const { world } = await rotated('refuse', arn);
    const { problem } = world.invoked[0] ?? {};
    expect(problem).toContain('SMTP password');
    expect(world.keys()).toHaveLength(1);
  });

  test('rotates either where the deployment says so', async () => {
    const { world } = await rotated('rotate', administrator);
    expect(world.keys()).toHaveLength(2);
  });

  test('goes on with a key that was made before the user became privileged', async () => {
    const world = await nativeWorld();
    // Once the key is stored setSecret fails; then the user becomes an administrator.
    let stored = false;
    world.meddle(async (call, proceed) => {
      stored ||= call.operation === 'PutSecretValue';
      if (!stored || call.operation !== 'DescribeSecret') return proceed();
      world.cloud.attachPolicy(account, 'svc-billing', administrator);
      world.meddle((_call, onwards) => onwards());
      throw awsError('AccessDeniedException', 'no', 400);
    });
    await world.rotate();
    await world.pass({ hours: 2 });
    await expectRotated(world);
    expect(world.invoked.some(({ problem }) => problem !== undefined)).toBe(true);
  });
});
