/** Policy names another vault: readers of the one before still get a key that works. */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import { keyIds, outsider, through } from '../app/custody-acts.ts';
import { custodyWorld, oldKeyId } from '../app/custody-world.ts';

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
