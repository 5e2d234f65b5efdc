/**
 * Where many waited for a run and there was no room, none of them was looked at: however long they
 * had waited, none counted as overdue, and no alarm told of runs that never end.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell, orderedAtOpening } from '../app/given-shell.ts';
import { approvedProposal, issuing, staleKey, story } from '../builders.ts';

test.each([
  ['anywhere', { capacity: 2 }],
  ['in their account', { accountCapacity: 2 }],
])('those who wait for hours are overdue where there is no room %s', async (_, room) => {
  const given = await givenShell(plus(story.opened, { hours: 2 }));
  const run = { ...orderedAtOpening(), pollAt: plus(story.opened, { hours: 3 }) };
  for (let index = 0; index < 50; index++) {
    const key = { ...staleKey, keyId: `AKIAEXAMPLE${String(index).padStart(5, '0')}` };
    const stage = index < 2 ? issuing({ run }) : approvedProposal({ due: story.opened });
    await given.put(stage, [], { id: `rotation-${index}`, key });
  }
  const ticked = await tick({ ...given.shell, ...room });
  expect('overdue' in ticked ? ticked.overdue : 0).toBeGreaterThan(0);
  expect(given.world.runner.list(given.world.place)).toEqual([]);
});
