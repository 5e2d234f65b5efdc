/** Runbooks that somebody stops, or that run out of time, shortly after they were started. */
import { plus } from '../../domain/instant.ts';
import type { CloudCall } from '../account/plugin.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import type { Strikes } from './strikes.ts';

const rate = 0.04;

/** To be told of every answer that Keyturn got. */
export function cutsShort(parts: {
  readonly world: World;
  readonly strikes: Strikes;
  readonly dice: Dice;
}): (call: CloudCall, answer: unknown) => void {
  const { world, strikes, dice } = parts;
  return ({ service, operation, input }, answer) => {
    if (service !== 'ssm' || operation !== 'StartAutomationExecution') return;
    const { DocumentName } = input as { readonly DocumentName: string };
    const { AutomationExecutionId: id } = answer as { readonly AutomationExecutionId: string };
    const effect = `run of ${DocumentName}`;
    const kind = strikes.decide(effect, ['cancelled', 'timed out'], rate);
    if (kind === undefined) return;
    const seconds = dice.pick([dice.between(0, 8), dice.between(0, 90)]);
    world.clock.at(plus(world.clock.now(), { seconds }), () => {
      const stopped =
        kind === 'cancelled' ? world.runner.stop(id, 'Cancel') : world.runner.timeOut(id);
      if (stopped) strikes.struck(kind, effect);
    });
  };
}
