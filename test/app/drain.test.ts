/** Draining: what moves comes to rest, nothing is cut off, no key is touched. */
import { beforeEach, expect, test } from 'vitest';
import { type Drain, drain, inFlight, isAtRest } from '../../app/drain.ts';
import { plus } from '../../domain/instant.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  deactivating,
  done,
  held,
  issuing,
  orderedRun,
  overlapping,
  proposed,
  soaking,
  startedRun,
  story,
} from '../builders.ts';
import { type GivenShell, givenShell, otherKey } from './given-shell.ts';

const operator = {
  kind: 'person',
  id: 'arn:aws:sts::111122223333:assumed-role/operator/noor',
  name: 'noor (npm run drain)',
} as const;

let given: GivenShell;

beforeEach(async () => {
  given = await givenShell();
});

/** One rotation at each of these stages, of a key of its own; their ids in that order. */
async function put(...stages: readonly Stage[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const [index, stage] of stages.entries()) {
    const own = otherKey(`AKIAI44QH8DHB${index}EXAMPLE`);
    await given.put(stage, [], own);
    ids.push(own.id);
  }
  return ids;
}

function order(changes: Partial<Drain> = {}): Drain {
  return {
    shell: given.shell,
    stopSwitch: given.shell.stopSwitch,
    by: operator,
    how: 'hold',
    until: plus(story.opened, { hours: 2 }),
    pause: () => given.later({ minutes: 30 }),
    onProgress: () => undefined,
    ...changes,
  };
}

const changingCalls = () =>
  given.world.cloud.history.filter(({ operation }) => /AccessKey|Automation/.test(operation));

test('everything that is not done is listed, whatever it waits for and however long', async () => {
  const far = plus(story.opened, { days: 400 });
  await put(proposed({ answerBy: far }), overlapping({ deactivateAt: far }), soaking(), held());
  await given.put(done(), [], otherKey('AKIAI44QH8DHB9EXAMPLE'));
  const listed = await inFlight(given.shell.store, story.opened);
  expect(listed.moving.map(({ stage }) => stage.name).toSorted()).toEqual([
    'overlapping',
    'proposed',
    'soaking',
  ]);
  expect(listed.held).toHaveLength(1);
  expect(isAtRest(listed)).toBe(false);
});

test('holding holds what may be held, in the name of who drains, and calls nothing', async () => {
  const ids = await put(proposed(), overlapping(), soaking(), held());
  // What holding orders (a message to be shown anew) is performed by the hub, not here.
  await drain(order({ until: story.opened }));
  for (const id of ids) expect((await given.stageOf(id))?.name).toBe('held');
  const [first = ''] = ids;
  const [entry] = (await given.shell.store.journal(first)).slice(-1);
  expect(entry).toMatchObject({ actor: operator, event: { type: 'paused' }, to: 'held' });
  expect(await given.eventsOf(ids[3])).toEqual([]);
  expect(changingCalls()).toEqual([]);
});

test('a run that is under way is neither held nor cut off, and is waited for', async () => {
  const poll = plus(story.opened, { hours: 1 });
  const ids = await put(
    issuing({ run: startedRun(poll) }),
    deactivating({ run: orderedRun(poll) }),
  );
  const seen: number[] = [];
  const drained = await drain(order({ onProgress: ({ moving }) => seen.push(moving.length) }));
  expect(drained).toMatchObject({ left: { moving: [{}, {}], held: [] }, heldNow: 0 });
  expect(seen).toEqual([2, 2, 2, 2, 2]);
  for (const id of ids) expect(await given.eventsOf(id)).toEqual([]);
  expect(changingCalls()).toEqual([]);
});

test('once its run has ended, it is held too', async () => {
  const [id = ''] = await put(deactivating({ run: startedRun(plus(story.opened, { hours: 1 })) }));
  const pause = async () => {
    await given.later({ minutes: 30 });
    if ((await given.stageOf(id))?.name === 'deactivating') await given.moved(soaking(), [], id);
  };
  const drained = await drain(order({ pause }));
  expect(drained).toMatchObject({ heldNow: 1, left: { moving: [] } });
  expect((await given.stageOf(id))?.name).toBe('held');
});

test('finishing holds nothing', async () => {
  const [id = ''] = await put(overlapping());
  expect(await drain(order({ how: 'finish' }))).toMatchObject({ heldNow: 0 });
  expect(await given.eventsOf(id)).toEqual([]);
});

test('orders that are not performed yet keep it from being at rest', async () => {
  await given.put(held(), [{ type: 'publish' }]);
  const listed = await inFlight(given.shell.store, story.opened);
  expect(listed).toMatchObject({ moving: [], outstanding: 1 });
  expect(isAtRest(listed)).toBe(false);
});

test('while Keyturn is stopped nothing is held: no stage may change', async () => {
  const [id = ''] = await put(overlapping());
  await given.world.stop('incident 42');
  await given.later({ minutes: 1 });
  const { refused } = await drain(order());
  expect(refused).toContain('incident 42');
  expect((await given.stageOf(id))?.name).toBe('overlapping');
});

/** Looks until rest is believed, where no order shows before it is performed. */
async function looks(changes: Partial<GivenShell['shell']['store']>, sleep = given.later) {
  const seen: number[] = [];
  const store = { ...given.shell.store, outstanding: async () => [], ...changes };
  const clock = {
    ...given.shell.clock,
    sleep: (milliseconds: number) => sleep({ milliseconds }),
  };
  const onProgress = () => seen.push(seen.length);
  await drain(order({ shell: { ...given.shell, store, clock }, onProgress }));
  return seen.length;
}

test('rest is seen twice before it is believed, a minute apart', async () => {
  const slept: unknown[] = [];
  const sleep: GivenShell['later'] = async (time) => void slept.push(time);
  expect(await looks({}, sleep)).toBe(2);
  expect(slept).toEqual([{ milliseconds: 60_000 }]);
});

test('after something was held, rest is seen twice anew, however late the index is', async () => {
  await put(overlapping());
  let asked = 0;
  // It is shown to the second round of holding, and to no look.
  const due: GivenShell['shell']['store']['due'] = async (...question) => {
    asked += 1;
    return Math.ceil(asked / 4) === 3 ? given.shell.store.due(...question) : [];
  };
  expect(await looks({ due })).toBe(3);
});

test('two looks that show other rotations held are no two that agree', async () => {
  let nights = 0;
  const sleep: GivenShell['later'] = async (time) => {
    await given.later(time);
    nights += 1;
    if (nights === 1) await put(held());
  };
  expect(await looks({}, sleep)).toBe(3);
});
