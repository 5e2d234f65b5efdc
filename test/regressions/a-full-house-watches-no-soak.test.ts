/** A key that is needed while it is off is given back, however many runs are under way. */
import { describe, expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell } from '../app/given-shell.ts';
import { inUse, soaking, story, use } from '../builders.ts';

describe('while there is no room among the runs', () => {
  test('a key that is needed while off is given back, deletion due or not', async () => {
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
