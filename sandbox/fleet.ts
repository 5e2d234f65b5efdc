/**
 * A fleet with every mix of users and keys that a real one holds: one key or two, used, unused or
 * Inactive, exempt, privileged, mailing. What each is there for stands beside it. Every name and
 * account is an example.
 */
import { type Instant, instant, plus } from '../domain/instant.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import { ownerTag } from '../domain/owner.ts';
import type { Mode } from '../domain/policy.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import { people, sandboxBook } from './settings.ts';
import { createWorld, type World } from './world.ts';

/** One key of a user. */
export interface FleetKey {
  readonly ageDays: number;
  readonly status?: AccessKey['status'];
  /** Days since its last use; null if it was never used. */
  readonly usedDaysAgo: number | null;
}

export interface FleetUser {
  readonly userName: string;
  readonly account: string;
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Why this user is in the fleet. */
  readonly about: string;
  readonly keys: readonly FleetKey[];
  /** What its policies allow; nothing worth mentioning unless said. */
  readonly may?: 'everything' | 'everything, by a group' | 'send mail';
}

const first = '111122223333';
const second = '444455556666';

export const fleetAccounts = [first, second] as const;

const used = (ageDays: number): FleetKey => ({ ageDays, usedDaysAgo: 0.5 });

export const fleet: readonly FleetUser[] = [
  {
    userName: 'one-used',
    account: first,
    tags: { [ownerTag]: people.olivia.slackUserId },
    about: 'one stale key in use',
    keys: [used(200)],
  },
  {
    userName: 'one-unused',
    account: first,
    about: 'one stale key that nobody has used for 130 days',
    keys: [{ ageDays: 400, usedDaysAgo: 130 }],
  },
  {
    userName: 'one-never-used',
    account: first,
    about: 'one stale key that nobody ever used',
    keys: [{ ageDays: 95, usedDaysAgo: null }],
  },
  {
    userName: 'both-stale-and-used',
    account: first,
    about: 'two stale keys, both in use: no room for a third',
    keys: [used(300), used(120)],
  },
  {
    userName: 'stale-and-recent',
    account: first,
    about: 'a stale key and a recent one, both in use: somebody stopped halfway',
    keys: [used(300), used(20)],
  },
  {
    userName: 'stale-and-unused',
    account: first,
    about: 'a stale key in use and a stale one that nobody uses: that one goes first',
    keys: [used(300), { ageDays: 500, usedDaysAgo: 200 }],
  },
  {
    userName: 'stale-and-inactive',
    account: first,
    about: 'a stale key in use and an old Inactive one, which counts too',
    keys: [used(300), { ageDays: 700, status: 'Inactive', usedDaysAgo: 300 }],
  },
  {
    userName: 'stale-and-just-inactive',
    account: first,
    about: 'a stale key in use and one that was switched off while it was in use',
    keys: [used(300), { ageDays: 100, status: 'Inactive', usedDaysAgo: 3 }],
  },
  {
    userName: 'both-unused',
    account: first,
    about: 'two stale keys that nobody uses',
    keys: [
      { ageDays: 300, usedDaysAgo: null },
      { ageDays: 200, usedDaysAgo: 150 },
    ],
  },
  {
    userName: 'stale-and-new',
    account: first,
    about: 'a stale key in use and a new one that nobody has used yet: too young to be unused',
    keys: [used(300), { ageDays: 5, usedDaysAgo: null }],
  },
  {
    userName: 'three-and-two-used',
    account: first,
    about: 'three Active keys, as a race can leave, two of them in use',
    keys: [used(300), used(200), { ageDays: 400, usedDaysAgo: 150 }],
  },
  {
    userName: 'three-and-one-used',
    account: first,
    about: 'three keys, one in use, one unused, one unused and Inactive: both go first',
    keys: [
      used(300),
      { ageDays: 400, usedDaysAgo: 150 },
      { ageDays: 600, status: 'Inactive', usedDaysAgo: 250 },
    ],
  },
  { userName: 'young', account: first, about: 'a key of 30 days', keys: [used(30)] },
  { userName: 'without-keys', account: first, about: 'no key at all', keys: [] },
  {
    userName: 'inactive-only',
    account: first,
    about: 'one Inactive key: no control reports it',
    keys: [{ ageDays: 400, status: 'Inactive', usedDaysAgo: 200 }],
  },
  {
    userName: 'deploy+ci=main@example.com',
    account: second,
    path: '/apps/prod/',
    about: 'every character that a name may have, under a path',
    keys: [used(180)],
  },
  {
    userName: 'break-glass',
    account: first,
    about: 'exempt, by a policy that says why and until when',
    keys: [used(500)],
  },
  {
    userName: 'administrator',
    account: first,
    about: 'privileged, by a policy of its own',
    keys: [used(250)],
    may: 'everything',
  },
  {
    userName: 'operator-by-group',
    account: second,
    about: 'privileged, by a group that it is in',
    keys: [{ ageDays: 250, usedDaysAgo: 120 }],
    may: 'everything, by a group',
  },
  {
    userName: 'ses-smtp-user.20250103-120000',
    account: second,
    about: 'sends mail by SMTP, whose password follows from the key',
    keys: [used(300)],
    may: 'send mail',
  },
  {
    userName: 'one-used',
    account: second,
    about: 'the same name in another account',
    keys: [used(365)],
  },
];

