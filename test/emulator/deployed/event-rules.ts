/**
 * EventBridge's part, which moto does not play: each event goes to the targets of the stack's rules
 * that match it, functions or queues; what waits in a queue goes to the function that reads it.
 */
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { matches } from '../../infra/event-pattern.ts';
import type { DeployedFunction } from '../functions/invocations.ts';
import type { Stack } from './deploy.ts';

export interface Delivery {
  readonly to: string;
  readonly event: unknown;
  readonly answer: unknown;
}

export type Invoke = (deployed: DeployedFunction, event: unknown) => Promise<unknown>;

/** Delivers one event to everything that a rule of the stack sends it to. */
export async function deliver(
  stack: Stack,
  sqs: SQSClient,
  invoke: Invoke,
  event: unknown,
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const [id, { Type, Properties }] of Object.entries(stack.resources)) {
    if (Type !== 'AWS::Events::Rule' || !matches(Properties.EventPattern, event)) continue;
    // Rules of another bus than the account's own hear what members forward.
    if (Properties.EventBusName !== undefined && !isForwarded(event, stack)) continue;
    for (const target of Properties.Targets) {
      const named = logicalIdOf(target.Arn);
      const deployed = functionOf(stack, named);
      if (deployed !== undefined) {
        deliveries.push({ to: deployed.name, event, answer: await invoke(deployed, event) });
        continue;
      }
      const queue = stack.physical.get(named);
      if (queue === undefined)
        throw new Error(`rule ${id} has a target that is not known: ${named}`);
      const body = JSON.stringify(event);
      await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body }));
      deliveries.push(...(await drain(stack, sqs, invoke, named, queue)));
    }
  }
  return deliveries;
}

function isForwarded(event: unknown, stack: Stack): boolean {
  return (event as { readonly account?: unknown }).account !== stack.account;
}

function logicalIdOf(arn: unknown): string {
  const { 'Fn::GetAtt': attribute } = Object(arn) as { readonly 'Fn::GetAtt'?: unknown };
  const [id] = [attribute].flat();
  return String(id).split('.')[0] ?? '';
}

function functionOf({ functions, physical }: Stack, logicalId: string) {
  return functions.find(({ name }) => name === physical.get(logicalId));
}

const failures = v.object({
  batchItemFailures: v.array(v.object({ itemIdentifier: v.string() })),
});

/** As Lambda reads a queue: what a batch reports as failed stays. */
async function drain(
  stack: Stack,
  sqs: SQSClient,
  invoke: Invoke,
  queueId: string,
  queueUrl: string,
): Promise<readonly Delivery[]> {
  const reader = Object.values(stack.resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::EventSourceMapping' &&
      logicalIdOf(Properties.EventSourceArn) === queueId,
  );
  const deployed = reader && functionOf(stack, functionId(reader.Properties.FunctionName));
  if (deployed === undefined) return [];
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  if (Messages.length === 0) return [];
  const event = {
    Records: Messages.map(({ MessageId, ReceiptHandle, Body }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      awsRegion: deployed.region,
      eventSourceARN: `arn:aws:sqs:${deployed.region}:${deployed.account}:${queueUrl.split('/').at(-1)}`,
    })),
  };
  const answer = await invoke(deployed, event);
  const told = v.safeParse(failures, answer);
  const failed = told.success
    ? told.output.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
    : [];
  const done = Messages.filter(({ MessageId = '' }) => !failed.includes(MessageId));
  if (done.length > 0) {
    const Entries = done.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
  return [{ to: deployed.name, event, answer }];
}

/** Mappings name a function by its ARN or by its name. */
function functionId(name: unknown): string {
  const { Ref } = Object(name) as { readonly Ref?: unknown };
  return typeof Ref === 'string' ? Ref : logicalIdOf(name);
}
