/**
 * CloudTrail's event history: management events of 90 days, each in one Region, each seen a few
 * minutes late. Data events are not in it. What an event says is written when it is first read.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html
 */
import type { Instant } from '../../domain/instant.ts';
import { type Ground, inSeconds } from './ground.ts';
import type { Principal } from './identity.ts';
import { hidden } from './redaction.ts';
import { homeRegion } from './region.ts';

export interface TrailRecord {
  readonly at: Instant;
  readonly eventId: () => string;
  readonly service: string;
  readonly eventName: string;
  readonly region: string;
  readonly principal: Principal;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly readOnly: boolean;
  readonly input: Readonly<Record<string, unknown>>;
  readonly response: unknown;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly resources: readonly TrailResource[];
  /** The event as JSON, once it has been asked for. */
  json: string | undefined;
}

export interface TrailResource {
  readonly ResourceType: string;
  readonly ResourceName: string;
}

/** What happened, before CloudTrail has written it down. */
export interface Happening {
  readonly at: Instant;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly principal: Principal;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** Without secrets. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: unknown;
  readonly error: Error | undefined;
}

export type Attribute = 'AccessKeyId' | 'EventName' | 'Username' | 'ResourceName';

export interface Trail {
  write(happening: Happening): void;
  /** Oldest first. With an attribute, only the events that have it. */
  records(
    account: string,
    region: string,
    attribute?: { readonly key: Attribute; readonly value: string },
  ): readonly TrailRecord[];
  /** In which anything of that account was ever written down. */
  regions(account: string): readonly string[];
}

/**
 * Operations that CloudTrail takes for data events, which LookupEvents never shows, or does not log
 * at all.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
 */
const dataEvents: ReadonlySet<string> = new Set([
  's3:GetObject',
  's3:PutObject',
  's3:HeadObject',
  'sns:Publish',
  'sqs:SendMessage',
  'lambda:Invoke',
  'events:PutEvents',
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:TransactWriteItems',
]);

export function isDataEvent(service: string, operation: string): boolean {
  return dataEvents.has(`${service}:${operation}`);
}

/** The Region in whose history a call is kept. */
export function trailRegion(ground: Ground, service: string, region: string): string {
  const global = service === 'iam' || (service === 'sts' && ground.settings.stsTrail === 'home');
  return global ? homeRegion(ground.partition) : region;
}

interface Shelf {
  readonly all: TrailRecord[];
  readonly indexed: Map<string, TrailRecord[]>;
}

export function trail(ground: Ground): Trail {
  const shelves = new Map<string, Shelf>();
  const regions = new Map<string, Set<string>>();
  const shelf = (account: string, region: string): Shelf => {
    const place = `${account}/${region}`;
    const known = shelves.get(place);
    if (known !== undefined) return known;
    const empty: Shelf = { all: [], indexed: new Map() };
    shelves.set(place, empty);
    return empty;
  };
  return {
    write: (happening) => {
      const record = recordOf(ground, happening);
      const { account } = happening.principal.caller;
      const { all, indexed } = shelf(account, record.region);
      const seen = regions.get(account) ?? new Set();
      regions.set(account, seen.add(happening.region));
      insert(all, record);
      for (const key of attributesOf(record)) {
        const list = indexed.get(key);
        if (list === undefined) indexed.set(key, [record]);
        else insert(list, record);
      }
    },
    records: (account, region, attribute) => {
      const { all, indexed } = shelf(account, region);
      if (attribute === undefined) return all;
      return indexed.get(`${attribute.key}=${attribute.value}`) ?? [];
    },
    regions: (account) => [...(regions.get(account) ?? [])],
  };
}

/** Keeps the order of times, although what is past may be written later. */
function insert(list: TrailRecord[], record: TrailRecord): void {
  let at = list.length;
  for (let before = list[at - 1]; before !== undefined && before.at > record.at; ) {
    at -= 1;
    before = list[at - 1];
  }
  list.splice(at, 0, record);
}

function attributesOf(record: TrailRecord): readonly string[] {
  return [
    `AccessKeyId=${record.principal.caller.accessKeyId}`,
    `EventName=${record.eventName}`,
    `Username=${nameOf(record.principal)}`,
    ...new Set(record.resources.map((resource) => `ResourceName=${resource.ResourceName}`)),
  ];
}

/** The user's name, or the session's. */
export function nameOf(principal: Principal): string {
  return principal.kind === 'user' ? principal.user.userName : principal.sessionName;
}

