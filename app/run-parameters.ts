/** What a run is started with, but for the functions that it drives: and so, how it is known. */
import type { Rotation } from '../domain/case.ts';
import type { RunbookName } from '../domain/effect.ts';
import { Bug } from '../domain/errors.ts';
import type { Ids, Place, RunReport } from '../domain/ports.ts';
import { parametersOf } from '../domain/runbook-order.ts';
import type { StageName } from '../domain/stage.ts';

export interface RunParametersDeps {
  readonly ids: Pick<Ids, 'uuid'>;
  readonly runbookRole: RunbookRole;
}

/** The ARN of the role that a runbook assumes there: it cannot be passed across accounts. */
export type RunbookRole = (where: Place, runbook: RunbookName) => string;

/** The runbook that each stage waits for. */
const runbooks: Partial<Record<StageName, RunbookName>> = {
  issuing: 'issue-replacement-key',
  deactivating: 'deactivate-key',
  deleting: 'delete-key',
  restoring: 'restore-key',
};

export type RunParameters = Readonly<Record<string, string>>;

/** Of the run that the rotation waits for. Throws Bug if it waits for none. */
export function runParameters(
  { ids, runbookRole }: RunParametersDeps,
  rotation: Rotation,
  where: Place,
  effectId: string,
): RunParameters {
  const runbook = runbooks[rotation.stage.name];
  if (runbook === undefined) throw new Bug(`no run is awaited in stage ${rotation.stage.name}`);
  return {
    AutomationAssumeRole: runbookRole(where, runbook),
    ...parametersOf(rotation, effectId, ids.uuid),
  };
}

/**
 * In what a run is not what was ordered. Whoever may start automations beside the keys can write
 * any rotation and effect id into its parameters, and have it drive a function of their own.
 */
export function strangeIn(
  deps: RunParametersDeps,
  { parameters }: RunReport,
  rotation: Rotation,
  where: Place,
  effectId: string,
): string | undefined {
  if (parameters === undefined) return 'it drives another function';
  const names = differing(parameters, runParameters(deps, rotation, where, effectId));
  return names.length === 0 ? undefined : `it differs in ${names.join(', ')}`;
}

/** The names of parameters in which two runs differ. */
function differing(one: RunParameters, other: RunParameters): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => one[name] !== other[name]);
}
