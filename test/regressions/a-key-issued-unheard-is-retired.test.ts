/**
 * Readers of a secret got a key of which the hub had never heard: a native rotation while the user
 * was exempt, an issue whose end nobody learned. Unused for long, it was retired as if nobody
 * would ever read it.
 */
import { expect, test } from 'vitest';
import type { Exemption } from '../../domain/exemption.ts';
import { plus } from '../../domain/instant.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { sandboxBook } from '../../sandbox/settings.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import { keysOf, operator, region, rotate, rotationsOf, start } from '../sandbox/given-native.ts';
import { account } from '../sandbox/given-world.ts';
import { currentKeyId } from '../sandbox/promises.ts';
import { issuedUnheard } from './issued-unheard.ts';

const userName = 'svc-native';

async function exemptAndRotatedNatively() {
  const exemption: Exemption = {
    index: 0,
    account,
    whom: { by: 'name', userName },
    reason: 'Freeze.',
    by: 'Sam Oncall',
    from: start,
    until: plus(start, { days: 30 }),
  };
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region },
    accounts: [account],
    mode: 'auto',
    book: { ...sandboxBook('auto'), exemptions: [exemption] },
    seed: 'native',
  });
  const createdAt = plus(start, { days: -120 });
  const user = world.cloud.addUser({ account, userName, createdAt });
  const key = world.cloud.addKey(account, userName, { createdAt });
  const tags = {
    [secretTags.userId]: user.userId,
    [secretTags.userName]: userName,
    [secretTags.driver]: 'secrets-manager',
  };
  await operator(world, 'CreateSecret', {
    Name: `keyturn/${userName}`,
    SecretString: JSON.stringify({ placeholder: true, userName }),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  await rotate(world);
  await world.runUntil(plus(start, { hours: 2 }));
  await operator(world, 'CancelRotateSecret', { SecretId: `keyturn/${userName}` });
  return { world, user, key };
}

async function deleteByHand(world: World, keyId: string): Promise<void> {
  const credentials = world.cloud.roleCredentials(account, 'operator', 'olivia');
  const input = { UserName: userName, AccessKeyId: keyId };
  const operation = 'DeleteAccessKey';
  await world.cloud.call({ service: 'iam', operation, input, region, credentials });
}

test('a key of a native rotation that happened while its user was exempt', async () => {
  const { world, user, key } = await exemptAndRotatedNatively();
  expect(await rotationsOf(world, user)).toEqual([]);
  const current = currentKeyId(world, user);
  expect(current).toBe(keysOf(world)[1]?.keyId);
  // As the team was told to do.
  await deleteByHand(world, key.keyId);
  await world.runUntil(plus(start, { days: 100 }));
  reportStaleUser(world, user, ['security hub']);
  await world.runUntil(plus(start, { days: 110 }));
  expect(keysOf(world).find(({ keyId }) => keyId === current)?.status).toBe('Active');
  expect((await rotationsOf(world, user)).map(({ kind }) => kind)).toEqual(['replace']);
});

test('a key that an issue made current, of which nobody learned', async () => {
  const { given, newKey } = await issuedUnheard();
  await given.pass({ days: 100 });
  reportStaleUser(given.world, given.user, ['config']);
  await given.pass({ days: 6 });
  expect(given.statusOf(newKey)).toBe('Active');
});
