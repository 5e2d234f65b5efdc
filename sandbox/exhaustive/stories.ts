/** Every story that is played with every fault. */
import type { WorldPlan } from '../simulation/plan.ts';
import { healthCheckName, repository } from '../simulation/plan-policy.ts';
import { answersToHolds, isIn, type Wish } from './diligent-people.ts';
import { application, hoursIn, mainPath, type Story, unusedKey, usedKey, user } from './story.ts';

interface Told extends Partial<Pick<Story, 'outsiders' | 'hasStrayUse'>> {
  readonly tells: string;
  /** What is different from the main path. */
  readonly plan?: (plan: WorldPlan) => Partial<WorldPlan>;
  readonly wishes?: Story['wishes'];
}

function story(name: string, { plan, wishes, ...told }: Told): Story {
  return {
    outsiders: [],
    hasStrayUse: false,
    ...told,
    name,
    plan: (dice) => {
      const main = mainPath(dice);
      return { ...main, ...plan?.(main) };
    },
    wishes: (now) => [...(wishes?.(now) ?? []), ...answersToHolds],
  };
}

const approve: Wish = { action: 'keyturn:approve', slackUserId: 'U0ADA', times: 2 };
const readForm: Wish = { ...approve, action: 'keyturn:form:snooze until', times: 1 };
const fromStranger: Wish = { ...approve, slackUserId: 'U0MALLORY', times: 1 };

