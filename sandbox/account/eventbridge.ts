/**
 * EventBridge: PutEvents to buses. An entry for a bus that does not exist is accepted and lost, as
 * in AWS (https://github.com/aws/aws-sdk/issues/186, read 2026-11); it is kept in `lost`.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import type { Instant } from '../../domain/instant.ts';
import type { Ground } from './ground.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import type { NamedPlace } from './sns.ts';
import { notModelled, strict } from './strict.ts';

export interface BusEvent {
  readonly at: Instant;
  readonly eventId: string;
  readonly busArn: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
}

export interface Buses {
  /** Returns the ARN. Every account has a bus `default` in each Region. */
  add(place: NamedPlace): string;
  readonly events: readonly BusEvent[];
  /** Accepted by PutEvents for a bus that there is not. */
  readonly lost: readonly BusEvent[];
  readonly model: ServiceModel;
}

const entryFields: ReadonlySet<string> = new Set([
  'Source',
  'DetailType',
  'Detail',
  'EventBusName',
  'Resources',
  'Time',
]);

export function buses(ground: Ground): Buses {
  const arns = new Set<string>();
  const events: BusEvent[] = [];
  const lost: BusEvent[] = [];
  const arnOf = ({ account, region, name }: NamedPlace): string =>
    `arn:${ground.partition}:events:${region}:${account}:event-bus/${name}`;

  const put = (entry: PutEventsRequestEntry, context: CallContext): PutEventsResultEntry => {
    const refusal = refusalOf(entry);
    if (refusal !== undefined) return refusal;
    const { account, region, now } = context;
    const { EventBusName: bus = 'default', Source = '', DetailType = '', Detail = '' } = entry;
    const busArn = bus.startsWith('arn:') ? bus : arnOf({ account, region, name: bus });
    const known = arns.has(busArn) || busArn === arnOf({ account, region, name: 'default' });
    const eventId = ground.names.uuid('bus event');
    (known ? events : lost).push({
      at: now,
      eventId,
      busArn,
      source: Source,
      detailType: DetailType,
      detail: JSON.parse(Detail),
      resources: entry.Resources ?? [],
    });
    return { EventId: eventId };
  };

  const model = strict('events', {
    PutEvents: {
      takes: ['Entries'],
      run: (input: PutEventsRequest, context): PutEventsResponse => {
        const entries = input.Entries ?? [];
        refuseInvalid(entries);
        const results = entries.map((entry) => put(entry, context));
        const failed = results.filter((result) => result.ErrorCode !== undefined).length;
        return { FailedEntryCount: failed, Entries: results };
      },
    },
  });
  const add = (place: NamedPlace): string => {
    arns.add(arnOf(place));
    return arnOf(place);
  };
  return { add, events, lost, model };
}

const bytesAllowed = 256 * 1024;

function refuseInvalid(entries: readonly PutEventsRequestEntry[]): void {
  if (entries.length < 1 || entries.length > 10) {
    const problem = `'entries' must have length 1 to 10, not ${entries.length}`;
    throw awsError('ValidationException', `1 validation error detected: ${problem}`);
  }
  let bytes = 0;
  for (const entry of entries) {
    for (const [field, value] of Object.entries(entry)) {
      if (!entryFields.has(field) && value !== undefined) {
        throw notModelled(`events:PutEvents with ${field}`);
      }
      if (typeof value === 'string') bytes += Buffer.byteLength(value);
    }
  }
  if (bytes > bytesAllowed) {
    throw awsError(
      'ValidationException',
      'Total size of the entries in the request is over the limit.',
    );
  }
}

function refusalOf(entry: PutEventsRequestEntry): PutEventsResultEntry | undefined {
  for (const field of ['Source', 'DetailType', 'Detail'] as const) {
    if (entry[field] === undefined || entry[field] === '') {
      const problem = `Parameter ${field} is not valid. Reason: ${field} is a required argument.`;
      return { ErrorCode: 'InvalidArgument', ErrorMessage: problem };
    }
  }
  if (entry.Source?.startsWith('aws.')) {
    const problem = 'Not authorized for the source.';
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: problem };
  }
  return isObject(entry.Detail)
    ? undefined
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isObject(json = ''): boolean {
  try {
    const value = JSON.parse(json);
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}
