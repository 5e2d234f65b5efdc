/** Tags only tighten: what they may do, and that nothing else in them does anything. */
import { describe, expect, test } from 'vitest';
import { instant, millisBetween, plus } from '../../domain/instant.ts';
import { type Policy, policyProblems } from '../../domain/policy.ts';
import { tightened } from '../../domain/policy-tags.ts';
import { isOpen, nextOpening, type Window } from '../../domain/window.ts';
import { parseHours } from '../../domain/window-text.ts';
import { nightWindow, policyWith } from '../builders.ts';

const now = instant('2026-11-02T09:00:00Z');

const hours = (text: string) => {
  const read = parseHours(text);
  if (read === undefined) throw new Error(`${text} is no window`);
  return read;
};

describe('what a tag may do', () => {
  test('approve turns auto into approve', () => {
    const { policy, by, notes } = tightened(
      policyWith({ mode: 'auto' }),
      { 'keyturn:mode': 'approve' },
      now,
    );
    expect(policy).toEqual(policyWith({ mode: 'approve' }));
    expect(by).toEqual({ mode: 'keyturn:mode' });
    expect(notes).toEqual([]);
  });

  test('grace hours may be fewer', () => {
    const { policy, notes } = tightened(policyWith(), { 'keyturn:grace-hours': '30' }, now);
    expect(policy).toEqual(policyWith({ graceHours: 30 }));
    expect(notes).toEqual([]);
  });

  test('a window joins that of the policy', () => {
    const text = 'tue 03:00-06:00 Europe/Berlin';
    const tags = { 'keyturn:window': text };
    expect(tightened(policyWith(), tags, now).policy.window).toEqual([hours(text)]);
    const { policy } = tightened(policyWith({ window: nightWindow }), tags, now);
    expect(policy.window).toEqual([...nightWindow, hours(text)]);
    expect(nextOpening(policy.window, now)).toBe('2026-11-03T02:00:00.000Z');
  });

  test('what says something of the user is no request', () => {
    const tags = {
      Name: 'x',
      'keyturn:owner': 'Olu Owner',
      'keyturn:team': 'billing',
      'keyturn:application': 'invoices',
      'keyturn:environment': 'prod',
    };
    expect(tightened(policyWith(), tags, now)).toEqual({ policy: policyWith(), by: {}, notes: [] });
  });

  test('what the policy says already is no news', () => {
    const tags = { 'keyturn:mode': 'approve', 'keyturn:grace-hours': '48' };
    expect(tightened(policyWith(), tags, now).notes).toEqual([]);
  });
});

describe('what is ignored, with a note', () => {
  const refusedMode = 'it can only turn auto into approve';
  test.each<[Partial<Policy>, string, string, string]>([
    [{ mode: 'auto' }, 'keyturn:mode', 'observe', `${refusedMode}, and the mode is auto`],
    [{ mode: 'approve' }, 'keyturn:mode', 'auto', `${refusedMode}, and the mode is approve`],
    [{ mode: 'observe' }, 'keyturn:mode', 'approve', `${refusedMode}, and the mode is observe`],
    [{}, 'keyturn:grace-hours', '23', 'it can only be a whole number from 24 to 48'],
    [
      { graceHours: 36 },
      'keyturn:grace-hours',
      '40',
      'it can only be a whole number from 24 to 36',
    ],
    [{}, 'keyturn:grace-hours', '3e1', 'it can only be a whole number from 24 to 48'],
    [{}, 'keyturn:window', 'any time', 'it should be like mon-fri 02:00-05:00 Europe/Berlin'],
    [
      {},
      'keyturn:window',
      'mon 02:00-05:00 Europe/Nowhere',
      'its window.timeZone is Europe/Nowhere: name a zone such as Europe/Berlin',
    ],
    [
      { window: nightWindow },
      'keyturn:window',
      'daily 08:00-18:00 Europe/Berlin',
      'with the window of the policy it would stay closed over 14 days',
    ],
    [{}, 'keyturn:exempt', 'true', 'Keyturn knows no such tag'],
    [{}, 'keyturn:soak-hours', '1', 'Keyturn knows no such tag'],
    [{ mode: 'auto' }, 'Keyturn:Mode', 'approve', 'Keyturn knows no such tag'],
  ])('%j with %s %s', (changes, tag, value, why) => {
    const policy = policyWith(changes);
    const result = tightened(policy, { [tag]: value }, now);
    expect(result).toEqual({
      policy,
      by: {},
      notes: [`tag "${tag}" is "${value}": ignored, ${why}`],
    });
  });

  test('a combination that opens now but stays closed for months is ignored', () => {
    const window = [hours('daily 03:00-04:00 America/New_York')];
    // In winter 03:00 in New York is 08:00 UTC; in summer the two never meet.
    const result = tightened(
      policyWith({ window }),
      { 'keyturn:window': 'daily 08:00-09:00 UTC' },
      instant('2026-12-01T00:00:00Z'),
    );
    expect(result.policy.window).toEqual(window);
    expect(result.notes).toHaveLength(1);
  });

  test('a note is short and plain, whatever the tag holds', () => {
    const terminal = String.fromCharCode(27);
    const tags = { 'keyturn:mode': `${terminal}[2J\n${'\u202e'}${'x'.repeat(10_000)}` };
    const [note = ''] = tightened(policyWith(), tags, now).notes;
    expect(note.length).toBeLessThan(160);
    expect(note).toMatch(/^[\x20-\x7e…]+$/);
  });
});

