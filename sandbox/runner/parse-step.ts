/**
 * One entry of `mainSteps`: the properties that all actions share, and the inputs as the action
 * wants them. https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 * (2026-11)
 */
import { actions, isActionName } from './actions.ts';
import { type DataType, isDataType } from './data-type.ts';
import type { Detour, OutputDefinition, Step } from './document.ts';
import { isMap, type Json, type JsonMap } from './json.ts';
import {
  booleanField,
  countField,
  listField,
  mapField,
  type Problems,
  refuseUnknown,
  textField,
} from './problems.ts';
import { selectorProblem } from './selector.ts';

const stepProperties = [
  'name',
  'action',
  'description',
  'inputs',
  'outputs',
  'nextStep',
  'isEnd',
  'isCritical',
  'onFailure',
  'onCancel',
  'maxAttempts',
  'timeoutSeconds',
];

/** The step, or undefined if too much is wrong to tell which one it is. */
export function parseStep(source: Json, index: number, all: Problems): Step | undefined {
  const ordinal = `step ${index + 1}`;
  if (!isMap(source)) {
    all.about(ordinal).add('is not a map');
    return undefined;
  }
  const name = typeof source.name === 'string' ? source.name : undefined;
  const problems = all.about(name ?? ordinal);
  if (name === undefined) problems.add('has no name');
  else if (!/^\w[\w-]{0,127}$/.test(name))
    problems.add('the name has other than letters, digits, _');
  refuseUnknown(source, stepProperties, problems);
  const action = source.action;
  if (!isActionName(action)) {
    problems.add(
      action === undefined
        ? 'has no action'
        : `action ${JSON.stringify(action)} is not known to this runner`,
    );
    return undefined;
  }
  const inputs = mapField(source, 'inputs', problems);
  for (const problem of actions[action].check(inputs)) problems.add(problem);
  const onFailure = parseDetour(source, 'onFailure', problems);
  return {
    name: name ?? ordinal,
    action,
    inputs,
    outputs: parseOutputs(source, actions[action].selectsOutputs, problems),
    nextStep: textField(source, 'nextStep', problems),
    isEnd: booleanField(source, 'isEnd', problems) ?? false,
    // A step that may fail and continue is not critical unless it says so; any other one is.
    isCritical: booleanField(source, 'isCritical', problems) ?? onFailure.kind !== 'Continue',
    onFailure,
    onCancel: parseDetour(source, 'onCancel', problems),
    maxAttempts: countField(source, 'maxAttempts', 1, problems) ?? 1,
    timeoutSeconds: countField(source, 'timeoutSeconds', 1, problems),
  };
}

function parseDetour(
  source: JsonMap,
  property: 'onFailure' | 'onCancel',
  problems: Problems,
): Detour {
  const text = textField(source, property, problems) ?? 'Abort';
  if (text.startsWith('step:')) return { kind: 'step', name: text.slice('step:'.length).trim() };
  if (text === 'Abort') return { kind: 'Abort' };
  if (text === 'Continue' && property === 'onFailure') return { kind: 'Continue' };
  const allowed = property === 'onFailure' ? 'Abort, Continue or step:name' : 'Abort or step:name';
  problems.add(`${property} is not ${allowed}: ${text}`);
  return { kind: 'Abort' };
}

function parseOutputs(source: JsonMap, allowed: boolean, all: Problems): OutputDefinition[] {
  const outputs: OutputDefinition[] = [];
  const written = listField(source, 'outputs', all);
  if (written.length > 0 && !allowed) all.add('this action has no outputs to declare');
  for (const [index, entry] of written.entries()) {
    const problems = all.about(`output ${index + 1}`);
    if (!isMap(entry)) {
      problems.add('is not a map');
      continue;
    }
    refuseUnknown(entry, ['Name', 'Selector', 'Type'], problems);
    const { Name, Selector, Type } = entry;
    const problem = selectorProblem(Selector);
    if (problem !== undefined) problems.add(`Selector ${problem}`);
    const type = outputType(Type, problems);
    if (typeof Name !== 'string' || !/^\w+$/.test(Name)) {
      problems.add('Name is not of letters, digits and _');
    } else if (outputs.some((other) => other.name === Name)) {
      problems.add(`Name ${Name} is used twice`);
    } else {
      outputs.push({ name: Name, selector: typeof Selector === 'string' ? Selector : '$', type });
    }
  }
  return outputs;
}

/** String unless said otherwise. */
function outputType(type: Json | undefined, problems: Problems): DataType {
  if (type === undefined || isDataType(type)) return type ?? 'String';
  problems.add(`Type ${JSON.stringify(type)} is none of the data types`);
  return 'String';
}
