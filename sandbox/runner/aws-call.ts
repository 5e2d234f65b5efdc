/** One AWS API call as actions make it, with Automation's words for what went wrong. */
import { Bug, messageOf } from '../../domain/errors.ts';
import {
  type ActionContext,
  type Failure,
  failed,
  type Outcome,
  presenceProblems,
  textInput,
} from './action.ts';
import type { JsonMap } from './json.ts';

/** Problems with the inputs Service and Api, beside those that the action needs itself. */
export function callProblems(inputs: JsonMap, alsoRequired: readonly string[]): string[] {
  const problems = presenceProblems(inputs, ['Service', 'Api', ...alsoRequired], 'any');
  const api = textInput(inputs, 'Api');
  if (api !== '' && !/^[A-Z][A-Za-z0-9]*$/.test(api)) {
    problems.push(`input Api is not an operation in PascalCase: ${api}`);
  }
  return problems;
}

/** The API's answer, or the outcome of a step whose call failed. */
export async function callApi(
  inputs: JsonMap,
  notForApi: readonly string[],
  context: ActionContext,
): Promise<{ readonly answer: unknown } | { readonly failure: Outcome }> {
  const operation = textInput(inputs, 'Api');
  const service = textInput(inputs, 'Service').toLowerCase();
  const input = Object.fromEntries(
    Object.entries(inputs).filter(([name]) => ![...notForApi, 'Service', 'Api'].includes(name)),
  );
  try {
    return { answer: await context.callAws(context.where, { service, operation, input }) };
  } catch (error) {
    return { failure: callFailed(operation, error) };
  }
}

/** A thrown AWS error as a step's failure. A Bug is no failure of a step: it goes on up. */
export function callFailed(operation: string, thrown: unknown): Outcome {
  if (thrown instanceof Bug) throw thrown;
  const name = thrown instanceof Error ? thrown.name : 'Unknown';
  const type: Failure['type'] = /AccessDenied|Unauthorized/.test(name)
    ? 'Permission'
    : /Throttl|TooManyRequests|RequestLimit/.test(name)
      ? 'Throttling'
      : 'Action';
  const message = `An error occurred (${name}) when calling the ${operation} operation: `;
  return failed({ stage: 'Invocation', type }, message + messageOf(thrown));
}
