/**
 * A small company with stale keys, and everything that receiving an event needs, in memory. What is
 * told, kept or logged is there to be looked at.
 */
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { eventReader } from '../../adapters/inbound-event.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import type { Observed } from '../../app/open.ts';
import type { ReceiveDeps } from '../../app/receive.ts';
import type { Letter } from '../../domain/inbound.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import type { AccessKey, IamUser, Partition } from '../../domain/key.ts';
import { defaultPolicy } from '../../domain/policy.ts';
import type { RunReport, Users } from '../../domain/ports.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { use } from '../builders.ts';

export const now = instant('2026-11-16T07:00:00Z');

export interface Employee {
  readonly user: IamUser;
  readonly keys: readonly AccessKey[];
}

/** A user with keys of so many days, all Active, the ids made from the last letters given. */
export function employee(
  userName: string,
  userId: string,
  keys: Readonly<Record<string, number>>,
  where: { partition?: Partition; account?: string; path?: string } = {},
): Employee {
  const { partition = 'aws', account = '111122223333', path = '/' } = where;
  return {
    user: { partition, account, userName, userId, path, tags: {} },
    keys: Object.entries(keys).map(([keyId, days]) => ({
      keyId,
      status: 'Active',
      createdAt: plus(now, { days: -days }),
    })),
  };
}

export const ciRunner = employee('ci-runner', 'AIDAIOSFODNN7EXAMPLE', {
  AKIAIOSFODNN7EXAMPLE: 400,
});
export const staff: readonly Employee[] = [
  ciRunner,
  employee('report-mailer', 'AIDACKCEVSQ6C2EXAMPLE', { AKIAI44QH8DHBEXAMPLE: 91 }),
  employee(
    'etl-nightly',
    'AIDAJQABLZS4A3EXAMPLE',
    { AKIAJSIE27KKMHXEXAMPLE: 120 },
    { account: '444455556666', path: '/apps/prod/' },
  ),
];

/** Users as IAM would list them; `down` makes an account unreachable. */
export function usersOf(people: readonly Employee[], down: () => Error | undefined): Users {
  const find = (
    partition: Partition,
    account: string,
    is: (user: IamUser) => boolean,
  ): Employee | undefined => {
    const error = down();
    if (error !== undefined) throw error;
    return people.find(
      ({ user }) => user.partition === partition && user.account === account && is(user),
    );
  };
  return {
    byId: async (partition, account, userId) =>
      find(partition, account, (user) => user.userId === userId)?.user,
    byName: async (partition, account, userName) =>
      find(partition, account, (user) => user.userName === userName)?.user,
    everyone: async (partition, account) => {
      const error = down();
      if (error !== undefined) throw error;
      return people
        .map(({ user }) => user)
        .filter((user) => user.partition === partition && user.account === account);
    },
    keysOf: async ({ partition, account, userId }) =>
      find(partition, account, (user) => user.userId === userId)?.keys,
  };
}

export interface Company extends ReceiveDeps {
  readonly clock: VirtualClock;
  readonly letters: Letter[];
  readonly observed: Observed[];
  readonly unread: { account: string; problem: string }[];
  readonly toldTeam: string[];
  readonly logged: { level: string; message: string; facts: Readonly<Record<string, unknown>> }[];
  readonly runs: Map<string, RunReport>;
}

type Overrides = Partial<ReceiveDeps> & {
  readonly people?: readonly Employee[];
  readonly partition?: Partition;
  readonly start?: Instant;
};

export function company(overrides: Overrides = {}): Company {
  const { people = staff, partition = 'aws', start = now, ...deps } = overrides;
  const letters: Letter[] = [];
  const observed: Observed[] = [];
  const unread: Company['unread'] = [];
  const toldTeam: string[] = [];
  const logged: Company['logged'] = [];
  const runs = new Map<string, RunReport>();
  const clock = virtualClock(start);
  const log = (level: string) => (message: string, facts: Readonly<Record<string, unknown>>) => {
    logged.push({ level, message, facts });
  };
  return {
    store: memoryStore(),
    accounts: { whyNotServed: async () => null },
    secrets: { describe: async () => undefined },
    creators: { creatorOf: async () => ({ complete: true, value: null }) },
    keyMakerSession: ({ account }, token) =>
      `arn:aws:sts::${account}:assumed-role/keyturn-key-maker/${token}`,
    tellTeam: async (news) => {
      toldTeam.push(news);
    },
    ids: cryptoIds,
    users: usersOf(people, () => undefined),
    log: { info: log('info'), error: log('error') },
    // Everybody's keys are in use, unless a test says otherwise.
    issued: { issuedTo: async () => [] },
    uses: { lastUsed: async () => use(plus(clock.now(), { hours: -1 })) },
    profiles: { profileOf: async () => ({ privileged: { is: false }, sesSmtp: { is: false } }) },
    policyFor: async () => ({ policy: defaultPolicy, exemption: null, notes: [] }),
    ownerOf: () => ({ known: false }),
    regionFor: () => 'us-east-1',
    announceObserved: async (told) => {
      observed.push(told);
    },
    runbooks: {
      start: async () => {
        throw new Error('receiving an event starts no run');
      },
      read: async (where, id) => runs.get(`${where.account}/${where.region}/${id}`),
      find: async () => [],
    },
    runbookRole: ({ partition, account }) => `arn:${partition}:iam::${account}:role/runbook`,
    tellUnread: async (account, problem) => {
      unread.push({ account, problem });
    },
    tellCredentials: async () => 'told',
    stopSwitch: { read: async () => ({ stopped: false }) },
    readEvent: eventReader({ partition, customAction: 'keyturn' }),
    deadLetters: {
      keep: async (letter) => {
        letters.push(letter);
      },
    },
    ...deps,
    clock,
    letters,
    observed,
    unread,
    toldTeam,
    logged,
    runs,
  };
}
