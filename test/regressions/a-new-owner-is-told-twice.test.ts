/**
 * A notice to the owner could not be delivered before the key was given to somebody else: both went
 * to the new one, the old notice beside the one that told of the key.
 */
import { describe, expect, test } from 'vitest';
import { advance } from '../../app/advance.ts';
import { performOutstanding } from '../../app/perform.ts';
import type { Effect } from '../../domain/effect.ts';
import { whyNotTold } from '../../domain/notice-text.ts';
import { noNotices } from '../../domain/notices.ts';
import type { Owner } from '../../domain/people.ts';
import { givenShell } from '../app/given-shell.ts';
import { approver, held, overlapping, owner, rotationAt, rotationId, story } from '../builders.ts';

const until = story.deactivateAt;
const running = { since: story.issued, until, halfTime: false, soon: false };
const notices = { ...noNotices, running };
const omar: Owner = { known: true, slackUserId: 'U0OMAR', name: 'Omar Haddad' };
const nobody: Owner = { known: false };
const order = { type: 'tell owner', occasion: 'begun', until, to: 'U0123OWNER' } as const;

test('the new owner is told once', async () => {
  const given = await givenShell(story.issued);
  const first: Effect = { type: 'update message', news: null };
  await given.put(overlapping(), [first], { notices });
  await performOutstanding(given.shell);
  await given.moved(overlapping(), [order]);
  const event = { type: 'reassigned', by: approver, owner: omar, assigned: true } as const;
  await advance(given.shell, rotationId, event);
  await performOutstanding(given.shell);
  const directs = given.world.slack.directs();
  expect(directs.map(({ slackUserId }) => slackUserId)).toEqual(['U0OMAR']);
  expect(directs[0]?.text).toMatch(/^You own access key/);
  expect(await given.shell.store.outstanding(given.shell.clock.now(), 100)).toEqual([]);
});

describe('a notice to somebody who has not the key any more', () => {
  const why = (to: Owner, stage: Parameters<typeof rotationAt>[0] = overlapping(), now = running) =>
    whyNotTold(
      rotationAt(stage, { owner: to, notices: { ...noNotices, running: now } }),
      order,
      story.issued,
    );

  test('is not told where somebody has it, or nobody and it is to go off', () => {
    expect(why(omar)).toContain('somebody else');
    expect(why(nobody)).toContain('somebody else');
    expect(why(omar, held())).toContain('somebody else');
  });

  test('but to its owner, and to the team where nothing else tells of it', () => {
    expect(why(owner)).toBeUndefined();
    const rotation = rotationAt(held(), { owner: nobody, notices: noNotices });
    expect(whyNotTold(rotation, order, story.issued)).toBeUndefined();
  });
});
