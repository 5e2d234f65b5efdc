/**
 * Secrets Manager made a second key for a user whom policy exempts or only observes: nobody ever
 * switches the first one off, and nobody was told.
 */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { given, keysOf, rotate, start } from '../sandbox/given-native.ts';
import { account } from '../sandbox/given-world.ts';

test('L1: an old key that nobody will ever switch off is told to somebody', async () => {
  const { world, user } = await given();
  world.cloud.attachPolicy(account, user.userName, 'arn:aws:iam::aws:policy/AdministratorAccess');
  await rotate(world);
  await world.runUntil(plus(start, { days: 40 }));
  const told = [...world.slack.messages(), ...world.pagerDuty.incidents()];
  expect(keysOf(world).length === 1 || told.length > 0).toBe(true);
});

test('in mode observe the team hears of both keys, once', async () => {
  const { world, user, key } = await given('observe');
  await rotate(world);
  await world.runUntil(plus(start, { days: 2 }));
  const newKey = keysOf(world).find(({ keyId }) => keyId !== key.keyId);
  const told = world.slack.messages().map(({ text }) => text);
  expect(told).toHaveLength(1);
  for (const part of [key.keyId.slice(-4), newKey?.keyId.slice(-4), user.userName, 'by hand']) {
    expect(told[0]).toContain(part);
  }
});
