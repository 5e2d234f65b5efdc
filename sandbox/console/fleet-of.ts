/**
 * A fleet of any size from a seed: users with one key or two, used or not, young or stale, in two
 * accounts, as real ones are. The same seed and size give the same fleet.
 */
import { ownerTag } from '../../domain/owner.ts';
import { type FleetKey, type FleetUser, fleetAccounts } from '../fleet.ts';
import { people } from '../settings.ts';
import { type Dice, diceOf } from '../simulation/dice.ts';

/** The largest fleet that can be asked for. */
export const mostUsers = 5000;

const teams = ['billing', 'search', 'mobile', 'data', 'infra', 'mail', 'web', 'fraud'] as const;
const jobs = ['export', 'sync', 'push', 'report', 'backup', 'deploy', 'import', 'scan'] as const;
const owners = [people.olivia, people.omar] as const;

/** So many users, of that seed. */
export function fleetOf(seed: string, users: number): readonly FleetUser[] {
  const dice = diceOf(`fleet/${seed}`);
  return Array.from({ length: users }, (_, index) => userOf(dice, index));
}

function userOf(dice: Dice, index: number): FleetUser {
  const number = String(index + 1).padStart(4, '0');
  const userName = `svc-${dice.pick(teams)}-${dice.pick(jobs)}-${number}`;
  const second = dice.chance(0.12);
  const keys = [keyOf(dice), ...(second ? [keyOf(dice)] : [])];
  const owner = dice.pick(owners);
  return {
    userName,
    account: dice.pick(fleetAccounts),
    tags: dice.chance(0.9) ? { [ownerTag]: owner.slackUserId } : {},
    about: second ? 'two keys' : 'one key',
    keys,
    ...(dice.chance(0.02) ? { may: 'everything' as const } : {}),
  };
}

/** Most keys are young; of the stale ones some are very old, and some are forgotten. */
function keyOf(dice: Dice): FleetKey {
  const ageDays = dice.chance(0.65)
    ? dice.between(1, 89)
    : dice.chance(0.6)
      ? dice.between(90, 365)
      : dice.between(366, 1500);
  const isForgotten = ageDays >= 90 && dice.chance(0.2);
  return { ageDays, usedDaysAgo: isForgotten ? dice.between(91, 400) : 0.5 };
}
