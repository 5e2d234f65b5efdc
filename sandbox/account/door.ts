/**
 * The one door into the sandbox's AWS. Every call is authenticated, answered by a model, and noted:
 * in the history, in CloudTrail, in last-used. A call that fails authentication leaves no trace but
 * in the history, as in AWS.
 */
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Instant } from '../../domain/instant.ts';
import type { Directory, ExactUse } from './directory.ts';
import type { Ground } from './ground.ts';
import type { Identity, Principal } from './identity.ts';
import type { LastUsedBook } from './last-used.ts';
import type { CloudCall } from './plugin.ts';
import type { QueryableTrail } from './queryable-trail.ts';
import { redacted } from './redaction.ts';
import { homeRegion } from './region.ts';
import { awsError, type CallContext, type Operation, type ServiceModel } from './service.ts';
import { notModelled } from './strict.ts';
import { isDataEvent, type Trail } from './trail.ts';

/** A call as it is remembered: never with a secret value. */
export interface CallRecord {
  readonly at: Instant;
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** The caller's account and ARN; undefined if the call did not authenticate. */
  readonly account: string | undefined;
  readonly arn: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
  /** The name of the error it was answered with; undefined if it succeeded. */
  readonly error: string | undefined;
}

/**
 * Stands around every call. It may call `proceed` once, twice (a retry) or never (the request got
 * lost), and throw afterwards (the answer got lost).
 */
export type Interceptor = (call: CloudCall, proceed: () => Promise<unknown>) => Promise<unknown>;

export interface Door {
  /** The SDK command's output with $metadata; throws errors as the SDK names them. */
  call(call: CloudCall): Promise<unknown>;
  /** Replaces the interceptor; undefined removes it. */
  setInterceptor(interceptor: Interceptor | undefined): void;
  /** Every call that reached a model, oldest first. */
  readonly history: readonly CallRecord[];
  /** Credentials of a new session of a role, without an end: for the sandbox's own functions. */
  roleCredentials(account: string, roleName: string, sessionName: string): AwsCredentialIdentity;
}

export interface DoorParts {
  readonly ground: Ground;
  readonly people: Directory;
  readonly identity: Identity;
  readonly lastUsed: LastUsedBook;
  readonly trail: Trail;
  readonly queryable: QueryableTrail;
  readonly services: ReadonlyMap<string, ServiceModel>;
}

const defaultUserAgent = 'aws-sdk-js/3';
const defaultSourceIp = '192.0.2.10';

export function door(parts: DoorParts): Door {
  let interceptor: Interceptor | undefined;
  const history: CallRecord[] = [];
  return {
    call: async (call) =>
      interceptor === undefined
        ? perform(parts, history, call)
        : interceptor(call, () => perform(parts, history, call)),
    setInterceptor: (next) => {
      interceptor = next;
    },
    history,
    roleCredentials: (account, roleName, sessionName) => {
      const role = parts.people.role(
        `arn:${parts.ground.partition}:iam::${account}:role/${roleName}`,
      );
      if (role === undefined) throw new Error(`no role ${roleName} in account ${account}`);
      const session = parts.identity.openSession(role, sessionName);
      return {
        accessKeyId: session.principal.caller.accessKeyId,
        secretAccessKey: session.secret,
        sessionToken: session.token,
      };
    },
  };
}

async function perform(parts: DoorParts, history: CallRecord[], call: CloudCall) {
  const operation = operationOf(parts, call);
  const at = parts.ground.clock.now();
  const requestId = parts.ground.names.uuid('request');
  const noted = { at, requestId, call, input: redacted(call.input) };
  let principal: Principal | undefined;
  try {
    principal = parts.identity.authenticate(call.service, call.region, call.credentials);
    refuseBeyond(principal, call);
    const context = contextOf(parts.ground, call, principal, at, requestId);
    const output = await operation(call.input ?? {}, context);
    note(parts, history, { ...noted, principal, output, error: undefined });
    return { ...Object(output), $metadata: { requestId, httpStatusCode: 200 } };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if ('$metadata' in error) Object.assign(Object(error.$metadata), { requestId });
    note(parts, history, { ...noted, principal, output: undefined, error });
    throw error;
  }
}

