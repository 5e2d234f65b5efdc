/** Who becomes exempt while Keyturn has the key off: somebody has to hear that it is off. */
import { expect, test } from 'vitest';
import { givenWorld } from '../sandbox/given-world.ts';

test('exempt while Keyturn has the key off: somebody is paged', async () => {
  const given = await givenWorld();
  await given.until('soaking');
  given.world.cloud.attachPolicy(
    given.user.account,
    given.user.userName,
    'arn:aws:iam::aws:policy/AdministratorAccess',
  );
  await given.until('done');
  await given.pass({ days: 1 });
  // The key is off by Keyturn's hand, nobody watches it, and there is no button any more.
  expect(given.oldKey() === 'Active' || given.incidents().length > 0).toBe(true);
});
