/**
 * A rotation that makes room has no finding of its own, and neither has a native one. Where such a
 * one ended last, its user's findings were resolved without a look at what else had become stale.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell, otherKey } from '../app/given-shell.ts';
import { done, oldKeyId, story, user } from '../builders.ts';

const spareKeyId = 'AKIAI44QH8DHBEXAMPLE';
const staleSince = 'AKIAEXAMPLESTALE3333';

test('given a spare without a finding that ends last, then a stale key keeps it open', async () => {
  const given = await givenShell();
  const { world, shell } = given;
  const { partition, account, userName } = user;
  const finding = given.addFinding('f1');
  const createdAt = plus(story.opened, { days: -200 });
  world.cloud.addKey(account, userName, { keyId: staleSince, createdAt });
  await world.cloud.call({
    service: 'iam',
    operation: 'DeleteAccessKey',
    input: { UserName: userName, AccessKeyId: oldKeyId },
    region: 'us-east-1',
    credentials: world.cloud.roleCredentials(account, 'operator', 'olivia'),
  });
  await given.put(done({ outcome: 'already gone' }), [], { findings: [finding] });
  await given.put(
    done({ outcome: 'retired', newKeyId: null }),
    [{ type: 'record result', workflow: 'RESOLVED', note: 'Rotated.' }],
    otherKey(spareKeyId, { kind: 'retire', findings: [] }),
  );

  await tick(shell);

  expect(given.recorded().f1?.workflow).not.toBe('RESOLVED');
  expect(await shell.store.claimOn(partition, account, staleSince)).toBeDefined();
});
