/**
 * Runs of runbooks that somebody cancels, or whose time is over, in the very middle: a point after
 * each call that a run makes, itself or by a function that it invokes.
 */
import type { CloudCall } from '../account/plugin.ts';
import { effectName, isMutation } from '../simulation/effect-name.ts';
import { running } from '../simulation/invocation.ts';
import type { FaultKind, Strikes } from '../simulation/strikes.ts';
import { isUnderWay } from '../simulation/truth.ts';
import type { World } from '../world.ts';

const kinds: readonly FaultKind[] = ['cancelled', 'timed out'];

/** To be told of every answer that Keyturn got. */
export function cutAfter(strikes: Strikes, accounts: readonly string[]) {
  return (world: World, call: CloudCall): void => {
    if (!isOfARun() || !(isMutation(call) || call.service === 'lambda')) return;
    const run = accounts
      .flatMap((account) => world.runner.list({ ...world.place, account }))
      .find(isUnderWay);
    const id = run?.AutomationExecutionId;
    if (id === undefined) return;
    const effect = `run after ${effectName(call)}`;
    const kind = strikes.decide(effect, kinds);
    if (kind === undefined) return;
    const isCut = kind === 'cancelled' ? world.runner.stop(id, 'Cancel') : world.runner.timeOut(id);
    if (isCut) strikes.struck(kind, effect);
  };
}

/** A step of the run itself, or of what it invokes; the hub's own functions are none. */
function isOfARun(): boolean {
  const who = running();
  return who === undefined || (who !== 'outside' && who.name.startsWith('keyturn-'));
}
