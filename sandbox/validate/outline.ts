/** The steps of a document as they are written, those inside loops among them. */
import { actionEntry } from '../runner/catalogue/actions.ts';
import type { ActionEntry } from '../runner/catalogue/entry.ts';
import { isList, isMap, type Json, type JsonMap } from '../runner/json.ts';
import type { Problems } from '../runner/problems.ts';

export interface WrittenStep {
  /** The name, or where it stands if it has none. */
  readonly label: string;
  readonly name: string | undefined;
  readonly source: JsonMap;
  readonly inputs: JsonMap;
  /** Undefined for an action that does not exist. */
  readonly entry: ActionEntry | undefined;
  /** The loop that it belongs to. */
  readonly loop: WrittenStep | undefined;
  /** Itself and the steps beside it, in order. */
  readonly row: readonly WrittenStep[];
}

/** All steps, each before those inside it. */
export function outline(source: JsonMap, about: Problems): WrittenStep[] {
  const written = source.mainSteps;
  if (!isList(written) || written.length === 0) {
    about.add('mainSteps is not a list of at least one step');
    return [];
  }
  return rowOf(written, undefined, about);
}

function rowOf(
  written: readonly Json[],
  loop: WrittenStep | undefined,
  about: Problems,
): WrittenStep[] {
  const row: WrittenStep[] = [];
  for (const [index, source] of written.entries()) {
    const place = loop === undefined ? '' : ` of ${loop.label}`;
    const ordinal = `step ${index + 1}${place}`;
    if (!isMap(source)) {
      about.add(`${ordinal} is not a map`);
      continue;
    }
    const named = source.name;
    const name = typeof named === 'string' && named.trim() !== '' ? named : undefined;
    row.push({
      label: name ?? ordinal,
      name,
      source,
      inputs: isMap(source.inputs) ? source.inputs : {},
      entry: actionEntry(source.action),
      loop,
      row,
    });
  }
  return row.flatMap((step) => [step, ...inside(step, about)]);
}

function inside(step: WrittenStep, about: Problems): WrittenStep[] {
  const steps = step.inputs.Steps;
  if (step.source.action !== 'aws:loop' || !isList(steps)) return [];
  return rowOf(steps, step, about);
}

/** What the step is about, without the steps inside it. */
export function ownInputs(step: WrittenStep): JsonMap {
  if (step.source.action !== 'aws:loop') return step.inputs;
  const { Steps: _inside, ...own } = step.inputs;
  return own;
}

/** Steps that the choices of an aws:branch lead to, Default last. */
export function branchTargets(step: WrittenStep): string[] {
  if (step.source.action !== 'aws:branch') return [];
  const { Choices, Default } = step.inputs;
  const choices = isList(Choices) ? Choices : [];
  const targets = [...choices.map((choice) => isMap(choice) && choice.NextStep), Default];
  return targets.filter((name): name is string => typeof name === 'string');
}

/** The step that `onFailure: step:x` or `onCancel: step:x` names. */
export function detour(step: WrittenStep, property: 'onFailure' | 'onCancel'): string | undefined {
  const value = step.source[property];
  return typeof value === 'string' && value.startsWith('step:')
    ? value.slice('step:'.length).trim()
    : undefined;
}

export function isTrue(value: Json | undefined): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}
