/** The bounds of a policy. */
import { describe, expect, test } from 'vitest';
import {
  defaultPolicy,
  issueAttempts,
  issueRetryHours,
  policyProblems,
} from '../../domain/policy.ts';
import { nightWindow, policyWith } from '../builders.ts';

test('the defaults break no bound', () => {
  expect(policyProblems(defaultPolicy)).toEqual([]);
});

test('the defaults: 48 h of overlap, 24 h of soak, stale at 90 days, 7 days of snoozing', () => {
  expect(defaultPolicy).toMatchObject({
    mode: 'approve',
    graceHours: 48,
    soakHours: 24,
    staleDays: 90,
    snoozeCapHours: 168,
    answerDays: 7,
    overlapLimitDays: 30,
    selfApproval: false,
    vault: 'secrets-manager',
    healthCheck: null,
    copies: [],
  });
});

test('every failed issue but the last has a wait of its own', () => {
  expect(issueRetryHours).toHaveLength(issueAttempts - 1);
});

describe.each([
  ['graceHours', 24, 48],
  ['soakHours', 24, 2160],
  ['staleDays', 1, 3650],
  ['snoozeCapHours', 0, 168],
  ['answerDays', 1, 30],
  ['overlapLimitDays', 3, 30],
] as const)('%s', (name, least, most) => {
  test(`${least} and ${most} are allowed`, () => {
    expect(policyProblems(policyWith({ [name]: least }))).toEqual([]);
    expect(policyProblems(policyWith({ [name]: most }))).toEqual([]);
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
  test.each([
    ['without a day', { days: [] }],
    ['on a day that does not exist', { days: [0] }],
    ['that closes before it opens', { fromHour: 22, toHour: 6 }],
    ['that closes as it opens', { fromHour: 5, toHour: 5 }],
    ['beyond the day', { toHour: 30 }],
    ['at no hour', { fromHour: Number.NaN }],
    ['in no zone', { timeZone: 'Europe/Nowhere' }],
  ])('%s is a problem', (_, changes) => {
    expect(policyProblems(policyWith({ window: { ...nightWindow, ...changes } }))).toHaveLength(1);
  });
});
