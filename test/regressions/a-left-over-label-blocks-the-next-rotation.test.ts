/**
 * AWSPENDING that stayed on the current version (its removal had failed) looked like another
 * rotation under way, and blocked every later one.
 */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { Conflict, Permanent } from '../../domain/errors.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { lostAnswer, outsider, through } from '../app/custody-acts.ts';
import { answerOf, custodyWorld, errorOf, oldKeyId, token } from '../app/custody-world.ts';

const nextRotation = '4f0c9a52-6b1d-5e4f-8a7b-2c9d0e1f2a3b';
const nextToken = cryptoIds.uuid(attemptName(nextRotation, 1));

/** One rotation is over, its key is current, and AWSPENDING is where the removal left it. */
async function rotatedOnce() {
  const world = custodyWorld();
  await through(world, 'createSecret', 'setSecret', 'testSecret');
  world.meddle((call, proceed) => {
    if (Object(call.input).VersionStage === 'AWSPENDING') throw lostAnswer;
    return proceed();
  });
  answerOf(await world.run('finishSecret'));
  world.meddle((_call, proceed) => proceed());
  expect(world.labelled('AWSPENDING')).toEqual([token(1)]);
  const old = { UserName: 'svc-billing', AccessKeyId: oldKeyId };
  await outsider(world, 'iam', 'DeleteAccessKey', old);
  await world.pass({ days: 95 });
  const order = {
    RotationId: nextRotation,
    ClientRequestToken: nextToken,
    OldKeyId: world.currentKeyId() ?? '',
  };
  return { world, next: () => world.run('createSecret', 1, null, order) };
}

test('given AWSPENDING on the current version, then it is cleared and a key is made', async () => {
  const { world, next } = await rotatedOnce();
  const made = answerOf(await next());
  expect(world.labelled('AWSPENDING')).toEqual([nextToken]);
  expect(world.labelled('AWSCURRENT')).toEqual([token(1)]);
  expect(world.keys().map(({ keyId }) => keyId)).toEqual([world.currentKeyId(), made.NewKeyId]);
});

test('given that no key can be made then, the label is off all the same', async () => {
  const { world, next } = await rotatedOnce();
  world.meddle((call, proceed) => {
    if (call.operation === 'CreateAccessKey') throw awsError('AccessDenied', 'no', 403);
    return proceed();
  });
  expect(errorOf(await next())).toBeInstanceOf(Permanent);
  expect(world.labelled('AWSPENDING')).toEqual([]);
});

test('given AWSPENDING on another version with a value, then it still blocks', async () => {
  const { world, next } = await rotatedOnce();
  const foreign = '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d';
  await outsider(world, 'secretsmanager', 'PutSecretValue', {
    SecretId: 'keyturn/svc-billing',
    ClientRequestToken: foreign,
    SecretString: 'somebody’s own',
    VersionStages: ['AWSPENDING'],
  });
  expect(errorOf(await next())).toBeInstanceOf(Conflict);
  expect(world.labelled('AWSPENDING')).toEqual([foreign]);
});
