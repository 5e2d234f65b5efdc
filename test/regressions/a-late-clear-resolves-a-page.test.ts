/**
 * Whoever had nobody paged went on, which orders a clear all the same. PagerDuty was down, and by
 * the time it answered the first page had got through: the clear bore its name, and resolved it.
 */
import { expect, test } from 'vitest';
import { performOne, performOutstanding } from '../../app/perform.ts';
import { endless } from '../../app/time-left.ts';
import type { Concern } from '../../domain/incident.ts';
import { plus } from '../../domain/instant.ts';
import { type GivenShell, givenShell } from '../app/given-shell.ts';
import { held, overlapping, rotationId } from '../builders.ts';

const page = (about: Concern) =>
  ({ type: 'page', about, severity: 'warning', summary: 'It is held.' }) as const;
const clear = (about: Concern) => ({ type: 'clear page', about }) as const;
const acknowledge = (about: Concern) => ({ type: 'acknowledge page', about }) as const;
const key = `rot/${rotationId}/held`;

const incidents = ({ world }: GivenShell) =>
  world.pagerDuty.incidents().map(({ dedupKey, status }) => [dedupKey, status]);

/** What waits, by the version that ordered it. */
async function waiting({ shell, world }: GivenShell) {
  const ever = plus(world.clock.now(), { days: 365 });
  const effects = await shell.store.outstanding(ever, 100);
  return effects.toSorted((one, other) => one.version - other.version);
}

test.each(['clear', 'acknowledge'] as const)('a late %s of nothing changes nothing', async (it) => {
  const given = await givenShell();
  await given.put(held(), []);
  const order = it === 'clear' ? clear('held') : acknowledge('held');
  await given.moved(overlapping(), [order]);
  await given.moved(held(), [page('held')]);
  const [late, first] = await waiting(given);
  if (late === undefined || first === undefined) throw new Error('two orders wait');
  await performOne(given.shell, first, endless);
  await performOne(given.shell, late, endless);
  expect(incidents(given)).toEqual([[key, 'triggered']]);
  expect(await waiting(given)).toEqual([]);
});

test('a page is cleared by the clear after it, however many came before', async () => {
  const given = await givenShell();
  await given.put(held(), []);
  await given.moved(overlapping(), [clear('held'), clear('old-key-used')]);
  await given.moved(held(), [page('held'), page('old-key-used')]);
  await given.moved(overlapping(), [clear('held')]);
  await given.moved(held(), [page('held')]);
  await performOutstanding(given.shell);
  const used = `rot/${rotationId}/old-key-used`;
  expect(incidents(given)).toEqual([
    [used, 'triggered'],
    [`${key}/2`, 'triggered'],
  ]);
  await given.moved(overlapping(), [clear('held'), clear('old-key-used')]);
  await performOutstanding(given.shell);
  expect(incidents(given)).toEqual([
    [used, 'resolved'],
    [`${key}/2`, 'resolved'],
  ]);
});