describe('tags never loosen', () => {
  const modes = ['observe', 'approve', 'auto'] as const;
  const windows = [
    'any time',
    nightWindow,
    [hours('sat-sun 22:00-04:00 UTC'), hours('daily 00:00-24:00 Asia/Kathmandu')],
  ] as const;
  const policies = modes.flatMap((mode) =>
    windows.flatMap((window) =>
      [24, 36, 48].map((graceHours) => policyWith({ mode, window, graceHours, soakHours: 60 })),
    ),
  );
  const fortnight = 14 * 24 * 3_600_000;
  const values = [
    '',
    ' ',
    'observe',
    'approve',
    'auto',
    'AUTO',
    'none',
    'exempt',
    'true',
    'null',
    '0',
    '1',
    '24',
    '36',
    '48',
    '49',
    '-1',
    '024',
    '25.5',
    '1e9',
    '٣٠',
    'NaN',
    'Infinity',
    '999999999999999999999',
    'any time',
    'anytime',
    'daily 00:00-24:00 UTC',
    'daily 00:00-00:00 UTC',
    'mon 02:00-03:00 Europe/Berlin',
    'tue-thu 03:00-04:00 Europe/Berlin',
    'tue-thu 01:00-09:00 Europe/Berlin',
    'sat 22:00-23:00 UTC',
    'fri-mon 23:59-00:01 UTC',
    'mon 02:00-05:00 +25:00',
    'mon 02:00-05:00 __proto__',
    'mon 02:00-05:00 UTC; drop',
    '__proto__',
    'constructor',
    'toString',
    '{"mode":"auto"}',
    '[]',
    '\u0000',
    '\u202eotua',
    'a'.repeat(100_000),
    'mon,'.repeat(5000),
    '$(reboot)',
    '<!channel>',
    "' or 1=1",
  ];
  const tags = [
    'keyturn:mode',
    'keyturn:grace-hours',
    'keyturn:window',
    'keyturn:soak-hours',
    'keyturn:exempt',
    'keyturn:approvers',
    'keyturn:vault',
    'keyturn:',
    'KEYTURN:MODE',
    '__proto__',
    'constructor',
  ];

  test.each(
    policies.map((policy) => [policy.mode, policy.graceHours, policy.window, policy] as const),
  )('from %s, %d hours, %j', (_, __, ___, policy) => {
    for (const tag of tags) {
      for (const value of values) {
        const result = tightened(policy, Object.fromEntries([[tag, value]]), now);
        expectNotLooser(result.policy, policy, `${tag}=${value.slice(0, 40)}`);
      }
    }
  });

  test('nor do many tags together', () => {
    for (const policy of policies) {
      for (const value of values) {
        const all = Object.fromEntries(tags.map((tag) => [tag, value]));
        expectNotLooser(tightened(policy, all, now).policy, policy, value.slice(0, 40));
      }
    }
  });

  /** Moments of a week; whether a window is open then is worked out once. */
  const samples = Array.from({ length: 7 * 6 }, (_, step) =>
    plus(now, { hours: 4 * step, minutes: step }),
  );
  const known = new Map<string, readonly boolean[]>();

  function openness(window: Window): readonly boolean[] {
    const key = JSON.stringify(window);
    const found = known.get(key) ?? samples.map((moment) => isOpen(window, moment));
    known.set(key, found);
    return found;
  }

  function expectNotLooser(tagged: Policy, policy: Policy, what: string): void {
    if (tagged === policy) return;
    const { mode, graceHours, window, ...rest } = tagged;
    const { mode: hadMode, graceHours: hadGrace, window: hadWindow, ...hadRest } = policy;
    expect(rest, what).toEqual(hadRest);
    expect(modes.indexOf(mode), what).toBeLessThanOrEqual(modes.indexOf(hadMode));
    // Observing would be a way out of being rotated at all.
    if (mode === 'observe') expect(hadMode, what).toBe('observe');
    expect(graceHours, what).toBeLessThanOrEqual(hadGrace);
    expect(policyProblems(tagged), what).toEqual([]);
    if (window === hadWindow) return;
    const had = openness(hadWindow);
    expect(
      openness(window).filter((open, index) => open && !had[index]),
      what,
    ).toEqual([]);
    expect(millisBetween(now, nextOpening(window, now)), what).toBeLessThanOrEqual(fortnight);
  }
});
