/**
 * A page is cleared while PagerDuty is down, and by the time it answers again somebody has to be
 * paged anew. Whoever acknowledged the first page is not looking at the second: it has to ring.
 * The orders may come through in either order, and the hub may die between them.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { performOne, performOutstanding } from '../../app/perform.ts';
import { endless } from '../../app/time-left.ts';
import type { Effect, OutstandingEffect } from '../../domain/effect.ts';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { type GivenShell, givenShell } from '../app/given-shell.ts';
import { held, overlapping, rotationId } from '../builders.ts';

const page: Effect = { type: 'page', about: 'held', severity: 'warning', summary: 'It is held.' };
const clear: Effect = { type: 'clear page', about: 'held' };
const key = `rot/${rotationId}/held`;

let given: GivenShell;

const incidents = () =>
  given.world.pagerDuty.incidents().map(({ dedupKey, status }) => [dedupKey, status]);

/** What waits, by the version that ordered it. */
async function waiting(): Promise<readonly OutstandingEffect[]> {
  const ever = plus(given.world.clock.now(), { days: 365 });
  const effects = await given.shell.store.outstanding(ever, 100);
  return effects.toSorted((one, other) => one.version - other.version);
}

/** Paged, acknowledged; then cleared and paged anew, with neither performed yet. */
beforeEach(async () => {
  given = await givenShell();
  await given.put(held(), [page]);
  await performOutstanding(given.shell);
  given.world.pagerDuty.acknowledge(key);
  await given.moved(overlapping(), [clear]);
  await given.moved(held(), [page]);
});

describe('the second page rings, and the first is closed', () => {
  const end = [
    [key, 'resolved'],
    [`${key}/2`, 'triggered'],
  ];

  test.each([
    ['as they were ordered', [0, 1]],
    ['the other way round', [1, 0]],
  ])('%s', async (_, turns) => {
    const effects = await waiting();
    for (const turn of turns) {
      const effect = effects[turn];
      if (effect !== undefined) await performOne(given.shell, effect, endless);
    }
    expect(incidents()).toEqual(end);
    expect(await waiting()).toEqual([]);
  });

  test('although the hub dies before it has noted either', async () => {
    const { store } = given.shell;
    const { settle } = store;
    store.settle = () => Promise.reject(new Transient('the function ran out of time'));
    await performOutstanding(given.shell);
    expect(await waiting()).toHaveLength(2);
    given.world.pagerDuty.acknowledge(`${key}/2`);
    store.settle = settle;
    await given.later({ hours: 1 });
    await performOutstanding(given.shell);
    // Whoever has answered the second meanwhile is not called again.
    expect(incidents()).toEqual([
      [key, 'resolved'],
      [`${key}/2`, 'acknowledged'],
    ]);
  });

  test('and a third is a third one', async () => {
    await performOutstanding(given.shell);
    await given.moved(overlapping(), [clear]);
    await given.moved(held(), [page]);
    await performOutstanding(given.shell);
    expect(incidents()).toEqual([
      [key, 'resolved'],
      [`${key}/2`, 'resolved'],
      [`${key}/3`, 'triggered'],
    ]);
  });
});
