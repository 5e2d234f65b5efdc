/**
 * An owner attested, a run was ordered on that, and then they said that the key was not theirs.
 * What the run was started with no longer followed from the state: Keyturn's own run was taken for
 * a stranger's, or an order on a word that counted no more was still carried out.
 */
import { describe, expect, test } from 'vitest';
import { performOutstanding } from '../../app/perform.ts';
import { endless } from '../../app/time-left.ts';
import { plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import { parametersOf } from '../../domain/runbook-order.ts';
import type { Deactivating, Deleting } from '../../domain/stage.ts';
import { givenShell } from '../app/given-shell.ts';
import {
  attestedBy,
  deactivating,
  deleting,
  overlapping,
  rotationAt,
  runEffectId,
  soaking,
  story,
} from '../builders.ts';

const olu = { kind: 'person', id: 'U0123OWNER', name: 'Olu Owner' } as const;
const before = overlapping({ authority: attestedBy });
const stages: readonly (Deactivating | Deleting)[] = [
  deactivating({ before }),
  deleting({ soak: soaking({ authority: attestedBy, before }) }),
];
const notMine = { type: 'reassigned', by: olu, owner: { known: false }, assigned: false } as const;
const at = plus(story.deactivateAt, { minutes: 1 });

describe.each(stages.map((stage) => [stage.name, stage] as const))('%s', (_, stage) => {
  test('the run is known by what it was ordered with', () => {
    const was = rotationAt(stage);
    const { rotation, effects } = decide(was, notMine, at);
    const uuid = (name: string) => name;
    expect(parametersOf(rotation, runEffectId, uuid)).toEqual(parametersOf(was, runEffectId, uuid));
    expect(JSON.stringify(effects)).toContain('under way');
  });
});

test('an order that has not begun is withdrawn', async () => {
  const given = await givenShell(story.deactivateAt);
  const order = { type: 'start runbook', runbook: 'deactivate-key' } as const;
  const run = {
    status: 'ordered',
    effectId: runEffectId.replace(/\/\d+\/0$/, '/1/0'),
    since: story.deactivateAt,
    pollAt: plus(story.deactivateAt, { minutes: 15 }),
  } as const;
  await given.put(deactivating({ before, run, orderedOn: attestedBy }), [order]);
  await performOutstanding(given.shell, endless, 0);
  expect(await given.stageOf()).toMatchObject({ name: 'overlapping' });
  expect(await given.eventsOf()).toEqual(['run withdrawn']);
});

test('one that was never tried while all was stopped is decided anew', async () => {
  const given = await givenShell(plus(story.deactivateAt, { minutes: 20 }));
  const order = { type: 'start runbook', runbook: 'deactivate-key' } as const;
  const run = {
    status: 'ordered',
    effectId: runEffectId.replace(/\/\d+\/0$/, '/1/0'),
    since: story.deactivateAt,
    pollAt: plus(story.deactivateAt, { minutes: 15 }),
  } as const;
  await given.put(deactivating({ run }), [order]);
  await performOutstanding(given.shell, endless, 0);
  expect(await given.eventsOf()).toEqual(['run withdrawn']);
});
