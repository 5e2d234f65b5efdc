/** The runner, calling the sandbox's AWS as the role that each document assumes. */
import { cryptoIds } from '../adapters/crypto-ids.ts';
import type { Cloud } from './account/cloud.ts';
import { awsError } from './account/service.ts';
import type { VirtualClock } from './clock.ts';
import type { ActingPlace, FunctionAnswer } from './runner/action.ts';
import { createRunner, type Runner } from './runner/runner.ts';

export type { Runner } from './runner/runner.ts';

export function sandboxRunner(cloud: Cloud, clock: VirtualClock, seed: string): Runner {
  let made = 0;
  const call = (where: ActingPlace, service: string, operation: string, input: unknown) => {
    if (where.roleArn === undefined) {
      throw awsError('AccessDenied', 'the document names no role to assume', 403);
    }
    const roleName = where.roleArn.split('/').at(-1) ?? '';
    const session = `Automation-${where.executionId}`;
    const credentials = cloud.roleCredentials(where.account, roleName, session);
    return cloud.call({ service, operation, input, region: where.region, credentials });
  };
  return createRunner({
    clock,
    callAws: (where, { service, operation, input }) => call(where, service, operation, input),
    invokeFunction: async (where, name, payload) => {
      const input = {
        FunctionName: name,
        Payload: new TextEncoder().encode(JSON.stringify(payload)),
      };
      return functionAnswer(await call(where, 'lambda', 'Invoke', input));
    },
    emit: ({ source, account, region, resources, detail, ...event }) => {
      cloud.emit({
        source,
        account,
        region,
        resources,
        detail,
        detailType: event['detail-type'],
      });
    },
    nextId: () => {
      made += 1;
      return cryptoIds.uuid(`${seed}/run/${made}`);
    },
  });
}

interface Invoked {
  readonly StatusCode?: number;
  readonly Payload?: Uint8Array;
  readonly FunctionError?: string;
}

function functionAnswer(answer: unknown): FunctionAnswer {
  const { StatusCode = 0, Payload, FunctionError } = answer as Invoked;
  const payload: unknown = JSON.parse(new TextDecoder().decode(Payload) || 'null');
  return FunctionError === undefined
    ? { statusCode: StatusCode, payload }
    : { statusCode: StatusCode, payload, functionError: FunctionError };
}
