/** Native rotation: what its events and tags can cause that nobody decided. */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { given, keysOf, rotate, start } from '../sandbox/given-native.ts';
import { account } from '../sandbox/given-world.ts';

test.fails('S13: no key is made for a privileged user, who is exempt', async () => {
  const { world, user } = await given();
  world.cloud.attachPolicy(account, user.userName, 'arn:aws:iam::aws:policy/AdministratorAccess');
  await rotate(world);
  await world.runUntil(plus(start, { hours: 1 }));
  expect(keysOf(world)).toHaveLength(1);
});

test.fails('while stopped no key is made, whoever drives the custodian', async () => {
  const { world } = await given();
  await world.stop('incident 42');
  await world.runUntil(plus(start, { hours: 1 }));
  await rotate(world);
  await world.runUntil(plus(start, { hours: 5 }));
  expect(keysOf(world)).toHaveLength(1);
});
