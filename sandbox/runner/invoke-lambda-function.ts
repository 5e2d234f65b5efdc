/**
 * aws:invokeLambdaFunction: at most 300 seconds and 200 KB of payload. InputPayload (a map) wins
 * over Payload (JSON text). A function that reports an error fails the step; its outputs are still
 * shown. https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
 * (2026-11)
 */
import {
  type ActionContext,
  type ActionModel,
  failed,
  isLiteral,
  type Outcome,
  presenceProblems,
  textInput,
} from './action.ts';
import { callFailed } from './aws-call.ts';
import { isMap, type Json, type JsonMap, toJson } from './json.ts';

const largestPayloadBytes = 200 * 1024;

const invocationTypes: readonly Json[] = ['RequestResponse', 'Event', 'DryRun'];
const logTypes: readonly Json[] = ['None', 'Tail'];

const knownInputs = ['FunctionName', 'Payload', 'InputPayload', 'LogType', 'InvocationType'];

function check(inputs: JsonMap): string[] {
  const problems = presenceProblems(inputs, ['FunctionName'], knownInputs);
  const oneOf = (name: string, allowed: readonly Json[]) => {
    const value = inputs[name];
    if (value === undefined || !isLiteral(value) || allowed.includes(value)) return;
    problems.push(`input ${name} is not one of ${allowed.join(', ')}: ${JSON.stringify(value)}`);
  };
  oneOf('InvocationType', invocationTypes);
  oneOf('LogType', logTypes);
  const { Payload, InputPayload } = inputs;
  if (InputPayload !== undefined && isLiteral(InputPayload) && !isMap(InputPayload)) {
    problems.push('input InputPayload is not a map');
  }
  if (Payload !== undefined && typeof Payload !== 'string') {
    problems.push('input Payload is not a text of JSON; a map goes into InputPayload');
  }
  return problems;
}

function payloadOf(inputs: JsonMap): { readonly value: Json } | { readonly problem: string } {
  const { Payload, InputPayload } = inputs;
  if (InputPayload !== undefined) {
    return isMap(InputPayload) ? { value: InputPayload } : { problem: 'InputPayload is not a map' };
  }
  try {
    return { value: typeof Payload === 'string' ? (JSON.parse(Payload) as Json) : {} };
  } catch {
    return { problem: 'Payload is not JSON' };
  }
}

async function invoke(
  name: string,
  payload: Json,
  wantsLog: boolean,
  context: ActionContext,
): Promise<Outcome> {
  const answer = await context.invokeFunction(context.where, name, payload);
  const response: JsonMap = {
    StatusCode: answer.statusCode,
    ...(answer.functionError === undefined ? {} : { FunctionError: answer.functionError }),
    ...(wantsLog ? { LogResult: '' } : {}),
    Payload: toJson(answer.payload),
  };
  const outputs: JsonMap = { ...response, Payload: JSON.stringify(response.Payload) };
  if (answer.functionError !== undefined) {
    return failed(
      { stage: 'Invocation', type: 'Action' },
      `Lambda function ${name} failed (${answer.functionError}): ${outputs.Payload}`,
      outputs,
    );
  }
  if (bytesOf(outputs.Payload) > largestPayloadBytes) {
    return failed(
      { stage: 'PostVerification', type: 'Verification' },
      `Lambda function ${name} answered with more than ${largestPayloadBytes} bytes`,
    );
  }
  return { kind: 'succeeded', response, outputs };
}

function bytesOf(text: Json | undefined): number {
  return typeof text === 'string' ? Buffer.byteLength(text) : 0;
}

export const invokeLambdaFunction: ActionModel = {
  check,
  targets: () => [],
  ownOutputs: ['StatusCode', 'FunctionError', 'LogResult', 'Payload'],
  selectsOutputs: true,
  timeoutSeconds: undefined,
  limitSeconds: 300,
  perform: async (inputs, context) => {
    const payload = payloadOf(inputs);
    if ('problem' in payload) {
      return failed({ stage: 'InputValidation', type: 'Action' }, payload.problem);
    }
    if (Buffer.byteLength(JSON.stringify(payload.value)) > largestPayloadBytes) {
      const problem = `The payload is larger than ${largestPayloadBytes} bytes`;
      return failed({ stage: 'InputValidation', type: 'Action' }, problem);
    }
    const name = textInput(inputs, 'FunctionName');
    try {
      switch (inputs.InvocationType ?? 'RequestResponse') {
        case 'DryRun':
          return { kind: 'succeeded', response: {}, outputs: { StatusCode: 204 } };
        case 'Event':
          context.soon(async () => {
            await context.invokeFunction(context.where, name, payload.value);
          });
          return { kind: 'succeeded', response: {}, outputs: { StatusCode: 202 } };
        default:
          return await invoke(name, payload.value, inputs.LogType !== 'None', context);
      }
    } catch (error) {
      return callFailed('Invoke', error);
    }
  },
};