export interface FleetMember {
  readonly member: FleetUser;
  readonly user: IamUser;
  /** In the order of the member's keys. */
  readonly keys: readonly { readonly keyId: string; readonly secret: string }[];
}

/** Puts the fleet into a world as it is at that moment. Nothing is reported by that. */
export function settleFleet(
  world: World,
  members: readonly FleetUser[] = fleet,
): readonly FleetMember[] {
  const now = world.clock.now();
  return members.map((member) => settle(world, member, now));
}

const program = { region: 'us-east-1', sourceIp: '203.0.113.17', userAgent: 'aws-sdk-js/3' };

function settle(world: World, member: FleetUser, now: Instant): FleetMember {
  const { account, userName, path, tags, keys } = member;
  const oldest = Math.max(1, ...keys.map(({ ageDays }) => ageDays));
  const user = world.cloud.addUser({
    account,
    userName,
    createdAt: plus(now, { days: -oldest }),
    ...(path === undefined ? {} : { path }),
    ...(tags === undefined ? {} : { tags }),
  });
  allow(world, member);
  const made = keys.map(({ ageDays, status = 'Active', usedDaysAgo }) => {
    const createdAt = plus(now, { days: -ageDays });
    const key = world.cloud.addKey(account, userName, { createdAt, status });
    for (const at of usedDaysAgo === null ? [] : usesUntil(usedDaysAgo, now)) {
      const use = { ...program, at, service: 's3', eventName: 'ListBuckets' };
      if (at > createdAt) world.cloud.recordPastUse(key.keyId, use);
    }
    return key;
  });
  return { member, user, keys: made };
}

function allow({ cloud, place }: World, { account, userName, may }: FleetUser): void {
  const administrator = `arn:${place.partition}:iam::aws:policy/AdministratorAccess`;
  switch (may) {
    case 'everything':
      cloud.attachPolicy(account, userName, administrator);
      break;
    case 'everything, by a group':
      cloud.addGroup(account, 'operators', { attached: [administrator] });
      cloud.addToGroup(account, userName, 'operators');
      break;
    case 'send mail':
      cloud.putUserPolicy(account, userName, 'AmazonSesSendingAccess', {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ses:SendRawEmail', Resource: '*' }],
      });
      break;
    case undefined:
      break;
  }
}

/** The moment at which the fleet is looked at. */
export const fleetStart: Instant = instant('2026-11-02T08:00:00Z');

/** A world with the fleet in it, of which nothing has been reported yet. */
export async function fleetWorld(book: PolicyBook): Promise<World> {
  const [account] = fleetAccounts;
  const world = await createWorld({
    start: fleetStart,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: fleetAccounts,
    mode: 'approve',
    book,
    seed: 'every mix',
  });
  settleFleet(world);
  return world;
}

/** One mode for the whole fleet, and its exemption. */
export function fleetBook(mode: Mode, from: Instant): PolicyBook {
  const exemption = {
    index: 0,
    account: first,
    whom: { by: 'name', userName: 'break-glass' },
    reason: 'Sealed envelope in the safe; replaced by hand in the yearly drill.',
    by: 'Sam Oncall',
    from,
    until: plus(from, { days: 180 }),
  } as const;
  return { ...sandboxBook(mode), exemptions: [exemption] };
}

/** A week of uses, every six hours, up to so many days ago. */
function usesUntil(daysAgo: number, now: Instant): readonly Instant[] {
  const last = plus(now, { hours: -24 * daysAgo });
  return Array.from({ length: 28 }, (_, index) => plus(last, { hours: -6 * (27 - index) }));
}