function recordOf(ground: Ground, happening: Happening): TrailRecord {
  const { service, operation, output, error, ...rest } = happening;
  return {
    ...rest,
    eventId: ground.names.uuidLater('trail'),
    service,
    eventName: operation,
    region: trailRegion(ground, service, happening.region),
    readOnly: /^(Get|List|Describe|Lookup|BatchGet|Head)/.test(operation),
    response: error === undefined ? responseOf(operation, output) : undefined,
    error: error === undefined ? undefined : { code: error.name, message: error.message },
    resources: resourcesOf(happening),
    json: undefined,
  };
}

const resourceTypes: Readonly<Record<string, string>> = {
  AccessKeyId: 'AWS::IAM::AccessKey',
  UserName: 'AWS::IAM::User',
  RoleArn: 'AWS::IAM::Role',
  SecretId: 'AWS::SecretsManager::Secret',
};

function resourcesOf({ input, output, operation }: Happening): readonly TrailResource[] {
  const found: TrailResource[] = [];
  for (const [field, type] of Object.entries(resourceTypes)) {
    const name = input[field];
    if (typeof name === 'string') found.push({ ResourceType: type, ResourceName: name });
  }
  const made = operation === 'CreateAccessKey' ? madeKey(output) : undefined;
  if (made !== undefined) {
    found.push({ ResourceType: 'AWS::IAM::AccessKey', ResourceName: made.accessKeyId });
  }
  return found;
}

/** What CloudTrail repeats of an answer: of the modelled operations only new credentials' ids. */
function responseOf(operation: string, output: unknown): unknown {
  if (operation === 'CreateAccessKey' && output !== undefined) {
    return { accessKey: madeKey(output) };
  }
  if (operation !== 'AssumeRole' || output === undefined) return undefined;
  const { Credentials, AssumedRoleUser } = output as {
    Credentials: { AccessKeyId: string; Expiration: Date };
    AssumedRoleUser: { AssumedRoleId: string; Arn: string };
  };
  return {
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      expiration: Credentials.Expiration.toISOString(),
    },
    assumedRoleUser: {
      assumedRoleId: AssumedRoleUser.AssumedRoleId,
      arn: AssumedRoleUser.Arn,
    },
  };
}

function madeKey(output: unknown) {
  const made = output as
    | { AccessKey: { AccessKeyId: string; UserName: string; Status: string; CreateDate: Date } }
    | undefined;
  if (made === undefined) return undefined;
  const { AccessKeyId, UserName, Status, CreateDate } = made.AccessKey;
  return {
    accessKeyId: AccessKeyId,
    userName: UserName,
    status: Status,
    createDate: CreateDate.toISOString(),
  };
}

/** The `CloudTrailEvent` of LookupEvents. */
export function eventJson(record: TrailRecord): string {
  record.json ??= JSON.stringify({
    eventVersion: '1.11',
    userIdentity: userIdentity(record.principal),
    eventTime: inSeconds(record.at),
    eventSource: `${record.service}.amazonaws.com`,
    eventName: record.eventName,
    awsRegion: record.region,
    sourceIPAddress: record.sourceIp,
    userAgent: record.userAgent,
    ...(record.error === undefined
      ? {}
      : { errorCode: record.error.code, errorMessage: record.error.message }),
    requestParameters: Object.keys(record.input).length === 0 ? null : lowerCamel(record.input),
    responseElements: record.response ?? null,
    requestID: record.requestId,
    eventID: record.eventId(),
    readOnly: record.readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: record.principal.caller.account,
    eventCategory: 'Management',
  });
  return record.json;
}

function userIdentity(principal: Principal): unknown {
  const { account, arn, userId, accessKeyId } = principal.caller;
  const common = { principalId: userId, arn, accountId: account, accessKeyId };
  if (principal.kind === 'user') {
    return { type: 'IAMUser', ...common, userName: principal.user.userName };
  }
  const { role, since } = principal;
  return {
    type: 'AssumedRole',
    ...common,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: role.roleId,
        arn: role.arn,
        accountId: role.account,
        userName: role.roleName,
      },
      attributes: { creationDate: inSeconds(since), mfaAuthenticated: 'false' },
    },
  };
}

/** CloudTrail writes `UserName` as `userName`. */
function lowerCamel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCamel);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== hidden)
      .map(([field, each]) => [field.charAt(0).toLowerCase() + field.slice(1), lowerCamel(each)]),
  );
}
