/** PagerDuty's incidents and changes, performed late, out of order and twice. */
import { describe, expect, test } from 'vitest';
import { performOutstanding } from '../../app/perform.ts';
import type { Effect } from '../../domain/effect.ts';
import { Transient } from '../../domain/errors.ts';
import { held, overlapping, proposed, rotationId, story } from '../builders.ts';
import { type GivenShell, givenShell } from './given-shell.ts';

const page: Effect = { type: 'page', about: 'held', severity: 'warning', summary: 'It is held.' };
const clear: Effect = { type: 'clear page', about: 'held' };
const acknowledge: Effect = { type: 'acknowledge page', about: 'held' };
const change: Effect = { type: 'report change', summary: 'It is done.' };
const key = `rot/${rotationId}/held`;

const incidents = ({ world }: GivenShell) =>
  world.pagerDuty.incidents().map(({ dedupKey, status, triggers }) => [dedupKey, status, triggers]);

const ends = ({ world }: GivenShell) =>
  world.log.filter(({ message }) => message === 'effect').map(({ facts }) => facts.end);

/** Everything that waits is tried in vain. */
async function down(given: GivenShell): Promise<void> {
  given.world.pagerDuty.fail({ kind: 'status', status: 503 });
  await performOutstanding(given.shell);
  given.world.pagerDuty.fail(null);
  await given.later({ minutes: 1 });
}

/** Performed, and not noted. */
async function unnoted(given: GivenShell): Promise<void> {
  const { store } = given.shell;
  const { settle } = store;
  store.settle = () => Promise.reject(new Transient('the function ran out of time'));
  await performOutstanding(given.shell);
  store.settle = settle;
  await given.later({ minutes: 1 });
}

describe('acknowledge page', () => {
  test('nobody further is called, and it stays open until it is cleared', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    await given.moved(held(), [acknowledge]);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[key, 'acknowledged', 1]]);
    await given.moved(overlapping(), [clear]);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[key, 'resolved', 1]]);
  });

  test('ordered before the page got through: it is in hand as soon as it does', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    await down(given);
    await down(given);
    await given.moved(held(), [acknowledge]);
    await performOutstanding(given.shell);
    expect(ends(given), 'the page is not due yet').toEqual(['performed']);
    expect(incidents(given)).toEqual([]);
    await given.later({ hours: 1 });
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[key, 'acknowledged', 1]]);
  });

  test('late: never of what was opened since', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    await performOutstanding(given.shell);
    await given.moved(held(), [acknowledge]);
    await down(given);
    await given.moved(overlapping(), [clear]);
    await given.moved(held(), [page]);
    await performOutstanding(given.shell);
    await given.later({ hours: 1 });
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([
      [key, 'resolved', 1],
      [`${key}/2`, 'triggered', 1],
    ]);
    expect(ends(given)).toContainEqual({ superseded: 'it was cleared meanwhile' });
  });

  test('of another concern leaves it ringing', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    await given.moved(held(), [{ type: 'acknowledge page', about: 'old-key-used' }]);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[key, 'triggered', 1]]);
  });

  test('performed twice changes nothing twice', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    await performOutstanding(given.shell);
    await given.moved(held(), [acknowledge]);
    await unnoted(given);
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[key, 'acknowledged', 1]]);
  });
});

describe('report change', () => {
  test('shows with the moment of the decision, however late, and rings nobody', async () => {
    const given = await givenShell();
    await given.put(proposed(), [change]);
    await given.later({ minutes: 5 });
    await performOutstanding(given.shell);
    expect(given.world.pagerDuty.changes()).toEqual([
      { summary: 'It is done.', source: '111122223333/svc-billing', timestamp: story.opened },
    ]);
    expect(incidents(given)).toEqual([]);
  });

  test('what PagerDuty did not take is reported later, once', async () => {
    const given = await givenShell();
    await given.put(proposed(), [change]);
    await down(given);
    await performOutstanding(given.shell);
    await performOutstanding(given.shell);
    expect(given.world.pagerDuty.changes()).toHaveLength(1);
  });

  test('shows twice only if the hub died before it noted the first', async () => {
    const given = await givenShell();
    await given.put(proposed(), [change]);
    await unnoted(given);
    await performOutstanding(given.shell);
    const [one, two, ...more] = given.world.pagerDuty.changes();
    expect(two).toEqual(one);
    expect(more).toEqual([]);
  });
});
