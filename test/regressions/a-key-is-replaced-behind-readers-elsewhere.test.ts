/** Policy names another vault: readers of the one before still get a key that works. */
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { Permanent } from '../../domain/errors.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { keyIds, outsider, secretName, through } from '../app/custody-acts.ts';
import {
  account,
  answerOf,
  custodyWorld,
  daysAgo,
  errorOf,
  oldKeyId,
  type Told,
} from '../app/custody-world.ts';

const nextRotation = '5b1e0c7a-2f64-5d3c-9a81-0e6d7c5b4a39';

test('a key is not replaced behind the readers of another vault', async () => {
  const world = custodyWorld();
  await through(world, 'createSecret', 'setSecret', 'testSecret', 'finishSecret');
  const current = world.currentKeyId() ?? '';
  await outsider(world, 'iam', 'DeleteAccessKey', {
    UserName: 'svc-billing',
    AccessKeyId: oldKeyId,
  });
  const moved = { Vault: 'parameter-store', OldKeyId: current };
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
    const outcome = await world.run(step, 2, null, moved);
    if (!outcome.ok) break;
  }
  // Either refused, or the secret shows its readers the new key too.
  const made = keyIds(world).filter((each) => each !== current);
  expect(made.length === 0 || world.currentKeyId() !== current).toBe(true);
});

test('a copy that policy no longer names is not left on the key that goes', async () => {
  const world = custodyWorld({}, { Copies: 'us-east-2' });
  await through(world, 'createSecret', 'setSecret', 'testSecret', 'finishSecret');
  const current = world.currentKeyId() ?? '';
  await outsider(world, 'iam', 'DeleteAccessKey', {
    UserName: 'svc-billing',
    AccessKeyId: oldKeyId,
  });
  const next = {
    Copies: 'none',
    OldKeyId: current,
    RotationId: nextRotation,
    ClientRequestToken: cryptoIds.uuid(attemptName(nextRotation, 1)),
  };
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
    const outcome = await world.run(step, 1, null, next);
    if (!outcome.ok) break;
  }
  const made = keyIds(world).filter((each) => each !== current);
  expect(made.length === 0 || world.currentKeyId('us-east-2') !== current).toBe(true);
});

describe('createSecret in another vault', () => {
  const moved = (OldKeyId: string) => ({ Vault: 'parameter-store', OldKeyId });

  /** The first rotation is over; its key is to be replaced next. */
  async function given(told: Told = {}) {
    const world = custodyWorld({}, told);
    await through(world, 'createSecret', 'setSecret', 'testSecret', 'finishSecret');
    const current = world.currentKeyId() ?? '';
    await outsider(world, 'iam', 'DeleteAccessKey', {
      UserName: 'svc-billing',
      AccessKeyId: oldKeyId,
    });
    const next = {
      OldKeyId: current,
      RotationId: nextRotation,
      ClientRequestToken: cryptoIds.uuid(attemptName(nextRotation, 1)),
    };
    return { world, current, next };
  }

  test('says what to do; the operator’s word that readers know lets it go on', async () => {
    const { world, current, next } = await given();
    const changes = { ...moved(current), ...next };
    const error = errorOf(await world.run('createSecret', 1, null, changes));
    expect(error).toBeInstanceOf(Permanent);
    const version = world.labelled('AWSCURRENT')[0] ?? '';
    expect(error.message).toContain(`tag it ${secretTags.leftAt}=${version}`);
    expect(world.cloud.parameters(account, world.region).map(({ name }) => name)).not.toContain(
      '/keyturn/users/svc-billing',
    );
    const tag = (Value: string) =>
      outsider(world, 'secretsmanager', 'TagResource', {
        SecretId: secretName,
        Tags: [{ Key: secretTags.leftAt, Value }],
      });
    await tag('another version');
    errorOf(await world.run('createSecret', 1, null, changes));
    await tag(version);
    answerOf(await world.run('createSecret', 1, null, changes));
  });

  test('is let be where the other one shows a key that is gone', async () => {
    const { world, current, next } = await given();
    await outsider(world, 'iam', 'DeleteAccessKey', {
      UserName: 'svc-billing',
      AccessKeyId: current,
    });
    const createdAt = daysAgo(1);
    const { keyId } = world.cloud.addKey(account, 'svc-billing', { createdAt });
    answerOf(await world.run('createSecret', 1, null, { ...next, ...moved(keyId) }));
  });

  test('refuses too while the other one holds what Keyturn did not write', async () => {
    const world = custodyWorld({}, { Vault: 'parameter-store' });
    await outsider(world, 'secretsmanager', 'CreateSecret', {
      Name: secretName,
      SecretString: 'mine',
    });
    const { message } = errorOf(await world.run('createSecret'));
    expect(message).toContain('a value that Keyturn did not write');
    expect(keyIds(world)).toEqual([oldKeyId]);
  });

  test('takes a copy in its own Region for what it is', async () => {
    const { world, next } = await given({ Vault: 'parameter-store', Copies: 'eu-west-1' });
    answerOf(await world.run('createSecret', 1, null, next));
    const dropped = { ...next, Copies: 'none' };
    const other = custodyWorld({}, { Vault: 'parameter-store', Copies: 'eu-west-1' });
    await through(other, 'createSecret', 'setSecret', 'testSecret', 'finishSecret');
    await outsider(other, 'iam', 'DeleteAccessKey', {
      UserName: 'svc-billing',
      AccessKeyId: oldKeyId,
    });
    const changes = { ...dropped, OldKeyId: other.currentKeyId() ?? '' };
    errorOf(await other.run('createSecret', 1, null, changes));
    expect(keyIds(other)).toHaveLength(1);
  });

  test.each(['secrets-manager', 'parameter-store'] as const)(
    'in %s remembers the Regions of copies by tag, also of a secret that was there',
    async (Vault) => {
      const { world, next } = await given({ Vault });
      const added = { ...next, Copies: 'us-east-2,ap-south-1' };
      for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
        answerOf(await world.run(step, 1, null, added));
      }
      await outsider(world, 'iam', 'DeleteAccessKey', {
        UserName: 'svc-billing',
        AccessKeyId: next.OldKeyId,
      });
      const third = '0d6c3f1e-8b27-5a94-b6e2-4c1f9a7d5e80';
      const dropped = {
        Copies: 'ap-south-1',
        OldKeyId: world.currentKeyId() ?? '',
        RotationId: third,
        ClientRequestToken: cryptoIds.uuid(attemptName(third, 1)),
      };
      const { message } = errorOf(await world.run('createSecret', 1, null, dropped));
      expect(message).toContain('its copies no longer include us-east-2');
      expect(keyIds(world)).toHaveLength(1);
    },
  );
});
