/**
 * What a query over a trail adds to the evidence: more need and more gaps, never less. Whatever
 * else was read, a verdict that is not safe without it is not safe with it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Authority, Use } from '../../domain/evidence.ts';
import type { Examination } from '../../domain/examination.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { judge } from '../../domain/judge.ts';
import type { QueriedUses, Reading, Testimony, TrailUse } from '../../domain/testimony.ts';
import { attestedBy, byEvidence, forcedBy, story, use } from '../builders.ts';
import {
  gapsOf,
  judgedAt,
  mayDeactivate,
  mayDelete,
  onDeactivation,
  onDeletion,
  reading,
  testimony,
  testimonyOfSoak,
  trailUse,
  unread,
} from '../testimony.ts';

const horizon = (at: Instant) => plus(at, { days: -90 });

/** The old key's uses so many hours before that moment, as the query shows them. */
function queriedBefore(at: Instant, ...hours: number[]) {
  const uses = hours.map((each) => trailUse(plus(at, { hours: -each })));
  return reading<QueriedUses>({ since: horizon(at), uses });
}

describe('a use that only the query shows', () => {
  test('is use like any other', () => {
    expect(onDeactivation({}).verdict).toBe('safe');
    const evidence = onDeactivation({ queried: queriedBefore(judgedAt, 5) });
    expect(evidence).toMatchObject({
      verdict: 'in use',
      uses: [{ at: plus(judgedAt, { hours: -5 }) }],
    });
  });

  test('counts into the cadence: a job once a month is not cut', () => {
    const queried = queriedBefore(judgedAt, 24 * 35, 24 * 5);
    const evidence = onDeactivation({ queried });
    expect(evidence).toMatchObject({ verdict: 'in use', quietHours: 2 * 24 * 30 });
  });

  test('does not make a key quiet that was not: a gap that it divides still counts', () => {
    const oldTrail = reading(
      [40 * 24, 20 * 24].map((h) => trailUse(plus(judgedAt, { hours: -h }))),
    );
    expect(onDeactivation({ oldTrail }).verdict).toBe('in use');
    const queried = queriedBefore(judgedAt, ...[36, 32, 28, 24].map((days) => days * 24));
    expect(onDeactivation({ oldTrail, queried }).verdict).toBe('in use');
  });

  test('after the key was switched off: in use', () => {
    const queried = queriedBefore(plus(story.deactivated, { hours: 1 }), 0);
    expect(onDeletion({ queried }).verdict).toBe('in use');
  });

  test('that asked for session tokens makes the quiet time 37 hours', () => {
    const at = plus(judgedAt, { hours: -35 });
    const uses = [trailUse(at, { eventName: 'GetSessionToken' })];
    const queried = reading<QueriedUses>({ since: horizon(judgedAt), uses });
    expect(onDeactivation({ queried })).toMatchObject({ verdict: 'in use', quietHours: 37 });
  });
});

describe('a query that did not answer', () => {
  test('is a gap, whatever the others say', () => {
    expect(gapsOf(onDeactivation({ queried: unread() }))).toEqual(['cloudtrail']);
    expect(gapsOf(onDeletion({ queried: unread() }))).toEqual(['cloudtrail']);
  });

  test('is none to who forces switching off, and one to who forces deletion', () => {
    const forced = { authority: forcedBy };
    expect(onDeactivation({ queried: unread() }, forced).verdict).toBe('safe');
    expect(gapsOf(onDeletion({ queried: unread() }, forced))).toEqual(['cloudtrail']);
  });

  test('about all since the key is known to be off is a gap', () => {
    const since = (moment: Instant) => ({
      queried: reading<QueriedUses>({ since: moment, uses: [] }),
    });
    expect(gapsOf(onDeletion(since(plus(story.deactivated, { milliseconds: 1 }))))).toEqual([
      'cloudtrail',
    ]);
    expect(onDeletion(since(story.deactivated)).verdict).toBe('safe');
  });
});

