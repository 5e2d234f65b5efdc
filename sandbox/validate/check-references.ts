/**
 * Whether something answers each `{{ … }}` in a step's inputs. CreateDocument refuses a parameter
 * that is not declared and a step that does not exist.
 */
import { isList, isMap, type Json } from '../runner/json.ts';
import type { Problems } from '../runner/problems.ts';
import type { Declared } from './declared.ts';
import { hint } from './nearest.ts';
import { ownInputs, type WrittenStep } from './outline.ts';
import type { Paths } from './paths.ts';
import {
  pseudoParameters,
  type Reference,
  referencesIn,
  shown,
  systemVariables,
} from './references.ts';

export interface Surroundings {
  readonly declared: Declared;
  readonly byName: ReadonlyMap<string, WrittenStep>;
  readonly paths: Paths;
}

export function checkReferences(step: WrittenStep, around: Surroundings, problems: Problems): void {
  const said = new Set<string>();
  for (const [name, value] of Object.entries(ownInputs(step))) {
    const foreign = isForeign(step, name);
    for (const reference of referencesIn(value)) {
      if (foreign && !isOurs(reference, around)) continue;
      const problem =
        referenceProblem(reference, around) ?? orderProblem(reference, step, around.byName, around);
      if (problem !== undefined) said.add(problem);
    }
  }
  for (const property of ['maxAttempts', 'timeoutSeconds', 'isEnd', 'isCritical']) {
    for (const reference of referencesIn(step.source[property])) {
      const problem = referenceProblem(reference, around);
      if (problem !== undefined) said.add(`${property}: ${problem}`);
    }
  }
  for (const problem of said) problems.add(problem);
}

function isForeign(step: WrittenStep, input: string): boolean {
  const inputs = step.entry?.inputs ?? {};
  return Object.hasOwn(inputs, input) && inputs[input]?.foreign === true;
}

/** In code of another language braces may be its own, unless they name something of ours. */
function isOurs(reference: Reference, { byName }: Surroundings): boolean {
  return reference.kind === 'output' ? byName.has(reference.step) : reference.kind !== 'parameter';
}

/** What is wrong with a reference wherever it stands, or undefined. */
export function referenceProblem(
  reference: Reference,
  { declared, byName }: Omit<Surroundings, 'paths'>,
): string | undefined {
  const { name } = 'name' in reference ? reference : { name: '' };
  switch (reference.kind) {
    case 'system':
      return systemVariables.includes(name)
        ? undefined
        : `${shown(reference)} is no system variable${hint(name, systemVariables)}`;
    case 'ssm':
      return undefined;
    case 'variable':
      return declared.variables.has(name)
        ? undefined
        : `${shown(reference)} is not declared${hint(name, declared.variables.keys())}`;
    case 'parameter':
      return declared.parameters.has(name) || pseudoParameters.includes(name)
        ? undefined
        : `${shown(reference)} is not a declared parameter${hint(name, declared.parameters)}`;
    case 'output':
      return outputProblem(reference.step, reference.path, byName, shown(reference));
  }
}

/** `written` is how the reference reads. */
export function outputProblem(
  stepName: string,
  path: readonly string[],
  byName: ReadonlyMap<string, WrittenStep>,
  written: string,
): string | undefined {
  const step = byName.get(stepName);
  if (step === undefined) {
    return `${written} names a step that does not exist${hint(stepName, byName.keys())}`;
  }
  const [output = '', ...further] = path;
  if (step.entry === undefined || further.length > 0 || output === '*') return undefined;
  const known = outputNames(step);
  if (known.has(output)) return undefined;
  return `${written} names an output that ${stepName} does not have${hint(output, known)}`;
}

/** Declared outputs and those of the action; `OutputPayload` is its whole response. */
function outputNames(step: WrittenStep): ReadonlySet<string> {
  const declared = isList(step.source.outputs) ? step.source.outputs : [];
  const names = declared.map((output: Json) => (isMap(output) ? output.Name : undefined));
  const own = step.entry?.outputs ?? [];
  const whole = step.entry?.selects === true ? ['OutputPayload'] : [];
  return new Set([...names, ...own, ...whole].filter((name) => typeof name === 'string'));
}

/** Only what is certain: in a loop, an output may be of the round before. */
function orderProblem(
  reference: Reference,
  from: WrittenStep,
  byName: ReadonlyMap<string, WrittenStep>,
  { paths }: Surroundings,
): string | undefined {
  const of = reference.kind === 'output' ? byName.get(reference.step) : undefined;
  if (of === undefined) return undefined;
  if (of === from) {
    return from.source.action === 'aws:loop' ? undefined : `${shown(reference)} is its own output`;
  }
  if (!paths.isOnlyAfter(outermost(of), outermost(from))) return undefined;
  return `${shown(reference)} is of a step that can only run later`;
}

function outermost(step: WrittenStep): WrittenStep {
  let each = step;
  while (each.loop !== undefined) each = each.loop;
  return each;
}
