/**
 * An owner attested that nothing needed the old key, and then said that the key was not theirs: the
 * word of somebody who cannot have known still stood in for anybody's being seen with the new key.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import type { Actor, Owner } from '../../domain/people.ts';
import { decide } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  approver,
  deactivating,
  deleting,
  held,
  notPicked,
  overlapping,
  restoring,
  retirement,
  rotationAt,
  safe,
  soaking,
  story,
} from '../builders.ts';

const olu = { kind: 'person', id: 'U0123OWNER', name: 'Olu Owner' } as const;
const nobody: Owner = { known: false };
const omar: Owner = { known: true, slackUserId: 'U0OMAR', name: 'Omar Haddad' };
const authority = { kind: 'attested', by: 'Olu Owner', at: story.pickedUp } as const;
const overlap = overlapping({ authority });
const soak = soaking({ authority, before: overlap });

const notMine = (stage: Stage, by: Actor = olu, owner: Owner = nobody) =>
  decide(
    rotationAt(stage),
    { type: 'reassigned', by, owner, assigned: by === approver },
    story.pickedUp,
  );

/** Every authority anywhere in it. */
function words(stage: unknown): readonly string[] {
  if (typeof stage !== 'object' || stage === null) return [];
  return Object.entries(stage).flatMap(([field, value]) =>
    field === 'authority' ? [value.kind] : words(value),
  );
}

const stages: Readonly<Record<string, Stage>> = {
  overlapping: overlap,
  soaking: soak,
  'held at overlapping': held({ kept: overlap }),
  'held at soaking': held({ kept: soak, oldKey: 'Inactive' }),
  deactivating: deactivating({ before: overlap }),
  deleting: deleting({ soak }),
  restoring: restoring({ from: soak }),
  'restoring the overlap': restoring({ from: overlap }),
};

describe.each(Object.entries(stages))('%s', (_, stage) => {
  test('rests on evidence again where whoever attested says that it is not theirs', () => {
    const { rotation, effects } = notMine(stage);
    expect(words(stage)).toContain('attested');
    expect(new Set(words(rotation.stage))).toEqual(new Set(['evidence']));
    expect(JSON.stringify(effects)).toContain('counts no more');
  });

  test('and where somebody who may says that it was not theirs', () => {
    expect(words(notMine(stage, approver, omar).rotation.stage)).not.toContain('attested');
  });
});

test.each([
  ['somebody else’s word stands', overlapping({ authority: { ...authority, by: 'Ada Approver' } })],
  ['an admin’s force stands', overlapping({ authority: { ...authority, kind: 'forced' } })],
  ['a key to retire needs no word', retirement()],
])('%s', (_, stage) => {
  const { rotation, effects } = notMine(stage);
  expect(rotation.stage).toEqual(stage);
  expect(JSON.stringify(effects)).not.toContain('counts no more');
});

test('evidence that was gathered while the word still counted switches nothing off', () => {
  const { rotation } = notMine(overlap);
  const at = story.deactivateAt;
  const evidence = safe({ at, pickup: notPicked }, 'attested');
  const event = { type: 'evidence gathered', evidence } as const;
  const late = decide(rotation, event, plus(at, { minutes: 1 }));
  expect(late.ignored).toBe('the evidence rests on a word that counts no more');
  const stillCounts = decide(rotationAt(overlap), event, plus(at, { minutes: 1 }));
  expect(stillCounts.rotation.stage.name).toBe('deactivating');
});
