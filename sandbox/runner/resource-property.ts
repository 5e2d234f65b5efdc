/**
 * aws:assertAwsResourceProperty looks once; aws:waitForAwsResourceProperty looks until the property
 * has a desired value or the step's time is up. Both have an hour unless the step says otherwise.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 * (2026-11) and its pages of both actions.
 */
import { plus } from '../../domain/instant.ts';
import { type ActionModel, failed, isLiteral, textInput } from './action.ts';
import { callApi, callProblems } from './aws-call.ts';
import { isList, type Json, type JsonMap, textOf } from './json.ts';
import { select, selectorProblem } from './selector.ts';

/** AWS does not say how often it looks. */
const secondsBetweenLooks = 5;

const ownInputs = ['PropertySelector', 'DesiredValues'];

function check(inputs: JsonMap): string[] {
  const problems = callProblems(inputs, ownInputs);
  const selector = inputs.PropertySelector;
  if (selector !== undefined && isLiteral(selector)) {
    const problem = selectorProblem(selector);
    if (problem !== undefined) problems.push(`input PropertySelector: ${problem}`);
  }
  const desired = inputs.DesiredValues;
  if (desired !== undefined && isLiteral(desired) && !(isList(desired) && desired.length > 0)) {
    problems.push('input DesiredValues is not a list of at least one value');
  }
  return problems;
}

/** A Boolean reads `True` or `False`, with a capital letter, as the page says. */
function propertyText(value: Json): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return textOf(value);
}

function isDesired(inputs: JsonMap, found: Json | undefined): boolean {
  const desired = inputs.DesiredValues;
  if (found === undefined || !isList(desired)) return false;
  return desired.map(propertyText).includes(propertyText(found));
}

export const assertAwsResourceProperty: ActionModel = {
  check,
  targets: () => [],
  ownOutputs: [],
  selectsOutputs: true,
  timeoutSeconds: 3600,
  limitSeconds: undefined,
  perform: async (inputs, context) => {
    const call = await callApi(inputs, ownInputs, context);
    if ('failure' in call) return call.failure;
    const selector = textInput(inputs, 'PropertySelector');
    const found = select(call.answer, selector);
    if (isDesired(inputs, found)) {
      return { kind: 'succeeded', response: call.answer, outputs: {} };
    }
    const seen = found === undefined ? 'nothing' : propertyText(found);
    return failed(
      { stage: 'PostVerification', type: 'Verification' },
      `Property value of ${selector} from the API output is ${seen}, which is not in desired ` +
        `values ${JSON.stringify(inputs.DesiredValues)}`,
    );
  },
};

export const waitForAwsResourceProperty: ActionModel = {
  ...assertAwsResourceProperty,
  perform: async (inputs, context) => {
    const call = await callApi(inputs, ownInputs, context);
    if ('failure' in call) return call.failure;
    if (isDesired(inputs, select(call.answer, textInput(inputs, 'PropertySelector')))) {
      return { kind: 'succeeded', response: call.answer, outputs: {} };
    }
    const until = plus(context.now(), { seconds: secondsBetweenLooks });
    return { kind: 'waiting', until, afterwards: 'act again' };
  },
};
