/**
 * Whoever was given a key while no deadline of its going off ran – on hold, soaking, unapproved,
 * while a run was under way – was told of nothing, and may never have seen the channel.
 */
import { describe, expect, test } from 'vitest';
import { noticeText } from '../../domain/notice-text.ts';
import { noNotices } from '../../domain/notices.ts';
import { decide } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  approvedProposal,
  approver,
  deactivating,
  deleting,
  done,
  held,
  issuing,
  overlapping,
  proposed,
  restoring,
  retirement,
  rotationAt,
  soaking,
  story,
} from '../builders.ts';

const now = story.pickedUp;
const omar = { known: true, slackUserId: 'U0OMAR', name: 'Omar Haddad' } as const;
const nobody = { known: false } as const;

function given(stage: Stage, owner: typeof omar | typeof nobody = omar, assigned = true) {
  const rotation = rotationAt(stage, { notices: noNotices });
  return decide(rotation, { type: 'reassigned', by: approver, owner, assigned }, now);
}

const orders = (stage: Stage, owner: typeof omar | typeof nobody = omar) =>
  given(stage, owner).effects.filter(({ type }) => type === 'tell owner');

describe.each<readonly [string, Stage, string, string]>([
  ['not approved', proposed(), story.answerBy, 'Approval wanted by'],
  ['approved', approvedProposal(), story.opened, 'gets its replacement'],
  ['unused, not approved', retirement({ approval: { given: false } }), story.answerBy, 'retire'],
  ['unused, approved', retirement(), story.deactivateAt, 'is switched off at'],
  ['being issued', issuing(), now, 'is being issued'],
  ['overlapping', overlapping(), story.deactivateAt, 'Both keys work'],
  ['being switched off', deactivating(), now, 'is being deactivated'],
  ['soaking', soaking(), story.deleteAt, 'is off and is deleted at'],
  ['being deleted', deleting(), now, 'is being deleted'],
  ['being given back', restoring(), now, 'is being switched on again'],
  ['on hold', held(), now, 'On hold since'],
])('%s', (_, stage, until, where) => {
  test('the new owner is told once', () => {
    expect(orders(stage)).toEqual([
      { type: 'tell owner', occasion: 'given', until, to: omar.slackUserId },
    ]);
  });

  test('whose key it is, where it stands, what they can do', () => {
    const text = noticeText(given(stage).rotation, 'given');
    expect(text).toMatch(/^You own access key …MPLE of 111122223333\/svc-billing now, Omar/);
    expect(text).toContain(where);
    expect(text).toContain('press “Not mine…”');
  });

  test('and that they have no rights yet, if nobody gave them any', () => {
    const text = noticeText(given(stage, omar, false).rotation, 'given');
    expect(text).toContain('Until an approver or an admin confirms it');
  });
});

test('where nobody is known, the team is told if the key is to go off', () => {
  expect(orders(overlapping(), nobody)).toMatchObject([{ occasion: 'given', to: null }]);
  expect(orders(held(), nobody)).toEqual([]);
});

test('of what is done nobody is told', () => {
  expect(orders(done())).toEqual([]);
});
