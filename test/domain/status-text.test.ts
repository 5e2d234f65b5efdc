/** What people read: whole sentences with the key's last letters and absolute UTC times. */
import { describe, expect, test } from 'vitest';
import { deadlineOf } from '../../domain/at-a-glance.ts';
import { plus } from '../../domain/instant.ts';
import {
  headline,
  reasons,
  stageInWords,
  stageList,
  usesInWords,
  whatToDo,
  wholeSentence,
} from '../../domain/status-text.ts';
import {
  approvedProposal,
  deactivating,
  deleting,
  done,
  held,
  inUse,
  issuing,
  overlapping,
  proposed,
  restoring,
  rotationAt,
  soaking,
  story,
  use,
} from '../builders.ts';

const waiting = { status: 'waiting', retryAt: story.issued } as const;

const everyStage = {
  proposed: proposed(),
  approved: approvedProposal(),
  issuing: issuing(),
  waiting: issuing({ attempt: 2, run: waiting }),
  overlapping: overlapping(),
  deactivating: deactivating(),
  soaking: soaking(),
  deleting: deleting(),
  restoring: restoring(),
  held: held(),
  done: done(),
};

describe.each(Object.entries(everyStage))('%s', (_, stage) => {
  const rotation = rotationAt(stage);

  test('the whole sentence names key and user, and is whole', () => {
    const text = wholeSentence(rotation);
    expect(text).toContain('…MPLE of 111122223333/svc-billing');
    expect(text).toMatch(/^[A-Z].*\.$/su);
    expect(text).toContain(headline(rotation));
    expect(text).toContain(whatToDo(rotation));
    expect(text).not.toMatch(/undefined|null|NaN|\[object/u);
  });

  test('a deadline is in the text, in UTC', () => {
    const deadline = deadlineOf(rotation);
    if (deadline === null) return;
    expect(headline(rotation)).toContain(
      `${deadline.at.slice(0, 10)} ${deadline.at.slice(11, 16)}`,
    );
    expect(headline(rotation)).toContain('UTC');
  });

  test('it names the keys by their last letters alone', () => {
    expect(wholeSentence(rotation)).not.toContain('AKIA');
  });
});

test('the deadline of each stage is the one that people watch', () => {
  expect(deadlineOf(rotationAt(proposed()))?.at).toBe(story.answerBy);
  expect(deadlineOf(rotationAt(approvedProposal({ due: story.ordered })))?.at).toBe(story.ordered);
  expect(deadlineOf(rotationAt(overlapping()))?.at).toBe(story.deactivateAt);
  expect(deadlineOf(rotationAt(soaking()))?.at).toBe(story.deleteAt);
  expect(deadlineOf(rotationAt(issuing({ run: waiting })))?.at).toBe(story.issued);
  for (const stage of [issuing(), deactivating(), deleting(), restoring(), held(), done()]) {
    expect(deadlineOf(rotationAt(stage))).toBeNull();
  }
});

describe('stage list', () => {
  const marks = (stage: Parameters<typeof rotationAt>[0]) =>
    stageList(rotationAt(stage)).map(({ mark }) => mark);

  test('shows what is done, what is now and what is to come', () => {
    expect(marks(overlapping())).toEqual(['done', 'done', 'now', 'to come', 'to come', 'to come']);
    expect(marks(proposed())[0]).toBe('now');
    expect(marks(deleting()).at(-1)).toBe('now');
  });

  test('shows where it was stopped', () => {
    expect(marks(held({ kept: soaking() }))).toEqual([
      'done',
      'done',
      'done',
      'done',
      'stopped',
      'to come',
    ]);
    expect(marks(restoring())[4]).toBe('stopped');
  });

  test('is all done at the end, and empty if the end came early', () => {
    expect(new Set(marks(done()))).toEqual(new Set(['done']));
    expect(marks(done({ outcome: 'abandoned' }))).toEqual([]);
  });
});

test('a held rotation says why, and where the old key stands', () => {
  const rotation = rotationAt(held({ oldKey: 'Inactive' }));
  expect(reasons(rotation)).toEqual(['The old key is still in use: move its app first.']);
  expect(stageInWords(rotation)).toBe('On hold (still in use)');
  expect(whatToDo(rotation)).toContain('Roll back');
});

test('who uses the old key is told with service, Region, address, agent and time', () => {
  const uses = Array.from({ length: 7 }, (_, index) => use(plus(story.issued, { hours: index })));
  const evidence = inUse({ at: story.deactivateAt, uses });
  const lines = usesInWords(rotationAt(held({ kept: overlapping({ evidence }) })));
  expect(lines).toHaveLength(5);
  expect(lines[0]).toBe(
    'S3 in eu-west-1 from 203.0.113.7 with aws-cli/2.15 at 2026-11-02 11:00 UTC',
  );
});

test('what remains is told at the end', () => {
  const rotation = rotationAt(
    done({ outcome: 'abandoned', remaining: ['old key …MPLE is Active'] }),
  );
  expect(wholeSentence(rotation)).toContain('old key …MPLE is Active');
});
