/** What a drill judges by: short waits for a dummy, and everything else as it is for everybody. */
import { expect, test } from 'vitest';
import { judge } from '../../domain/judge.ts';
import { story } from '../builders.ts';
import {
  gapsOf,
  judgedAt,
  mayDeactivate,
  mayDelete,
  reading,
  standing,
  testimony,
  testimonyOfSoak,
  unread,
  usedBefore,
} from '../testimony.ts';

const dummy = (changes: Parameters<typeof standing>[0] = {}) =>
  reading(standing({ isDummy: true, ...changes }));
const onDummy = (told: Parameters<typeof testimony>[0]) =>
  judge(testimony({ standing: dummy(), ...told }), mayDeactivate({}), judgedAt);

test('a dummy is quiet after an hour and one of lag; everybody else is not', () => {
  const oldTrail = usedBefore(judgedAt, 2);
  expect(onDummy({ oldTrail })).toMatchObject({ verdict: 'safe', quietHours: 1 });
  const other = judge(testimony({ oldTrail }), mayDeactivate({}), judgedAt);
  expect(other).toMatchObject({ verdict: 'in use', quietHours: 24 });
});

test('a minute earlier it is in use', () => {
  expect(onDummy({ oldTrail: usedBefore(judgedAt, 2 - 1 / 60) }).verdict).toBe('in use');
});

test('twice its longest pause still counts', () => {
  expect(onDummy({ oldTrail: usedBefore(judgedAt, 6, 2) })).toMatchObject({ quietHours: 8 });
});

test('unknown is never unused, for a dummy either', () => {
  expect(gapsOf(onDummy({ oldTrail: unread('throttled') }))).toContain('cloudtrail');
  expect(gapsOf(onDummy({ newTrail: reading([]) }))).toEqual(['pickup']);
});

test('whom IAM did not show is no dummy', () => {
  const oldTrail = usedBefore(judgedAt, 2);
  const { quietHours } = onDummy({ oldTrail, standing: unread('IAM did not answer') });
  expect(quietHours).toBe(24);
});

test('its old key is deleted once it is off, unused, and was quiet before', () => {
  const told = {
    standing: dummy({ oldKey: 'Inactive' }),
    oldTrail: usedBefore(story.deactivated, 2),
  };
  const evidence = judge(testimonyOfSoak(told), mayDelete({}), story.deleteAt);
  expect(evidence.verdict).toBe('safe');
  const used = { ...told, oldTrail: usedBefore(story.deleteAt, 1) };
  expect(judge(testimonyOfSoak(used), mayDelete({}), story.deleteAt).verdict).toBe('in use');
});
