/**
 * One entry of `mainSteps`, which is known to be sound, as the runner needs it: its properties with
 * their defaults. What the sandbox does not run is refused as that.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html (2026-11)
 */
import { type ActionName, actions, isActionName } from './actions.ts';
import { isDataType } from './data-type.ts';
import type { Detour, OutputDefinition, Step } from './document.ts';
import { isMap, type Json, type JsonMap } from './json.ts';
import { listField, mapField, type Problems, textField, valid } from './problems.ts';
import { selectorProblem } from './selector.ts';

/** The step, or undefined if the sandbox has nothing that runs it. */
export function parseStep(source: Json, all: Problems): Step | undefined {
  if (!isMap(source) || typeof source.name !== 'string') return undefined;
  const { name, action } = source;
  const problems = all.about(name);
  if (!isActionName(action)) {
    problems.add(valid(`does not run ${action}`));
    return undefined;
  }
  const inputs = mapField(source, 'inputs', problems);
  for (const problem of actions[action].check(inputs)) problems.add(valid(`objects: ${problem}`));
  const onFailure = detourOf(source, 'onFailure', problems);
  return {
    name,
    action,
    inputs,
    outputs: outputsOf(source, action, problems),
    nextStep: textField(source, 'nextStep', problems),
    isEnd: flagOf(source, 'isEnd', problems) ?? false,
    // A step that may fail and continue is not critical unless it says so; any other one is.
    isCritical: flagOf(source, 'isCritical', problems) ?? onFailure.kind !== 'Continue',
    onFailure,
    onCancel: detourOf(source, 'onCancel', problems),
    maxAttempts: countOf(source, 'maxAttempts', problems) ?? 1,
    timeoutSeconds: countOf(source, 'timeoutSeconds', problems),
  };
}

function detourOf(source: JsonMap, property: 'onFailure' | 'onCancel', problems: Problems): Detour {
  const text = textField(source, property, problems) ?? 'Abort';
  if (text.startsWith('step:')) return { kind: 'step', name: text.slice('step:'.length).trim() };
  return { kind: text === 'Continue' ? 'Continue' : 'Abort' };
}

/** `true` and `'true'` are the same. */
function flagOf(source: JsonMap, name: string, problems: Problems): boolean | undefined {
  const value = source[name];
  if (value === undefined || typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  if (word !== 'true' && word !== 'false') {
    problems.add(valid(`takes only true or false for ${name}`));
  }
  return word === 'true';
}

/** `3` and `'3'` are the same. */
function countOf(source: JsonMap, name: string, problems: Problems): number | undefined {
  const value = source[name];
  if (value === undefined) return undefined;
  const count = Number(value);
  if (Number.isInteger(count)) return count;
  problems.add(valid(`takes only a number for ${name}`));
  return undefined;
}

function outputsOf(source: JsonMap, action: ActionName, problems: Problems): OutputDefinition[] {
  return listField(source, 'outputs', problems).flatMap((entry) => {
    if (!isMap(entry) || typeof entry.Name !== 'string') return [];
    if (!actions[action].selectsOutputs) {
      problems.add(valid(`declares no outputs of ${action}`));
    }
    const { Name: name, Selector: selector = '$', Type } = entry;
    const problem = selectorProblem(selector);
    if (problem !== undefined)
      problems.add(valid(`does not select by it: output ${name} ${problem}`));
    // String unless said otherwise.
    return { name, selector: String(selector), type: isDataType(Type) ? Type : 'String' };
  });
}
