/** The stop switch, pulled while a tick is under way: what it has not begun, it does not begin. */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { instant } from '../../domain/instant.ts';
import type { StopState } from '../../domain/ports.ts';
import { approvedProposal, story } from '../builders.ts';
import { givenShell, otherKey } from './given-shell.ts';

/** `go` for so many reads. */
function goFor(reads: number) {
  let left = reads;
  return {
    read: async (): Promise<StopState> => {
      left -= 1;
      return left >= 0 ? { stopped: false } : { stopped: true, why: 'a drill', since: null };
    },
  };
}

const approved = approvedProposal({ due: story.opened });

test('before anything: nothing is asked of the store, and the answer says why', async () => {
  const { shell, put, stageOf } = await givenShell();
  await put(approved);
  const stopped = { woken: 0, effects: 0, stopped: 'a drill' };
  expect(await tick({ ...shell, stopSwitch: goFor(0) })).toEqual(stopped);
  expect((await stageOf())?.name).toBe('proposed');
});

test('after the first of two rotations was woken: the second stays asleep', async () => {
  const { shell, put, stageOf } = await givenShell();
  const other = otherKey();
  await put(approved);
  await put(approved, [], other);
  const { woken } = await tick({ ...shell, stopSwitch: goFor(2) });
  expect(woken).toBe(1);
  const stages = [(await stageOf())?.name, (await stageOf(other.id))?.name];
  expect(stages.filter((name) => name === 'proposed')).toHaveLength(1);
});

test('after the first of two effects: the second waits, and is performed later', async () => {
  const { shell, put, heads, world } = await givenShell();
  const page = { type: 'page', about: 'held', severity: 'error', summary: 'look' } as const;
  await put(approvedProposal({ due: instant('2036-01-01T00:00:00Z') }), [
    { type: 'update message', news: null },
    page,
  ]);
  expect(await tick({ ...shell, stopSwitch: goFor(2) })).toMatchObject({ effects: 1 });
  expect(heads()).toHaveLength(1);
  expect(world.pagerDuty.incidents()).toEqual([]);
  await tick(shell);
  expect(world.pagerDuty.incidents()).toHaveLength(1);
});
