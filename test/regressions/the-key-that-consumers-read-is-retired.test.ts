/** S1: the key that consumers read is not retired because nobody has read it yet. */
import { expect, test } from 'vitest';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';

test('the new key of a rotation on hold for long stays on, though unused', async () => {
  // A program that never changes over: the rotation is held at its overlap, and nobody answers.
  const given = await givenWorld({
    apps: [{ changesOverAfterHours: 100_000 }],
    outsiderInterferes: true,
  });
  await given.until('held', { days: 40 });
  const [newKey] = given.newKeys();
  await given.pass({ days: 100 });
  reportStaleUser(given.world, given.user, ['config']);
  await given.pass({ days: 4 });
  const ids = await given.world.store.ofUser(account, given.user.userId);
  const all = await Promise.all(ids.map((id) => given.world.store.load(id)));
  const second = all.find((each) => each?.key.keyId === newKey?.keyId);
  expect(second?.kind).toBe('replace');
  expect(given.statusOf(newKey?.keyId ?? '')).toBe('Active');
});

test('nor is it the spare that goes after its rotation was abandoned', async () => {
  const given = await givenWorld({
    apps: [{ changesOverAfterHours: 100_000 }],
    outsiderInterferes: true,
  });
  await given.until('held', { days: 40 });
  const [newKey] = given.newKeys();
  await given.press('sam', 'Abandon');
  await given.pass({ days: 100 });
  reportStaleUser(given.world, given.user, ['config']);
  await given.pass({ days: 5 });
  expect(given.statusOf(newKey?.keyId ?? '')).toBe('Active');
});
