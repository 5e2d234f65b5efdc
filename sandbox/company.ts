/**
 * The small company of the story: seven users with stale keys, what uses them, and how their people
 * behave. Every name, address and account is an example.
 */
import { type Instant, plus } from '../domain/instant.ts';
import type { IamUser } from '../domain/key.ts';
import { ownerTag } from '../domain/owner.ts';
import { type Consumer, type Habit, pastUses, startConsumer } from './consumer.ts';
import { reportStaleUser } from './reports.ts';
import { people } from './settings.ts';
import type { World } from './world.ts';

export const companyAccounts = ['111122223333', '444455556666'] as const;

export interface Employee {
  readonly userName: string;
  readonly account: (typeof companyAccounts)[number];
  readonly path?: string;
  readonly owner: keyof typeof people;
  /** Why this user is in the story. */
  readonly about: string;
  readonly keyAgeDays: number;
  readonly habits: readonly Habit[];
}

const worker = {
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
} as const;
const server = { region: 'eu-west-1', sourceIp: '198.51.100.42', userAgent: 'Boto3/1.40' } as const;
const cli = { region: 'us-east-1', sourceIp: '192.0.2.80', userAgent: 'aws-cli/2.31' } as const;

export const company: readonly Employee[] = [
  {
    userName: 'svc-billing-export',
    account: '111122223333',
    owner: 'olivia',
    about: 'changes over within 12 hours: the usual case',
    keyAgeDays: 431,
    habits: [
      {
        ...worker,
        service: 's3',
        operation: 'ListBuckets',
        everyHours: 6,
        changesOverAfterHours: 8,
      },
    ],
  },
  {
    userName: 'svc-image-resizer',
    account: '444455556666',
    path: '/apps/prod/',
    owner: 'omar',
    about: 'its owner snoozes for a day first',
    keyAgeDays: 212,
    habits: [
      {
        ...server,
        service: 's3',
        operation: 'ListBuckets',
        everyHours: 6,
        changesOverAfterHours: 10,
      },
    ],
  },
  {
    userName: 'svc-legacy-sync',
    account: '111122223333',
    owner: 'omar',
    about: 'forgetful: goes on using the old key',
    keyAgeDays: 1204,
    habits: [
      {
        ...cli,
        service: 's3',
        operation: 'ListBuckets',
        everyHours: 6,
        changesOverAfterHours: null,
      },
    ],
  },
  {
    userName: 'svc-nightly-report',
    account: '111122223333',
    owner: 'olivia',
    about: 'works once a day, so it has to be quiet for two days',
    keyAgeDays: 118,
    habits: [
      {
        ...worker,
        service: 'sts',
        operation: 'GetCallerIdentity',
        everyHours: 24,
        changesOverAfterHours: 6,
      },
    ],
  },
  {
    userName: 'svc-mobile-push',
    account: '444455556666',
    owner: 'olivia',
    about: 'a second program wakes up after the old key is off: rolled back, then done',
    keyAgeDays: 377,
    habits: [
      {
        ...server,
        service: 's3',
        operation: 'ListBuckets',
        everyHours: 6,
        changesOverAfterHours: 5,
      },
      {
        ...cli,
        service: 's3',
        operation: 'GetObject',
        everyHours: 60,
        changesOverAfterHours: 64,
      },
    ],
  },
  {
    userName: 'svc-archive',
    account: '444455556666',
    owner: 'omar',
    about: 'nobody answers',
    keyAgeDays: 903,
    habits: [],
  },
  {
    userName: 'svc-warehouse',
    account: '111122223333',
    owner: 'olivia',
    about: 'its owner deletes the key by hand meanwhile',
    keyAgeDays: 145,
    habits: [],
  },
];

export interface Settled {
  readonly employee: Employee;
  readonly user: IamUser;
  readonly keyId: string;
  readonly consumers: readonly Consumer[];
}

/** Hires everybody, lets their programs run, and has the findings sent. */
export function settleCompany(world: World): readonly Settled[] {
  const start = world.clock.now();
  return company.map((employee, index) => {
    const settled = settle(world, employee, start);
    world.clock.at(plus(start, { minutes: 5 * index }), () =>
      reportStaleUser(world, settled.user, ['security hub', 'config']),
    );
    return settled;
  });
}

function settle(world: World, employee: Employee, now: Instant): Settled {
  const { account, userName, path, owner, keyAgeDays, habits } = employee;
  const createdAt = plus(now, { days: -keyAgeDays });
  const user = world.cloud.addUser({
    account,
    userName,
    createdAt,
    tags: { [ownerTag]: people[owner].slackUserId },
    ...(path === undefined ? {} : { path }),
  });
  const key = world.cloud.addKey(account, userName, { createdAt });
  pastUses(world, key.keyId, habits, 14);
  const consumers = habits.map((habit) => startConsumer(world, user, key, habit));
  return { employee, user, keyId: key.keyId, consumers };
}
