/**
 * Outsiders who see what Keyturn did and step in: a key is made by hand after an attempt has
 * failed, and whoever needs a key that went off switches it on again. Acts at any time hardly ever
 * meet those moments.
 */
import { type Duration, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import type { CloudCall } from '../account/plugin.ts';
import { askedOf } from './effect-name.ts';
import { act, type Meddlers } from './meddlers.ts';
import { odds } from './odds.ts';
import { keyOf } from './truth.ts';

/** To be told of every answer that Keyturn got; somebody reacts in worlds with outsiders alone. */
export function reactions(meddlers: Meddlers): (call: CloudCall) => void {
  const { world, ledger, strikes, dice } = meddlers;
  if (ledger.plan.outsiderActs === 0) return () => {};
  const soon = (user: IamUser | undefined, after: Duration, what: string): void => {
    if (user === undefined) return;
    world.clock.at(plus(world.clock.now(), after), async () => {
      if (!strikes.isOver()) await act(meddlers, user, what);
    });
  };
  return (call) => {
    if (isUndo(call) && dice.chance(odds.byHand)) {
      soon(userOfUndo(meddlers, call), { minutes: dice.between(1, 40) }, 'makes a key');
    }
    if (isSwitchOff(call) && dice.chance(odds.switchedOnAgain)) {
      soon(userOfKey(meddlers, call), { hours: dice.between(1, 60) }, 'switches the old key on');
    }
  };
}

function isUndo({ service, input }: CloudCall): boolean {
  return service === 'lambda' && askedOf(Object(input)).Step === 'undo';
}

function isSwitchOff({ operation, input }: CloudCall): boolean {
  return operation === 'UpdateAccessKey' && Object(input).Status === 'Inactive';
}

function userOfUndo({ ledger }: Meddlers, { input }: CloudCall): IamUser | undefined {
  const { RotationId } = askedOf(Object(input));
  return ledger.rotations.get(String(RotationId))?.rotation.key.user;
}

function userOfKey({ world, ledger }: Meddlers, { input }: CloudCall): IamUser | undefined {
  const keyId = String(Object(input).AccessKeyId);
  for (const account of ledger.plan.accounts) {
    const key = keyOf(world, account, keyId);
    const { users } = world.cloud.truth(account);
    const user = users.find(({ userId }) => userId === key?.userId);
    if (user !== undefined) return user;
  }
  return undefined;
}
