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
import type { VirtualClock } from '../../../sandbox/clock.ts';
import { matches } from '../../infra/event-pattern.ts';
import type { DeployedFunction } from '../functions/invocations.ts';
import type { Stack } from './deploy.ts';

export interface Delivery {
  readonly to: string;
  readonly event: unknown;
  readonly answer: unknown;
}

export type Invoke = (deployed: DeployedFunction, event: unknown) => Promise<unknown>;

export interface Routes {
  readonly hub: Stack;
  /** Their rules forward to a bus of the hub's. */
  readonly members: readonly Stack[];
  readonly sqs: SQSClient;
  readonly clock: VirtualClock;
  readonly invoke: Invoke;
}

/** Delivers one event to everything that rules of its account, and of the hub, send it to. */
export async function deliver(routes: Routes, event: unknown): Promise<readonly Delivery[]> {
  const { account } = event as { readonly account?: unknown };
  const stack = [routes.hub, ...routes.members].find((each) => each.account === account);
  return stack === undefined ? [] : byRules(routes, stack, 'own', event);
}

type Bus = 'own' | 'forwarded';

async function byRules(
  routes: Routes,
  stack: Stack,
  bus: Bus,
  event: unknown,
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const { Type, Properties } of Object.values(stack.resources)) {
    if (Type !== 'AWS::Events::Rule') continue;
    const hears: Bus = Properties.EventBusName === undefined ? 'own' : 'forwarded';
    if (hears !== bus || !matches(Properties.EventPattern, event)) continue;
    for (const { Arn } of Properties.Targets) {
      deliveries.push(...(await toTarget(routes, stack, Arn, event)));
    }
  }
  return deliveries;
}

async function toTarget(
  routes: Routes,
  stack: Stack,
  arn: unknown,
  event: unknown,
): Promise<readonly Delivery[]> {
  if (/:event-bus\//.test(JSON.stringify(arn))) {
    return byRules(routes, routes.hub, 'forwarded', event);
  }
  const named = logicalIdOf(arn);
  const deployed = functionOf(stack, named);
  if (deployed !== undefined) {
    return [{ to: deployed.name, event, answer: await routes.invoke(deployed, event) }];
  }
  const queue = stack.physical.get(named);
  if (queue === undefined) throw new Error(`a rule has a target that is not known: ${named}`);
  const MessageBody = JSON.stringify(event);
  await routes.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody }));
  return drain(routes, stack, named, queue);
}

/** What waits in a queue of the stack's goes to the function that reads it. */
export function drainQueue(
  routes: Routes,
  stack: Stack,
  queueId: string,
): Promise<readonly Delivery[]> {
  return drain(routes, stack, queueId, stack.physical.get(queueId) ?? '');
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
  { sqs, clock, invoke }: Routes,
  stack: Stack,
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
  // A message that was sent this very moment is not to be seen yet.
  await clock.sleep(1000);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  if (Messages.length === 0) return [];
  const queueName = queueUrl.split('/').at(-1);
  const event = {
    Records: Messages.map(({ MessageId, ReceiptHandle, Body }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      awsRegion: deployed.region,
      eventSourceARN: ['arn:aws:sqs', deployed.region, deployed.account, queueName].join(':'),
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
