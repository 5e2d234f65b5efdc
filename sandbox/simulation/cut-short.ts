/** Runbooks that somebody stops, or that run out of time, shortly after they were started. */
import { plus } from '../../domain/instant.ts';
import type { CloudCall } from '../account/plugin.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import type { FaultKind, Strikes } from './strikes.ts';

const rate = 0.04;

export interface CutsShort {
  readonly world: World;
  readonly strikes: Strikes;
  readonly dice: Dice;
  readonly accounts: readonly string[];
}

/** To be told of every answer that Keyturn got. */
export function cutsShort(parts: CutsShort): (call: CloudCall, answer: unknown) => void {
  return (call, answer) => {
    const { service, operation } = call;
    if (service === 'ssm' && operation === 'StartAutomationExecution') {
      soonAfterTheStart(parts, call, answer);
    }
    if (service === 'secretsmanager' && operation === 'UpdateSecretVersionStage') {
      asCurrentMoves(parts, call);
    }
  };
}

function soonAfterTheStart(
  { world, strikes, dice }: CutsShort,
  { input }: CloudCall,
  answer: unknown,
): void {
  const { DocumentName } = input as { readonly DocumentName: string };
  const { AutomationExecutionId: id } = answer as { readonly AutomationExecutionId: string };
  const effect = `run of ${DocumentName}`;
  const kind = strikes.decide(effect, ['cancelled', 'timed out'], rate);
  if (kind === undefined) return;
  // Some runs take a second in all.
  const seconds = dice.pick([0, dice.between(0, 8), dice.between(0, 90)]);
  world.clock.at(plus(world.clock.now(), { seconds }), () => {
    if (cut(world, id, kind)) strikes.struck(kind, effect);
  });
}

/** The moment at which an undo would do the most harm: AWSCURRENT has moved, and nobody knows. */
function asCurrentMoves({ world, strikes, accounts }: CutsShort, { input }: CloudCall): void {
  const { VersionStage, MoveToVersionId: token = '' } = input as Readonly<Record<string, string>>;
  if (VersionStage !== 'AWSCURRENT') return;
  const id = accounts
    .flatMap((account) => world.runner.list({ ...world.place, account }))
    .filter(({ AutomationExecutionStatus: status }) => status === 'InProgress')
    .find(({ Parameters }) => Parameters?.ClientRequestToken?.[0] === token)?.AutomationExecutionId;
  if (id === undefined) return;
  const effect = 'run in which AWSCURRENT moves';
  const kind = strikes.decide(effect, ['cancelled', 'timed out'], rate);
  if (kind !== undefined && cut(world, id, kind)) strikes.struck(kind, effect);
}

function cut({ runner }: World, id: string, kind: FaultKind): boolean {
  return kind === 'cancelled' ? runner.stop(id, 'Cancel') : runner.timeOut(id);
}
