/**
 * Whose attestation it was went by a name: of an owner who was called otherwise by then it counted
 * on after they had said that the key was not theirs; and somebody else's of the same name did not.
 */
import { describe, expect, test } from 'vitest';
import { parseStoredRotation } from '../../adapters/stored-rotation.ts';
import type { Authority } from '../../domain/evidence.ts';
import type { Actor, Owner } from '../../domain/people.ts';
import { decide } from '../../domain/rotation.ts';
import type { Overlapping, Stage } from '../../domain/stage.ts';
import { approver, held, overlapping, rotationAt, story } from '../builders.ts';

const olu = { kind: 'person', id: 'U0123OWNER', name: 'Olu Owner' } as const;
const married = { known: true, slackUserId: olu.id, name: 'Olu Married' } as const;
const namesake = { kind: 'person', id: 'U0OTHEROLU', name: 'Olu Owner' } as const;
const omar: Owner = { known: true, slackUserId: 'U0OMAR', name: 'Omar Haddad' };

const authorityOf = ({ name, ...rest }: Stage): Authority | undefined =>
  name === 'held'
    ? authorityOf((rest as { kept: Stage }).kept)
    : (rest as Partial<Overlapping>).authority;

const attested = (by: Actor, stage: Stage) =>
  decide(rotationAt(stage), { type: 'attested', by }, story.pickedUp).rotation;

describe.each([
  ['overlapping', overlapping()],
  ['held', held({ kept: overlapping() })],
])('%s', (_, stage) => {
  const disowned = (by: Actor, owner: Owner = married) =>
    decide(
      { ...attested(by, stage), owner },
      { type: 'reassigned', by: approver, owner: omar, assigned: true },
      story.pickedUp,
    ).rotation.stage;

  test('the word of an owner who is called otherwise by now counts no more', () => {
    expect(authorityOf(attested(olu, stage).stage)?.kind).toBe('attested');
    expect(authorityOf(disowned(olu))).toEqual({ kind: 'evidence' });
  });

  test('the word of somebody else of the same name stands', () => {
    const owner = { known: true, slackUserId: olu.id, name: olu.name } as const;
    expect(authorityOf(disowned(namesake, owner))?.kind).toBe('attested');
  });

  test('a word without an id, of an older version, goes by the name still', () => {
    const authority = { kind: 'attested', by: 'Olu Owner', at: story.pickedUp } as const;
    const old = overlapping({ authority });
    const before = stage.name === 'held' ? held({ kept: old }) : old;
    const event = { type: 'reassigned', by: olu, owner: omar, assigned: false } as const;
    const { rotation } = decide(rotationAt(before), event, story.pickedUp);
    expect(authorityOf(rotation.stage)).toEqual({ kind: 'evidence' });
  });
});

test('whose word it is stands in the store', () => {
  const rotation = attested(olu, overlapping());
  expect(authorityOf(rotation.stage)).toMatchObject({ slackUserId: olu.id });
  const read = parseStoredRotation(JSON.parse(JSON.stringify(rotation)));
  expect(read).toEqual({ ok: true, value: rotation });
});
