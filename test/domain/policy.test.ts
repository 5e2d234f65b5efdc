/** The bounds of a policy. */
import { describe, expect, test } from 'vitest';
import {
  defaultPolicy,
  issueAttempts,
  issueRetryHours,
  type Policy,
  policyProblems,
  policyWords,
} from '../../domain/policy.ts';
import type { Hours } from '../../domain/window.ts';
import { nightWindow, policyWith } from '../builders.ts';

test('the defaults break no bound', () => {
  expect(policyProblems(defaultPolicy)).toEqual([]);
});

test('the defaults: 48 h of overlap, 24 h of soak, stale at 90 days, 7 days of snoozing', () => {
  expect(defaultPolicy).toEqual({
    mode: 'approve',
    exemptDays: 90,
    graceHours: 48,
    soakHours: 24,
    staleDays: 90,
    snoozeCapHours: 168,
    answerDays: 7,
    overlapLimitDays: 30,
    selfApproval: false,
    unused: 'retire',
    warnDays: 80,
    approvers: 'any',
    privileged: 'exempt',
    sesSmtp: 'exempt',
    vault: 'secrets-manager',
    healthCheck: null,
    copies: [],
    window: 'any time',
    channel: 'default',
    pagerDuty: 'default',
    owner: 'tag',
  });
});

test('every failed issue but the last has a wait of its own', () => {
  expect(issueRetryHours).toHaveLength(issueAttempts - 1);
});

describe.each([
  ['graceHours', 24, 48],
  ['soakHours', 24, 1800],
  ['staleDays', 1, 3650],
  ['warnDays', 0, 3649],
  ['snoozeCapHours', 0, 168],
  ['answerDays', 1, 30],
  ['overlapLimitDays', 3, 30],
] as const)('%s', (name, least, most) => {
  test(`${least} and ${most} are allowed`, () => {
    // The two have a bound in each other.
    const other = { staleDays: { warnDays: 0 }, warnDays: { staleDays: 3650 } };
    const beside = { ...Object.entries(other).find(([field]) => field === name)?.[1] };
    expect(policyProblems(policyWith({ ...beside, [name]: least }))).toEqual([]);
    expect(policyProblems(policyWith({ ...beside, [name]: most }))).toEqual([]);
  });

  test.each([least - 1, most + 1, Number.NaN, Number.POSITIVE_INFINITY, -1])(
    '%d is not',
    (value) => {
      const problems = policyProblems(policyWith({ [name]: value }));
      expect(problems).toEqual([
        `policy.${name} is ${value}: set it to a number from ${least} to ${most}`,
      ]);
    },
  );
});

test('every broken bound is named', () => {
  const problems = policyProblems(policyWith({ graceHours: 1, soakHours: 2 }));
  expect(problems).toHaveLength(2);
});

describe('the window', () => {
  test('of a working week is allowed', () => {
    expect(policyProblems(policyWith({ window: nightWindow }))).toEqual([]);
  });

  // A window that never opens would hold every deadline back for ever, in silence; an unknown zone
  // would throw at every decision.
  test.each<[string, Partial<Hours>]>([
    ['without a day', { days: [] }],
    ['on a day that does not exist', { days: [0] }],
    ['on half a day', { days: [1.5] }],
    ['that closes as it opens', { from: '05:00', to: '05:00' }],
    ['that is open all day, said wrongly', { from: '24:00', to: '24:00' }],
    ['beyond the day', { to: '30:00' }],
    ['at no minute', { from: '02:60' }],
    ['at no hour', { from: 'noon' }],
    ['in no zone', { timeZone: 'Europe/Nowhere' }],
    ['in a zone that knows no summer', { timeZone: '+01:00' }],
  ])('%s is a problem', (_, changes) => {
    const window = [{ ...nightWindow[0], ...changes }];
    expect(policyProblems(policyWith({ window }))).toHaveLength(1);
  });

  test('of several that never meet, and of none, is a problem', () => {
    const [night] = nightWindow;
    const never = [night, { ...night, from: '05:00', to: '08:00' }];
    expect(policyProblems(policyWith({ window: never }))).toEqual([
      'policy.window stays closed for more than 14 days: let its hours meet',
    ]);
    expect(policyProblems(policyWith({ window: [] }))).toHaveLength(1);
  });

  test('of several that meet in summer only is a problem', () => {
    // 03:00 in New York is 07:00 UTC in summer and 08:00 in winter.
    const hours = { days: [1, 2, 3, 4, 5, 6, 7], from: '03:00', to: '04:00' };
    const window = [
      { ...hours, timeZone: 'America/New_York' },
      { ...hours, from: '07:00', to: '08:00', timeZone: 'UTC' },
    ];
    expect(policyProblems(policyWith({ window }))).toHaveLength(1);
  });
});

