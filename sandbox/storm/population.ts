/** Users with one stale key each, in all accounts: most are in use, one in ten is not. */
import { type Instant, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import type { World } from '../world.ts';
import { type StormOptions, storm } from './options.ts';

export interface Subject {
  readonly user: IamUser;
  readonly keyId: string;
  /** In use: to be replaced. Otherwise it is to be retired. */
  readonly isUsed: boolean;
}

/** Twelve digits that no account has. */
export function accountsOf({ accounts }: Pick<StormOptions, 'accounts'>): readonly string[] {
  return Array.from({ length: accounts }, (_, index) => String(index + 1).padStart(12, '0'));
}

/** Puts them into the world; nothing is reported by that. */
export function populate(world: World, options: StormOptions): readonly Subject[] {
  const accounts = accountsOf(options);
  const now = world.clock.now();
  return Array.from({ length: options.keys }, (_, index) => {
    const account = accountOf(accounts, options, index);
    return settle(world, account, index, now);
  });
}

function accountOf(accounts: readonly string[], { spread }: StormOptions, index: number): string {
  const [first = '', ...others] = accounts;
  if (spread === 'even') return accounts[index % accounts.length] ?? first;
  return index % 2 === 0 ? first : (others[((index - 1) / 2) % others.length] ?? first);
}

/** What uses keys here. */
export const program = {
  service: 's3',
  eventName: 'ListBuckets',
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
} as const;

function settle({ cloud }: World, account: string, index: number, now: Instant): Subject {
  const userName = `service-${String(index).padStart(6, '0')}`;
  const createdAt = plus(now, { days: -200 });
  const user = cloud.addUser({ account, userName, createdAt });
  const { keyId } = cloud.addKey(account, userName, { createdAt });
  const isUsed = index % storm.unusedOneIn !== 0;
  const hoursAgo = isUsed ? [72, 48, 24] : [];
  for (const hours of hoursAgo) {
    cloud.recordPastUse(keyId, { ...program, at: plus(now, { hours: -hours }) });
  }
  return { user, keyId, isUsed };
}

/** The ids of the keys that users have now, by unique id, in the accounts' own truth. */
export function keysNow(
  { cloud }: World,
  subjects: readonly Subject[],
): ReadonlyMap<string, readonly string[]> {
  const accounts = new Set(subjects.map(({ user }) => user.account));
  const users = [...accounts].flatMap((account) => cloud.truth(account).users);
  return new Map(users.map(({ userId, keys }) => [userId, keys.map(({ keyId }) => keyId)]));
}
