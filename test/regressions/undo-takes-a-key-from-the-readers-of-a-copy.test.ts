/** A reader of a copy who has taken the new key keeps a key that works. */
import { expect, test } from 'vitest';
import { awsError } from '../../sandbox/account/service.ts';
import { keyIds, through } from '../app/custody-acts.ts';
import { custodyWorld, errorOf } from '../app/custody-world.ts';

const other = 'us-east-2';

test('undo deletes no key that was AWSCURRENT in a copy: it may have been read', async () => {
  const world = custodyWorld({}, { Copies: other });
  await through(world, 'createSecret', 'setSecret', 'testSecret');
  // Moving AWSCURRENT at home fails.
  world.meddle(async ({ operation, region, input }, proceed) => {
    const isHome = operation === 'UpdateSecretVersionStage' && region !== other;
    if (isHome && Object(input).VersionStage === 'AWSCURRENT') {
      throw awsError('InternalServiceError', 'An error occurred on the server side.', 500);
    }
    return proceed();
  });
  errorOf(await world.run('finishSecret'));
  // A program in the other Region starts now, and keeps what it reads.
  const taken = world.currentKeyId(other);
  world.meddle((_call, proceed) => proceed());
  await world.run('undo');
  // Either nothing to keep, the placeholder, or a key that is there.
  expect([null, ...keyIds(world)]).toContain(taken);
});
