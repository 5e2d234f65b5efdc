/**
 * Lambda: Invoke, of functions that the sandbox registers. What goes in and out is JSON, so nothing
 * is shared; a function that throws answers with FunctionError, not with an error of the call.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import type { InvocationRequest, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import type { Ground } from './ground.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import type { NamedPlace } from './sns.ts';
import { notModelled, strict } from './strict.ts';

export type FunctionHandler = (payload: unknown) => Promise<unknown>;

export interface Functions {
  /** `lets`: the services that the function's policy lets invoke it, e.g. `sns.amazonaws.com`. */
  register(place: NamedPlace, handler: FunctionHandler, lets?: readonly string[]): void;
  /** Whether the function is there and its policy lets that service in. */
  lets(principal: string, functionArn: string): boolean;
  /** A service invokes the function and waits for its answer. */
  callFor(principal: string, functionArn: string, payload: object): Promise<'succeeded' | 'failed'>;
  readonly model: ServiceModel;
}

type Answer = Omit<InvokeCommandOutput, '$metadata'>;

export function functions(ground: Ground): Functions {
  const handlers = new Map<string, FunctionHandler>();
  const invokers = new Map<string, readonly string[]>();
  const arnOf = ({ account, region, name }: NamedPlace): string =>
    `arn:${ground.partition}:lambda:${region}:${account}:function:${name}`;

  const invoke = (input: InvocationRequest, context: CallContext): Promise<Answer> | Answer => {
    const { FunctionName: name = '', InvocationType = 'RequestResponse' } = input;
    const { account, region } = context;
    const arn = name.startsWith('arn:') ? name : arnOf({ account, region, name });
    const [, , , , owner] = arn.split(':');
    if (owner !== account) {
      const tried = 'is not authorized to perform: lambda:InvokeFunction on resource:';
      throw awsError('AccessDeniedException', `User: ${context.caller.arn} ${tried} ${arn}`, 403);
    }
    const handler = handlers.get(arn);
    if (handler === undefined) {
      throw awsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    }
    const payload = payloadOf(input);
    switch (InvocationType) {
      case 'RequestResponse':
        return answer(handler, payload);
      case 'Event':
        ground.clock.at(context.now, async () => {
          await answer(handler, payload);
        });
        return { StatusCode: 202, Payload: blob('') };
      default:
        throw notModelled(`lambda:Invoke with InvocationType ${InvocationType}`);
    }
  };

  return {
    register: (place, handler, lets = []) => {
      handlers.set(arnOf(place), handler);
      invokers.set(arnOf(place), lets);
    },
    lets: (principal, arn) => invokers.get(arn)?.includes(principal) === true,
    callFor: async (principal, arn, payload) => {
      const handler = handlers.get(arn);
      if (handler === undefined || invokers.get(arn)?.includes(principal) !== true) return 'failed';
      const { FunctionError } = await answer(handler, JSON.parse(JSON.stringify(payload)));
      return FunctionError === undefined ? 'succeeded' : 'failed';
    },
    model: strict('lambda', {
      Invoke: { takes: ['FunctionName', 'InvocationType', 'Payload'], run: invoke },
    }),
  };
}

async function answer(handler: FunctionHandler, payload: unknown): Promise<Answer> {
  try {
    const result = await handler(payload);
    const json = JSON.stringify(result === undefined ? null : result);
    return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: blob(json) };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const told = { errorType: error.name, errorMessage: error.message, trace: [] };
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      FunctionError: 'Unhandled',
      Payload: blob(JSON.stringify(told)),
    };
  }
}

function payloadOf({ Payload }: InvocationRequest): unknown {
  const text = Payload === undefined ? '{}' : Buffer.from(Payload).toString();
  try {
    return JSON.parse(text);
  } catch {
    const problem = 'Could not parse request body into json';
    throw awsError('InvalidRequestContentException', problem);
  }
}

/** The bytes as the SDK hands them out, which can turn themselves into a text. */
function blob(text: string): NonNullable<Answer['Payload']> {
  const bytes = new TextEncoder().encode(text);
  return Object.assign(bytes, {
    transformToString: (encoding: BufferEncoding = 'utf8') => Buffer.from(bytes).toString(encoding),
  }) as NonNullable<Answer['Payload']>;
}
