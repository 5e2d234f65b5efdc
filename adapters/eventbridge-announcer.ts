/**
 * Facts for machines: `Rotation <Stage>` events from source `keyturn` on Keyturn's own bus.
 * PutEvents answers 200 even when it took no event, so its entries are looked at.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { Permanent, Transient } from '../domain/errors.ts';
import { toMillis } from '../domain/instant.ts';
import { userArn } from '../domain/key.ts';
import type { Announcer } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { factJson } from './fact-json.ts';

export const eventSource = 'keyturn';

const retryable: readonly (string | undefined)[] = ['InternalFailure', 'ThrottlingException'];

/** Puts events on the bus of that name or ARN. Throws Transient or Permanent. */
export function eventBridgeAnnouncer(connection: AwsConnection, busName: string): Announcer {
  const events = connect(EventBridgeClient, connection);
  return {
    announce: async (fact) => {
      const tried = `putting ${fact.effectId} on the event bus ${busName}`;
      const { rotation, at } = fact;
      const entry: PutEventsRequestEntry = {
        EventBusName: busName,
        Source: eventSource,
        DetailType: detailType(rotation.stage.name),
        Detail: JSON.stringify(factJson({ ...fact, news: '' })),
        Resources: [userArn(rotation.key.user)],
        Time: new Date(toMillis(at)),
      };
      const answer = await events
        .send(new PutEventsCommand({ Entries: [entry] }))
        .catch((error: unknown) => {
          throw fromAws(tried, error);
        });
      const [result] = answer.Entries ?? [];
      if (result?.EventId !== undefined && (answer.FailedEntryCount ?? 0) === 0) return;
      throw notTaken(tried, result?.ErrorCode, result?.ErrorMessage);
    },
  };
}

/** `Rotation Overlapping`, … */
export function detailType(stage: string): string {
  return `Rotation ${stage.slice(0, 1).toUpperCase()}${stage.slice(1)}`;
}

/** An entry that failed without a code says nothing against trying again. */
function notTaken(tried: string, code: string | undefined, why = ''): Transient | Permanent {
  const message = `${tried}: EventBridge did not take it (${code ?? 'no reason given'} ${why})`;
  return code === undefined || retryable.includes(code)
    ? new Transient(`${message}; it is tried again`)
    : new Permanent(`${message}; check the bus and its policy`);
}
