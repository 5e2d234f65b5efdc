/** L1: nothing gets stuck without somebody being told. */
import { describe, expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell } from '../app/given-shell.ts';
import { inUse, soaking, story, use } from '../builders.ts';
import { givenWorld } from '../sandbox/given-world.ts';

describe('while there is no room among the runs', () => {
  test.fails('a key that is needed while off is given back, deletion due or not', async () => {
    const now = plus(story.deleteAt, { hours: 1 });
    const given = await givenShell(now);
    await given.put(soaking());
    const at = given.world.clock.now();
    const evidence = inUse({ at, oldKey: 'Inactive', uses: [use(at)] });
    const examine = async () => evidence;
    await tick({ ...given.shell, witness: { examine }, capacity: 0 });
    expect(await given.stageOf()).toMatchObject({ name: 'restoring' });
  });
});

test.fails('exempt while Keyturn has the key off: somebody is paged', async () => {
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
