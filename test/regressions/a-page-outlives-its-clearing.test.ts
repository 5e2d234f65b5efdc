/**
 * What a page was for ended while the page was on its way: PagerDuty was told of the end first, and
 * of the beginning afterwards. The incident stayed open for ever. And a page whose acknowledgement
 * PagerDuty refused was sent anew, 128 times.
 */
import { describe, expect, test } from 'vitest';
import { performOutstanding, performTurn } from '../../app/perform.ts';
import { endless } from '../../app/time-left.ts';
import type { Effect } from '../../domain/effect.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { Pager } from '../../domain/ports.ts';
import { type GivenShell, givenShell } from '../app/given-shell.ts';
import { held, overlapping, rotationId } from '../builders.ts';

const page: Effect = { type: 'page', about: 'held', severity: 'warning', summary: 'It is held.' };
const clear: Effect = { type: 'clear page', about: 'held' };
const acknowledge: Effect = { type: 'acknowledge page', about: 'held' };
const key = `rot/${rotationId}/held`;

const incidents = ({ world }: GivenShell) =>
  world.pagerDuty.incidents().map(({ dedupKey, status, triggers }) => [dedupKey, status, triggers]);

/** The shell with what happens as it sends a page. */
function sending(given: GivenShell, go: (trigger: () => Promise<void>) => Promise<void>) {
  const { pager } = given.shell;
  let isFirst = true;
  const trigger: Pager['trigger'] = (incident) => {
    if (!isFirst) return pager.trigger(incident);
    isFirst = false;
    return go(() => pager.trigger(incident));
  };
  return { ...given.shell, pager: { ...pager, trigger } };
}

describe('what is cleared while its page is on its way is closed', () => {
  test('where the end arrives first', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    const shell = sending(given, async (trigger) => {
      await given.moved(overlapping(), [clear]);
      await performOutstanding(given.shell);
      await trigger();
    });
    await performOutstanding(shell);
    expect(incidents(given)).toEqual([[key, 'resolved', 1]]);
  });

  test('where the page got there, and its answer did not get back', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    const shell = sending(given, async (trigger) => {
      await given.moved(overlapping(), [clear]);
      const { store, clock } = given.shell;
      const waiting = await store.outstanding(clock.now(), 9);
      const ends = waiting.filter(({ effect }) => effect.type === 'clear page');
      await performTurn(given.shell, ends, endless);
      await trigger();
      throw new Transient('no answer');
    });
    await performOutstanding(shell);
    await given.later({ hours: 1 });
    await performOutstanding(given.shell);
    expect(incidents(given)).toEqual([[key, 'resolved', 1]]);
  });

  test('the next one, about the same, is left alone', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    const shell = sending(given, async (trigger) => {
      await given.moved(overlapping(), [clear]);
      await given.moved(held(), [page]);
      await trigger();
      await performOutstanding(given.shell);
    });
    await performOutstanding(shell);
    await performOutstanding(given.shell);
    const open = incidents(given).filter(([, status]) => status === 'triggered');
    expect(open.map(([name]) => name)).toEqual([`${key}/2`]);
  });

  test('what is taken in hand on the way is acknowledged', async () => {
    const given = await givenShell();
    await given.put(held(), [page]);
    const shell = sending(given, async (trigger) => {
      await given.moved(held(), [acknowledge]);
      await given.shell.pager.acknowledge(key);
      await trigger();
    });
    await performOutstanding(shell);
    expect(incidents(given)).toEqual([[key, 'acknowledged', 1]]);
  });
});

test('a page whose acknowledgement is refused is sent once', async () => {
  const given = await givenShell();
  await given.put(held(), [page]);
  await given.moved(held(), [acknowledge]);
  const refuse = () => Promise.reject(new Permanent('400: invalid routing key'));
  const { pager } = given.shell;
  const shell = { ...given.shell, pager: { ...pager, acknowledge: refuse } };
  for (const _ of [1, 2, 3]) {
    await performOutstanding(shell);
    await given.later({ hours: 7 });
  }
  expect(incidents(given)).toEqual([[key, 'triggered', 1]]);
  const said = given.world.log.filter(({ message }) => message === 'page not answered');
  expect(said).toHaveLength(1);
});