describe('further fields', () => {
  test.each<[string, Partial<Policy>]>([
    ['a warning after the day', { warnDays: 90 }],
    ['nobody who may approve', { approvers: [] }],
    ['no function name', { healthCheck: 'arn:aws:lambda:x' }],
    ['a function that the custodian may not call', { healthCheck: 'ci-login-check' }],
    ['an empty function name', { healthCheck: '' }],
    ['no Region', { copies: [{ kind: 'secrets-manager', region: 'Europe' }] }],
  ])('%s is a problem', (_, changes) => {
    expect(policyProblems(policyWith(changes))).toHaveLength(1);
  });

  test('a Region twice is a problem, two Regions are none', () => {
    const at = (region: string) => ({ kind: 'secrets-manager', region }) as const;
    const twice = [at('eu-west-1'), at('eu-west-1')];
    expect(policyProblems(policyWith({ copies: twice }))).toHaveLength(1);
    const two = [at('eu-west-1'), at('us-gov-west-1')];
    expect(policyProblems(policyWith({ copies: two }))).toEqual([]);
  });

  test.each<[string, Policy['copies']]>([
    ['a repository without an owner', [{ kind: 'github-actions', repository: 'web' }]],
    ['a repository that leads elsewhere', [{ kind: 'github-actions', repository: 'acme/..' }]],
    [
      'one secret for both halves',
      [{ kind: 'github-actions', repository: 'acme/web', accessKeyId: 'X', secretAccessKey: 'X' }],
    ],
    [
      'a secret of GitHub’s own',
      [{ kind: 'github-actions', repository: 'acme/web', accessKeyId: 'GITHUB_KEY' }],
    ],
    [
      'a repository twice, in other letters',
      [
        { kind: 'github-actions', repository: 'acme/web' },
        { kind: 'github-actions', repository: 'Acme/web', accessKeyId: 'OTHER' },
      ],
    ],
    [
      'places that are too long together',
      Array.from({ length: 5 }, (_, n) => ({
        kind: 'github-actions' as const,
        repository: `acme/${'x'.repeat(90)}${n}`,
      })),
    ],
    [
      'a place that is too long',
      [
        {
          kind: 'github-actions',
          repository: `acme/${'x'.repeat(100)}`,
          accessKeyId: 'A'.repeat(60),
          secretAccessKey: 'B'.repeat(60),
        },
      ],
    ],
  ])('%s is a problem', (_, copies) => {
    expect(policyProblems(policyWith({ copies }))).toHaveLength(1);
  });

  test('places of every kind are none', () => {
    const copies: Policy['copies'] = [
      { kind: 'secrets-manager', region: 'eu-west-1' },
      { kind: 'parameter-store', region: 'eu-west-1' },
      { kind: 'github-actions', repository: 'acme/web' },
      { kind: 'github-actions', repository: 'acme/web', accessKeyId: 'ID', secretAccessKey: 'KEY' },
    ];
    expect(policyProblems(policyWith({ copies }))).toEqual([]);
  });

  test('a word that is not among those of its field is a problem', () => {
    const wrong = Object.fromEntries(Object.keys(policyWords).map((field) => [field, 'maybe']));
    expect(policyProblems({ ...defaultPolicy, ...wrong })).toHaveLength(5);
  });
});
