/**
 * SSM Automation of the suite: the sandbox's runner over the documents that the stack deployed. Its
 * steps call AWS like everybody else, at the proxy, as a session of the role that the document
 * assumes.
 */
import * as iam from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Documents } from '../../../sandbox/account/ssm.ts';
import { parsedRunbook } from '../../../sandbox/runbook-files.ts';
import type { ActingPlace } from '../../../sandbox/runner/action.ts';
import { createRunner, type Runner } from '../../../sandbox/runner/runner.ts';
import type { Resource } from '../../infra/packaged-stack.ts';
import type { Credentials } from '../functions/invocations.ts';
import type { Models } from '../proxy/models.ts';

export type SessionOf = (account: string, roleArn: string, session: string) => Promise<Credentials>;

/** The documents of a packaged stack, by name, from the text that is deployed. */
export function documentsOf(resources: Readonly<Record<string, Resource>>): Documents {
  return new Map(
    Object.values(resources)
      .filter(({ Type }) => Type === 'AWS::SSM::Document')
      .map(({ Properties }) => [
        Properties.Name,
        parsedRunbook(Properties.Name, String(Properties.Content)),
      ]),
  );
}

export function automation(endpoint: string, { ground }: Models, sessionOf: SessionOf): Runner {
  const sessions = new Map<string, Promise<Credentials>>();
  const acting = (where: ActingPlace) => {
    const { account, region, roleArn, executionId } = where;
    if (roleArn === undefined) throw new Error('the document names no role to assume');
    const name = `Automation-${executionId}`;
    const credentials = sessions.get(name) ?? sessionOf(account, roleArn, name);
    sessions.set(name, credentials);
    return { endpoint, region, credentials: () => credentials, maxAttempts: 1 };
  };
  return createRunner({
    clock: ground.clock,
    callAws: (where, { service, operation, input }) => {
      const command = Object.entries(iam).find(([name]) => name === `${operation}Command`)?.[1];
      if (service !== 'iam' || command === undefined) {
        throw new Error(`the runbooks of this suite call iam, not ${service}:${operation}`);
      }
      // biome-ignore lint/suspicious/noExplicitAny: any command of the client
      const order = new (command as any)(input);
      return new iam.IAMClient(acting(where)).send(order);
    },
    invokeFunction: async (where, name, payload) => {
      const answer = await new LambdaClient(acting(where)).send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }),
      );
      return {
        statusCode: answer.StatusCode ?? 0,
        payload: JSON.parse(answer.Payload?.transformToString() || 'null'),
        ...(answer.FunctionError === undefined ? {} : { functionError: answer.FunctionError }),
      };
    },
    emit: ({ source, account, region, resources, detail, ...event }) => {
      ground.emit({ source, account, region, resources, detail, detailType: event['detail-type'] });
    },
    nextId: () => ground.names.uuid('run'),
  });
}
