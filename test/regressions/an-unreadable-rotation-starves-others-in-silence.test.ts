/**
 * A rotation or an order that cannot be read (a newer Keyturn wrote it) was left where it was, and
 * no alarm heard of it; 200 such rotations kept a tick from ever reaching those behind them.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { Permanent } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell, otherKey } from '../app/given-shell.ts';
import { inUse, overlapping, soaking, story, use } from '../builders.ts';

/** A world in which so many rotations cannot be read, and one soaks behind them. */
async function givenUnreadable(howMany: number) {
  const given = await givenShell(plus(story.deactivated, { hours: 5 }));
  const { clock } = given.world;
  const now = clock.now();
  const unreadable = new Set<string>();
  const waits = { nextProbeAt: plus(now, { seconds: -9 }), deactivateAt: plus(now, { days: 3 }) };
  for (let index = 0; index < howMany; index++) {
    const other = otherKey(`AKIAEXAMPLE${String(index).padStart(9, '0')}`);
    await given.put(overlapping(waits), [], other);
    unreadable.add(other.id);
  }
  await given.put(soaking({ nextProbeAt: plus(now, { seconds: -5 }) }));
  const load: typeof given.shell.store.load = async (id) => {
    if (unreadable.has(id)) throw new Permanent(`rotation ${id} was written by a newer Keyturn`);
    return given.shell.store.load(id);
  };
  const examine = async () =>
    inUse({ at: clock.now(), oldKey: 'Inactive', uses: [use(clock.now())] });
  const store = { ...given.shell.store, load };
  return { given, shell: { ...given.shell, store, witness: { examine } } };
}

test.each([1, 200])(
  'behind %i of them a key in use is given back all the same',
  async (howMany) => {
    const { given, shell } = await givenUnreadable(howMany);
    expect(await tick(shell)).toMatchObject({ woken: howMany + 1, overdue: howMany });
    expect((await given.stageOf())?.name).toBe('restoring');
  },
);

test('an order that cannot be read is counted with what is overdue', async () => {
  const given = await givenShell();
  const outstanding: typeof given.shell.store.outstanding = async (now, limit, unread) => {
    unread?.();
    return given.shell.store.outstanding(now, limit);
  };
  const store = { ...given.shell.store, outstanding };
  expect(await tick({ ...given.shell, store })).toMatchObject({ effects: 0, overdue: 1 });
});