/** Operations that IAM knows under another name. */
const actions: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'securityhub:BatchUpdateFindingsV2': 'securityhub:BatchUpdateFindings',
};

/** Only whether the role may do it at all: on what and under which conditions is not modelled. */
function refuseBeyond(principal: Principal, { service, operation }: CloudCall): void {
  if (principal.kind !== 'session' || principal.role.allows === undefined) return;
  const name = `${service}:${operation}`;
  const action = actions[name] ?? name;
  if (principal.role.allows.has(action)) return;
  const who = principal.caller.arn;
  throw awsError('AccessDenied', `User: ${who} is not authorized to perform: ${action}`, 403);
}

function operationOf(parts: DoorParts, { service, operation }: CloudCall): Operation {
  const model = parts.services.get(service);
  const found =
    model !== undefined && Object.hasOwn(model, operation) ? model[operation] : undefined;
  if (found === undefined) throw notModelled(`${service}:${operation}`);
  return found;
}

function contextOf(
  ground: Ground,
  call: CloudCall,
  { caller }: Principal,
  now: Instant,
  requestId: string,
): CallContext {
  return {
    partition: ground.partition,
    account: caller.account,
    region: call.region,
    caller,
    now,
    requestId,
    ...originOf(call),
  };
}

const originOf = ({ userAgent, sourceIp }: CloudCall) => ({
  userAgent: userAgent ?? defaultUserAgent,
  sourceIp: sourceIp ?? defaultSourceIp,
});

interface Noted {
  readonly at: Instant;
  readonly requestId: string;
  readonly call: CloudCall;
  readonly input: Readonly<Record<string, unknown>>;
  readonly principal: Principal | undefined;
  readonly output: unknown;
  readonly error: Error | undefined;
}

function recordOf({ at, requestId, call, input, principal, error }: Noted): CallRecord {
  const { service, operation, region, credentials } = call;
  return {
    at,
    requestId,
    service,
    operation,
    region,
    accessKeyId: credentials.accessKeyId,
    ...originOf(call),
    account: principal?.caller.account,
    arn: principal?.caller.arn,
    input,
    error: error?.name,
  };
}

function note(parts: DoorParts, history: CallRecord[], noted: Noted): void {
  const { at, requestId, call, input, principal, output, error } = noted;
  const { service, operation, region } = call;
  const { keptCalls } = parts.ground.settings;
  if (keptCalls === 'all' || keptCalls.has(`${service}:${operation}`)) {
    history.push(recordOf(noted));
  }
  if (principal === undefined || error?.name === 'NotModelled') return;
  const origin = originOf(call);
  const happened = { at, service, operation, region, requestId, ...origin };
  if (principal.kind === 'user') {
    const where = service === 'iam' ? homeRegion(parts.ground.partition) : region;
    const use = { at, service, region: where, eventName: operation, ...origin };
    noteUse(parts.lastUsed, principal, use);
  }
  if (!isDataEvent(service, operation)) {
    parts.trail.write({ ...happened, principal, input, output, error });
    return;
  }
  const { accessKeyId, account } = principal.caller;
  parts.queryable.write(account, {
    ...{ at, accessKeyId, service, region, eventName: operation },
    ...origin,
  });
}

/** Every authenticated request counts as a use, whether it succeeds or not. */
export function noteUse(
  lastUsed: LastUsedBook,
  { key }: Extract<Principal, { kind: 'user' }>,
  use: ExactUse,
): void {
  if (key.lastUse === null || key.lastUse.at <= use.at) key.lastUse = use;
  key.firstUse ??= use;
  lastUsed.note(key.keyId, use);
}
