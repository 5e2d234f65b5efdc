/**
 * A Region becomes part of the address that key values are sent to, and tags are written by many:
 * what is not a Region is never called.
 */
import { expect, test } from 'vitest';
import { secretTags } from '../../domain/secret-tags.ts';
import { keyIds, outsider, through } from '../app/custody-acts.ts';
import { custodyWorld, errorOf, oldKeyId } from '../app/custody-world.ts';
import { nativeWorld } from '../app/native-world.ts';

const hostile = [
  'us-east-2.example.com',
  'example.com/x/-a-1',
  'x:y@example.com/-a-1',
  'cn-north-1',
  'us-east-2 us-east-2',
  'us-east-2 example.com',
  // Only policy names other places than Regions.
  'github-actions:acme/web',
  'parameter-store:us-east-2',
];

test.each(hostile)('keyturn:copies says %s', async (copies) => {
  const world = await nativeWorld({ [secretTags.copies]: copies });
  await world.rotate();
  await world.pass({ hours: 1 });
  expect(world.invoked[0]?.problem).toContain('copies are asked for where there can be none');
  expect(world.keys().map(({ keyId }) => keyId)).toEqual([oldKeyId]);
  expect(new Set(world.cloud.history.map(({ region }) => region))).toEqual(new Set([world.region]));
});

test.each(hostile.slice(0, 4))('keyturn:copied says %s', async (copied) => {
  const world = custodyWorld();
  await through(world, 'createSecret', 'undo');
  await outsider(world, 'secretsmanager', 'TagResource', {
    SecretId: 'keyturn/svc-billing',
    Tags: [{ Key: secretTags.copied, Value: copied }],
  });
  const { message } = errorOf(await world.run('createSecret', 2));
  expect(message).toContain('copies are asked for where there can be none');
  expect(keyIds(world)).toEqual([oldKeyId]);
  expect(new Set(world.cloud.history.map(({ region }) => region))).toEqual(new Set([world.region]));
});
