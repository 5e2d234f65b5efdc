/**
 * PutSecretValue took effect and nobody heard, not even by reading afterwards, so that the new key
 * was deleted while its version stayed: Secrets Manager tried that version for ever, in vain.
 */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { outsider, secretName, storedValue } from '../app/custody-acts.ts';
import { deleteKey, expectRotated, nativeWorld } from '../app/native-world.ts';
import { faultsIn } from '../sandbox/faults.ts';
import { given, keysOf, rotate, rotationsOf, start } from '../sandbox/given-native.ts';

test('a key of which nobody knows whether it was stored stays, and is found', async () => {
  const { world, user } = await given('auto');
  const faults = faultsIn(world.cloud);
  faults.fail({ service: 'secretsmanager', operation: 'PutSecretValue' }, 'reply lost', 3);
  faults.during({ service: 'iam', operation: 'CreateAccessKey' }, () => {
    faults.fail({ service: 'secretsmanager', operation: 'GetSecretValue' }, 'unavailable', 3);
  });
  await rotate(world);
  await world.runUntil(plus(start, { days: 8 }));
  expect(await rotationsOf(world, user)).toMatchObject([{ stage: { name: 'done' } }]);
  expect(keysOf(world)).toHaveLength(1);
});

test('a pending key that somebody deletes: the step says what to do, and that helps', async () => {
  const world = await nativeWorld();
  world.meddle((call, proceed) => {
    if (call.operation === 'GetCallerIdentity') throw awsError('Throttling', 'no', 400);
    return proceed();
  });
  const { VersionId } = await world.rotate();
  await world.pass({ hours: 1 });
  await deleteKey(world, String(storedValue(world, VersionId).accessKeyId));
  world.meddle((_call, proceed) => proceed());
  await world.pass({ days: 2 });
  const { problem } = world.invoked.at(-1) ?? {};
  expect(problem).toMatch(
    /is gone from IAM: .* take AWSPENDING off that version, and rotate again/,
  );
  await outsider(world, 'secretsmanager', 'UpdateSecretVersionStage', {
    SecretId: secretName,
    VersionStage: 'AWSPENDING',
    RemoveFromVersionId: VersionId,
  });
  await world.rotate();
  await world.pass({ hours: 1 });
  await expectRotated(world);
});