const hours = fc.integer({ min: 0, max: 100 * 24 });
const programs = ['aws-cli/2.15', 'Boto3/1.40.60', 'Boto3/1.41.0'];
const someUse = fc.record({
  hours: fc.oneof(
    hours,
    fc.integer({ min: 0, max: 90 }).map((days) => days * 24),
  ),
  service: fc.constantFrom('s3', 'sqs'),
  sourceIp: fc.constantFrom('203.0.113.7', '198.51.100.9'),
  userAgent: fc.constantFrom(...programs),
  eventName: fc.constantFrom('GetObject', 'GetObject', 'GetObject', 'GetSessionToken'),
});

type SomeUse = typeof someUse extends fc.Arbitrary<infer T> ? T : never;

function trailUsesOf(some: readonly SomeUse[], now: Instant): readonly TrailUse[] {
  return some
    .map(({ hours: ago, eventName, ...where }) =>
      trailUse(plus(now, { hours: -ago }), {
        eventName,
        use: { ...use(plus(now, { hours: -ago })), ...where },
      }),
    )
    .toSorted((a, b) => b.use.at.localeCompare(a.use.at));
}

const world = fc.record({
  soaks: fc.boolean(),
  retires: fc.boolean(),
  shown: fc.array(someUse, { maxLength: 6 }),
  queried: fc.array(someUse, { maxLength: 12 }),
  answers: fc.boolean(),
  queriedDays: fc.integer({ min: 1, max: 90 }),
  lastUsedHours: fc.option(hours),
  authority: fc.constantFrom<Authority>(byEvidence, attestedBy, forcedBy),
  laterHours: fc.integer({ min: 0, max: 150 * 24 }),
});

type SomeWorld = typeof world extends fc.Arbitrary<infer T> ? T : never;

function told(some: SomeWorld): { asked: Examination; others: Testimony; now: Instant } {
  const now = plus(some.soaks ? story.deleteAt : judgedAt, { hours: some.laterHours });
  const { lastUsedHours: ago } = some;
  const last: Use | null =
    ago === null ? null : use(plus(now, { hours: -ago }), { source: 'last-used' });
  const read = {
    at: now,
    oldTrail: reading(trailUsesOf(some.shown, now)),
    oldLastUsed: reading(last),
  };
  const { authority } = some;
  const nothingNew = some.retires ? { issued: null } : {};
  const asked = some.soaks
    ? mayDelete({ authority, ...nothingNew })
    : mayDeactivate({ authority, ...nothingNew });
  return { asked, others: some.soaks ? testimonyOfSoak(read) : testimony(read), now };
}

function queriedIn(some: SomeWorld, now: Instant): Reading<QueriedUses> {
  if (!some.answers) return unread();
  const since = plus(now, { days: -some.queriedDays });
  const uses = trailUsesOf(some.queried, now).filter(({ use: { at } }) => at >= since);
  return reading({ since, uses });
}

test('never is a verdict safe with a query that is not safe without it', () => {
  let safe = 0;
  let kept = 0;
  fc.assert(
    fc.property(world, (some) => {
      const { asked, others, now } = told(some);
      const without = judge(others, asked, now);
      const withQuery = judge({ ...others, queried: queriedIn(some, now) }, asked, now);
      if (without.verdict === 'safe') safe++;
      if (withQuery.verdict === 'safe') kept++;
      if (without.verdict !== 'safe') expect(withQuery.verdict).not.toBe('safe');
      expect(withQuery.quietAt >= without.quietAt).toBe(true);
      expect(withQuery.quietHours).toBeGreaterThanOrEqual(without.quietHours);
    }),
    { numRuns: 3000, seed: 20261123 },
  );
  // Both kinds occur, or nothing was shown.
  expect(safe).toBeGreaterThan(100);
  expect(kept).toBeGreaterThan(30);
  expect(safe - kept).toBeGreaterThan(30);
});
