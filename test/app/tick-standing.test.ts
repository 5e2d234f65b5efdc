/** What a tick counts of the rotations that were due: those on hold, and those overdue. */
import { describe, expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { wakeOf } from '../../domain/wake.ts';
import { approvedProposal, held, rotationAt, rotationId, story } from '../builders.ts';
import { givenShell } from './given-shell.ts';

const hour = 3_600_000;

const dueAt = (stage: ReturnType<typeof held>) => wakeOf(rotationAt(stage))?.at ?? story.opened;

describe('a tick counts', () => {
  test('a held rotation when it is looked at, and not until a day later again', async () => {
    const at = dueAt(held());
    const given = await givenShell(at);
    await given.put(held());
    expect(await tick(given.shell)).toMatchObject({ woken: 1, held: 1, overdue: 0 });
    await given.world.clock.sleep(23 * hour);
    expect(await tick(given.shell)).toMatchObject({ woken: 0, held: 0 });
    await given.world.clock.sleep(1 * hour);
    expect(await tick(given.shell)).toMatchObject({ woken: 1, held: 1, overdue: 0 });
  });

  test.each([
    [59, 0],
    [60, 1],
  ])('one that became due %i minutes ago: overdue %i', async (minutes, overdue) => {
    const given = await givenShell(plus(story.opened, { minutes }));
    await given.put(approvedProposal({ due: story.opened }));
    expect(await tick(given.shell)).toMatchObject({ woken: 1, held: 0, overdue });
  });

  test('one whose waking fails each time as overdue, until it works', async () => {
    const given = await givenShell();
    await given.put(approvedProposal({ due: story.opened }));
    const { store } = given.shell;
    const commit = async () => {
      throw new Transient('the table throttled the call');
    };
    const broken = { ...given.shell, store: { ...store, commit } };
    expect(await tick(broken)).toMatchObject({ woken: 1, overdue: 0 });
    await given.world.clock.sleep(2 * hour);
    expect(await tick(broken)).toMatchObject({ woken: 1, overdue: 1 });
    expect(await tick(given.shell)).toMatchObject({ woken: 1, overdue: 1 });
    expect((await store.load(rotationId))?.stage.name).toBe('issuing');
    expect(await tick(given.shell)).toMatchObject({ overdue: 0 });
  });
});
