/** What reports add to what the witness says: need, and never safety. */
import { describe, expect, test } from 'vitest';
import { heeding } from '../../domain/cadence.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { Reading } from '../../domain/testimony.ts';
import type { UseHistory } from '../../domain/use-history.ts';
import { use } from '../builders.ts';

const now = instant('2026-11-10T12:00:00Z');
const ago = (days: number) => plus(now, { hours: -24 * days });

const observed = {
  at: now,
  oldKey: 'Active',
  userGone: false,
  uses: [use(ago(5))],
  pickup: { seen: false },
  regionsAsked: 3,
  quietHours: 24,
  quietAt: ago(3),
} as const;
const safe: Evidence = { ...observed, verdict: 'safe', basis: 'evidence' };
const forced: Evidence = { ...observed, verdict: 'safe', basis: 'forced' };
const inUse: Evidence = { ...observed, verdict: 'in use' };
const unknown: Evidence = {
  ...observed,
  verdict: 'unknown',
  gaps: [{ about: 'cloudtrail', problem: 'down' }],
};
const all = { safe, forced, inUse, unknown };

const monthly: UseHistory = {
  lastUse: ago(5),
  shownUntil: ago(0.5),
  pauses: [{ from: ago(35), to: ago(5) }],
};
const read = (value: UseHistory | undefined): Reading<UseHistory | undefined> => ({
  complete: true,
  value,
});
const unread = { complete: false, problem: 'the table is down' } as const;
const off = { purpose: 'deactivate' } as const;

describe('a key that rested for 30 days between uses', () => {
  test('is in use until it has been quiet for 60, and lag and step besides', () => {
    const heeded = heeding(safe, read(monthly), off, now);
    const quietAt = plus(ago(5), { hours: 2 * 30 * 24 + 4, minutes: 15 });
    expect(heeded).toEqual({ ...observed, verdict: 'in use', quietHours: 1440, quietAt });
  });

  test('is safe from then on', () => {
    const quietAt = plus(ago(5), { hours: 2 * 30 * 24 + 4, minutes: 15 });
    expect(heeding(safe, read(monthly), off, quietAt)).toMatchObject({ verdict: 'safe' });
    const before = plus(quietAt, { seconds: -1 });
    expect(heeding(safe, read(monthly), off, before)).toMatchObject({ verdict: 'in use' });
  });

  test('waits longer for a pause that ended since the last report', () => {
    const resting = { lastUse: ago(45), shownUntil: ago(6), pauses: [] };
    expect(heeding(safe, read(resting), off, now)).toMatchObject({
      ...{ verdict: 'in use', quietHours: 80 * 24 },
    });
  });

  test('waits from the latest use that anybody knows', () => {
    const later = { ...monthly, lastUse: ago(2) };
    const quietAt = plus(ago(2), { hours: 2 * 30 * 24 + 4, minutes: 15 });
    expect(heeding(safe, read(later), off, now).quietAt).toBe(quietAt);
  });
});

describe('nothing changes', () => {
  test.each(Object.entries(all))('without a history: %s', (_, evidence) => {
    expect(heeding(evidence, read(undefined), off, now)).toBe(evidence);
  });

  test.each(Object.entries(all))('in a soak, which is as long as quiet was: %s', (_, evidence) => {
    expect(heeding(evidence, read(monthly), { purpose: 'delete' }, now)).toBe(evidence);
    expect(heeding(evidence, unread, { purpose: 'delete' }, now)).toBe(evidence);
  });

  test('where reports show no pause', () => {
    const busy = { lastUse: ago(5), shownUntil: ago(4.9), pauses: [] };
    expect(heeding(safe, read(busy), off, now)).toEqual(safe);
  });

  test('to the verdict of whoever is forced, in use or unknown', () => {
    for (const evidence of [forced, inUse, unknown]) {
      const { quietHours: _, quietAt: __, ...rest } = evidence;
      expect(heeding(evidence, read(monthly), off, now)).toMatchObject(rest);
      expect(heeding(evidence, unread, off, now)).toBe(evidence);
    }
  });
});

test('a history that cannot be read is a gap', () => {
  expect(heeding(safe, unread, off, now)).toEqual({
    ...observed,
    verdict: 'unknown',
    gaps: [{ about: 'last-used', problem: 'the table is down' }],
  });
});

test('a longer need of the witness stands', () => {
  const quietAt = plus(now, { days: 300 });
  const slower: Evidence = { ...inUse, quietHours: 9000, quietAt };
  expect(heeding(slower, read(monthly), off, now)).toEqual(slower);
});
