/** The machine played on with the best that can happen, from every situation that there is. */
import { describe, expect, it } from 'vitest';
import { foresee } from '../../domain/foresight.ts';
import { instant, plus } from '../../domain/instant.ts';
import {
  approvedProposal,
  nightWindow,
  overlapping,
  policyWith,
  proposed,
  retirement,
  rotationAt,
  soaking,
  story,
} from '../builders.ts';
import { stageSituations } from './machine-situations.ts';

const free = { is: 'free' } as const;
const steps = (...args: Parameters<typeof foresee>) =>
  foresee(...args).steps.map(({ what, at }) => `${what} ${at.slice(0, 16)}`);

describe('from every situation', () => {
  it.each(Object.entries(stageSituations))(
    '%s: to its end or to a person, in time',
    (_, { rotation, now }) => {
      const { steps: made, end } = foresee(rotation, free, now);
      expect(['done', 'held']).toContain(end.stage.name);
      const times = made.filter(({ earliest }) => earliest).map(({ at }) => at);
      expect(times).toEqual(times.toSorted());
      expect(times.every((at) => at >= now)).toBe(true);
      if (rotation.stage.name === 'held') expect(made).toEqual([]);
      if (rotation.stage.name !== 'held' && end.stage.name === 'done' && made.length > 0) {
        expect(made.at(-1)?.what).toBe('deleted');
      }
    },
  );
});

describe('what is foreseen', () => {
  const now = story.opened;

  it('of a proposal that nobody approved: the answer wanted, then all at its best', () => {
    expect(steps(rotationAt(proposed()), free, now)).toEqual([
      'approval wanted by 2026-11-09T09:00',
      'new key issued 2026-11-02T09:00',
      'switched off 2026-11-04T09:00',
      'deleted 2026-11-05T09:00',
    ]);
  });

  it('under a window: each step when it opens', () => {
    const rotation = rotationAt(approvedProposal(), {
      policy: policyWith({ window: nightWindow }),
    });
    expect(steps(rotation, free, now)).toEqual([
      'new key issued 2026-11-03T01:00',
      'switched off 2026-11-05T01:00',
      'deleted 2026-11-10T01:00',
    ]);
  });

  it('of a longer soak and a shorter grace', () => {
    const policy = policyWith({ graceHours: 24, soakHours: 100 });
    expect(steps(rotationAt(approvedProposal(), { policy }), free, now)).toEqual([
      'new key issued 2026-11-02T09:00',
      'switched off 2026-11-03T09:00',
      'deleted 2026-11-07T13:00',
    ]);
  });

  it('of an overlap and of a soak: the deadlines that stand', () => {
    expect(steps(rotationAt(overlapping()), free, story.issued)[0]).toBe(
      'switched off 2026-11-04T11:00',
    );
    expect(steps(rotationAt(soaking()), free, story.deactivated)).toEqual([
      'deleted 2026-11-05T11:05',
    ]);
  });

  it('of a deadline that has passed: now', () => {
    const late = instant('2026-11-20T00:00:00Z');
    expect(steps(rotationAt(soaking()), free, late)).toEqual(['deleted 2026-11-20T00:00']);
  });

  it('of a key to retire: due notice, and no new key', () => {
    expect(steps(rotationAt(retirement(), { kind: 'retire' }), free, now)).toEqual([
      'switched off 2026-11-04T11:00',
      'deleted 2026-11-05T11:00',
    ]);
  });

  it('where another key has to go first: after that', () => {
    const spare = { keyId: 'AKIAEXAMPLESPAREKEY0', rotationId: 'spare' };
    const room = { is: 'awaited', spare, goneAt: plus(now, { days: 3 }) } as const;
    expect(steps(rotationAt(approvedProposal()), room, now)[0]).toBe(
      'new key issued 2026-11-05T09:00',
    );
    const gone = { ...room, goneAt: plus(now, { minutes: 1 }) };
    expect(steps(rotationAt(approvedProposal()), gone, now)[0]).toBe(
      'new key issued 2026-11-02T10:00',
    );
  });

  it('where there is no room: a hold with its reason', () => {
    const room = { is: 'taken', problem: 'Both are in use.' } as const;
    const { steps: made, end } = foresee(rotationAt(approvedProposal()), room, now);
    expect(made).toEqual([{ what: 'put on hold', at: now, earliest: true }]);
    expect(end.stage).toMatchObject({ name: 'held', reason: { code: 'no room' } });
  });
});