export const stories: readonly Story[] = [
  story('main path', { tells: 'a used key is replaced without anybody' }),
  story('approved', {
    tells: 'a stranger may not approve it, an approver does, once the form for a snooze was read',
    plan: () => ({ mode: 'approve' }),
    wishes: () => [fromStranger, readForm, approve],
  }),
  story('retired', {
    tells: 'a key that nobody uses is switched off and deleted',
    plan: () => ({
      users: [{ ...user, keys: [unusedKey], reporters: ['security hub v2'] }],
    }),
  }),
  story('room', {
    tells: 'an unused key is retired to make room for the replacement of the other',
    plan: () => ({ users: [{ ...user, keys: [usedKey, unusedKey] }], days: 7 }),
  }),
  story('both stale', {
    tells: 'both keys are stale and used: nothing can be made until somebody deletes one by hand',
    outsiders: [{ afterHours: 2.5, what: 'deletes the old key' }],
    plan: () => ({
      users: [
        {
          ...user,
          keys: [usedKey, { ...usedKey, programs: [{ ...application, userAgent: 'second' }] }],
        },
      ],
    }),
  }),
  story('parameter store', {
    tells: 'the keys are kept in Parameter Store',
    plan: ({ policy }) => ({ policy: { ...policy, vault: 'parameter-store' } }),
  }),
  story('copy', {
    tells: 'a second Region has a copy, and the operator’s own check has to pass',
    plan: ({ policy }) => ({
      policy: {
        ...policy,
        healthCheck: healthCheckName,
        copies: [{ kind: 'secrets-manager', region: 'us-west-2' }],
      },
      users: [
        {
          ...user,
          keys: [
            {
              ...usedKey,
              programs: [
                application,
                { ...application, reads: 'copy', region: 'us-west-2', userAgent: 'far' },
              ],
            },
          ],
        },
      ],
    }),
  }),
  story('repository', {
    tells: 'a repository on GitHub gets the key, and a program reads it there; a parameter, too',
    plan: ({ policy }) => ({
      policy: {
        ...policy,
        copies: [
          { kind: 'github-actions', repository },
          { kind: 'parameter-store', region: 'us-west-2' },
        ],
      },
      users: [
        {
          ...user,
          keys: [
            {
              ...usedKey,
              programs: [application, { ...application, reads: 'copy', userAgent: 'a job' }],
            },
          ],
        },
      ],
    }),
  }),
  story('sick', {
    tells: 'the operator’s own check fails at first: the new key is removed, and made again later',
    plan: ({ policy }) => ({
      policy: { ...policy, healthCheck: healthCheckName },
      health: { ails: 'sick', from: hoursIn(0), to: hoursIn(1) },
    }),
  }),
  story('native', {
    tells: 'Secrets Manager rotates the key, with a copy and a check',
    plan: () => ({
      users: [
        {
          ...user,
          userName: 'svc-native',
          reportedOnDay: null,
          reporters: [],
          native: {
            everyDays: 30,
            fromDay: 0,
            copies: ['us-west-2'],
            healthCheck: true,
          },
        },
      ],
      // Until then its secret is rotated.
      calmFrom: hoursIn(24 * 4),
    }),
  }),
  story('rolled back', {
    tells: 'an admin rolls back during the soak: the old key is restored',
    wishes: (now) => [
      {
        action: 'keyturn:roll back',
        slackUserId: 'U0SAM',
        times: 1,
        when: ({ stage }) => stage.name === 'soaking' && stage.deactivatedAt < now(),
      },
    ],
  }),
  story('used while off', {
    tells: 'something forgotten uses the old key as it goes off: it is restored',
    hasStrayUse: true,
  }),
  story('used between', {
    tells: 'others switch the old key on in its soak, use it, and switch it off: so it stays',
    outsiders: [
      { afterHours: 35, what: 'switches the old key on' },
      { afterHours: 37, what: 'switches the old key off' },
    ],
    plan: () => ({
      users: [
        {
          ...user,
          keys: [{ ...usedKey, programs: [{ ...application, relapsesAfterHours: 23 }] }],
        },
      ],
    }),
  }),
  story('attested', {
    tells: 'nobody ever uses the new key, and the owner attests that nobody needs the old one',
    plan: () => ({
      users: [{ ...user, keys: [{ ...usedKey, programs: [], lastUsedDaysAgo: 20 }] }],
    }),
    wishes: (now) => [
      {
        action: 'keyturn:attest',
        slackUserId: 'U0OLIVIA',
        times: 2,
        when: isIn('overlapping', 20, now),
      },
    ],
  }),
  story('forced', {
    tells: 'the old key goes on being used until it is forced off: then its user reads the secret',
    plan: () => ({
      users: [
        {
          ...user,
          keys: [
            {
              ...usedKey,
              programs: [
                { ...application, changesOverAfterHours: null, onFailure: 'reads the secret' },
              ],
            },
          ],
        },
      ],
      days: 10,
    }),
    wishes: () => [
      {
        action: 'keyturn:force',
        slackUserId: 'U0SAM',
        times: 2,
        when: ({ stage }) => stage.name === 'held' && stage.reason.code !== 'rolled back',
      },
    ],
  }),
  story('deleted outside', {
    tells: 'an outsider deletes the old key in the overlap',
    outsiders: [{ afterHours: 10, what: 'deletes the old key' }],
  }),
  story('session tokens', {
    tells: 'the key is used for session tokens, which outlive its last use',
    plan: () => ({
      users: [
        {
          ...user,
          keys: [
            {
              ...usedKey,
              programs: [{ ...application, service: 'sts', operation: 'GetSessionToken' }],
            },
          ],
        },
      ],
    }),
  }),
  story('nobody hears', {
    tells: 'Slack, PagerDuty, SNS and Security Hub are down for a day and a half',
    plan: () => ({
      mode: 'approve',
      outages: (['slack', 'pagerduty', 'sns', 'securityhub'] as const).map((target) => ({
        ...{ target, from: hoursIn(0), to: hoursIn(36) },
      })),
    }),
    wishes: () => [approve],
  }),
];

/** The story of that name. Throws an Error that lists them if there is none. */
export function storyNamed(name: string): Story {
  const found = stories.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = stories.map((each) => `"${each.name}"`).join(', ');
  throw new Error(`there is no story "${name}": give one of ${names}`);
}
