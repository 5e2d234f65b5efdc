/** Whose key it is, as people say: who becomes the owner, who gave it up, what is told. */
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import type { Actor, Owner } from '../../domain/people.ts';
import { decide } from '../../domain/rotation.ts';
import { done, issuing, proposed, rotationAt, story } from '../builders.ts';

const olivia: Actor = { kind: 'person', id: 'U0123OWNER', name: 'Olivia Owens' };
const omar: Actor = { kind: 'person', id: 'U0OMAR', name: 'Omar Haddad' };
const sam: Actor = { kind: 'person', id: 'U0SAM', name: 'Sam Oncall' };
const nobody: Owner = { known: false };
const of = (actor: Actor): Owner =>
  actor.kind === 'person' ? { known: true, slackUserId: actor.id, name: actor.name } : nobody;

const says = (rotation: Rotation, by: Actor, owner: Owner, assigned = false) =>
  decide(rotation, { type: 'reassigned', by, owner, assigned }, story.approved);

const given = rotationAt(proposed());

describe('an owner', () => {
  test('who names another has given it up, and the other has no rights yet', () => {
    const { rotation, effects } = says(given, olivia, of(omar));
    expect(rotation).toMatchObject({
      owner: { slackUserId: 'U0OMAR' },
      handover: { assigned: false, givenUpBy: ['U0123OWNER'] },
      stage: given.stage,
    });
    expect(effects).toMatchObject([
      { type: 'update message', news: expect.stringContaining('once that is confirmed') },
    ]);
  });

  test('who knows nobody leaves it to the team', () => {
    const { rotation, effects } = says(given, olivia, nobody);
    expect(rotation.owner).toEqual(nobody);
    expect(effects).toMatchObject([{ news: expect.stringContaining('Whoever knows') }]);
  });

  test('who names themself changes nothing', () => {
    expect(says(given, olivia, of(olivia)).ignored).toContain('owns it already');
  });
});

test('who may assign confirms what an owner said, once', () => {
  const named = says(given, olivia, of(omar)).rotation;
  const { rotation } = says(named, sam, of(omar), true);
  expect(rotation.handover).toEqual({ assigned: true, givenUpBy: ['U0123OWNER'] });
  expect(says(rotation, sam, of(omar), true).ignored).toContain('owns it already');
  expect(says(named, omar, of(omar)).ignored).toContain('owns it already');
});

test('it stays given up, however often it changes hands', () => {
  const once = says(given, olivia, of(omar)).rotation;
  const back = says(once, omar, of(olivia)).rotation;
  expect(back.handover).toEqual({ assigned: false, givenUpBy: ['U0123OWNER', 'U0OMAR'] });
});

test('an owner whom somebody else replaces has given up nothing', () => {
  expect(says(given, sam, of(omar), true).rotation.handover?.givenUpBy).toEqual([]);
});

test('while a runbook is at work, but not once it is done', () => {
  expect(says(rotationAt(issuing()), sam, of(omar), true).ignored).toBeUndefined();
  expect(says(rotationAt(done()), sam, of(omar), true).ignored).toBe('the rotation is done');
});
