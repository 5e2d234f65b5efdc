/** What a run is started with, but for the functions that it drives: and so, how it is known. */
import type { Rotation } from '../domain/case.ts';
import type { Ids, Place } from '../domain/ports.ts';
import { parametersOf } from '../domain/runbook-order.ts';

export interface RunParametersDeps {
  readonly ids: Pick<Ids, 'uuid'>;
  /** The ARN of the role that runbooks assume there: it cannot be passed across accounts. */
  readonly runbookRole: (where: Place) => string;
}

export type RunParameters = Readonly<Record<string, string>>;

/** Of the run that the rotation waits for. Throws Bug if it waits for none. */
export function runParameters(
  { ids, runbookRole }: RunParametersDeps,
  rotation: Rotation,
  where: Place,
  effectId: string,
): RunParameters {
  return {
    AutomationAssumeRole: runbookRole(where),
    ...parametersOf(rotation, effectId, ids.uuid),
  };
}

/** The names of parameters in which two runs differ. */
export function differing(one: RunParameters, other: RunParameters): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => one[name] !== other[name]);
}
