/**
 * An account full of users for whoever looks for stale keys: old and young keys, Active and not, in
 * the first and in the second place, and ages right at the limit. Users without any stale key are
 * nineteen of twenty.
 */
import type { Duration } from '../../domain/instant.ts';
import { plus } from '../../domain/instant.ts';
import type { KeyStatus } from '../../domain/key.ts';
import { program } from '../storm/population.ts';
import type { World } from '../world.ts';

interface Key {
  readonly age: Duration;
  readonly status?: KeyStatus;
  readonly lastUsed?: Duration;
}

/** The limit of the policy that is asked, and of the scan beside it. */
export const staleDays = 90;

const yesterday = { hours: 30 };
const young: Key = { age: { days: 20 }, lastUsed: yesterday };
const switchedOff: Key = { age: { days: 400 }, status: 'Inactive' };
const justNotStale: Key = { age: { days: staleDays, hours: -2 }, lastUsed: yesterday };

/** Of the users without a stale key, in turn. */
const fine: readonly (readonly Key[])[] = [[young], [], [justNotStale], [young, switchedOff]];

/** Of the users with one, in turn; the stale keys come first, as many as is said. */
const notFine: readonly { readonly keys: readonly Key[]; readonly stale: number }[] = [
  { keys: [{ age: { days: 200 }, lastUsed: yesterday }], stale: 1 },
  { keys: [{ age: { days: staleDays }, lastUsed: yesterday }, young], stale: 1 },
  { keys: [{ age: { days: 150 } }], stale: 1 },
  { keys: [{ age: { days: 300 } }, { age: { days: 120 }, lastUsed: yesterday }], stale: 2 },
  { keys: [{ age: { days: 120 }, lastUsed: yesterday }, switchedOff], stale: 1 },
];

const oneStaleIn = 20;

/** Puts so many users there; returns the ids of the keys that are stale now, in no order. */
export function fillAccount(world: World, account: string, users: number): readonly string[] {
  const stale: string[] = [];
  for (let index = 0; index < users; index++) {
    const turn = Math.floor(index / oneStaleIn);
    const isFine = index % oneStaleIn !== 0;
    const of = isFine ? { keys: at(fine, index), stale: 0 } : at(notFine, turn);
    const ids = settle(world, account, index, of.keys);
    stale.push(...ids.slice(0, of.stale));
  }
  return stale;
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error('there is nothing to choose from');
  return found;
}

function settle(
  { cloud, clock }: World,
  account: string,
  index: number,
  keys: readonly Key[],
): readonly string[] {
  const now = clock.now();
  const userName = `service-${String(index).padStart(6, '0')}`;
  cloud.addUser({ account, userName, createdAt: plus(now, { days: -500 }) });
  return keys.map(({ age, status = 'Active', lastUsed }) => {
    const createdAt = plus(now, negative(age));
    const { keyId } = cloud.addKey(account, userName, { createdAt, status });
    if (lastUsed !== undefined) {
      cloud.recordPastUse(keyId, { ...program, at: plus(now, negative(lastUsed)) });
    }
    return keyId;
  });
}

function negative({ days = 0, hours = 0 }: Duration): Duration {
  return { days: -days, hours: -hours };
}
