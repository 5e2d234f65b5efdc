/**
 * Who calls: every request is authenticated strictly. An unknown, Inactive, deleted, not yet
 * propagated or expired credential is refused with the error that the called service uses.
 *
 * A new key takes seconds to work everywhere, and one success does not prove that it has:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
 */
import type { AwsCredentialIdentity } from '@smithy/types';
import { type Instant, millisBetween, plus } from '../../domain/instant.ts';
import {
  type Directory,
  type KeyRecord,
  madeUpSecret,
  type RoleRecord,
  type UserRecord,
} from './directory.ts';
import type { Ground } from './ground.ts';
import { partitionOf } from './region.ts';
import { awsError, type Caller } from './service.ts';

export type Principal =
  | {
      readonly kind: 'user';
      readonly caller: Caller;
      readonly user: UserRecord;
      readonly key: KeyRecord;
    }
  | {
      readonly kind: 'session';
      readonly caller: Caller;
      readonly role: RoleRecord;
      readonly sessionName: string;
      readonly since: Instant;
    };

export interface Session {
  readonly principal: Extract<Principal, { kind: 'session' }>;
  readonly secret: string;
  readonly token: string;
  readonly expiresAt: Instant | undefined;
}

export interface Identity {
  /** Throws the service's own error. */
  authenticate(service: string, region: string, credentials: AwsCredentialIdentity): Principal;
  /** The principal behind a caller that has been authenticated. */
  principal(accessKeyId: string): Principal | undefined;
  /** A new session of a role; without an end for the sandbox's own functions. */
  openSession(role: RoleRecord, sessionName: string, lastsSeconds?: number): Session;
}

/** How long after its first success a relapsing key can still fail. */
const relapseSeconds = 15;

export function identity(ground: Ground, people: Directory): Identity {
  const sessions = new Map<string, Session>();
  const users = new Map<string, Principal>();
  const firstSuccess = new Map<string, Instant | 'over'>();

  const ofKey = (key: KeyRecord): Principal => {
    const known = users.get(key.keyId);
    if (known !== undefined) return known;
    const user = people.ownerOf(key);
    const { account, arn, userId } = user;
    const caller = { account, arn, userId, accessKeyId: key.keyId };
    const principal: Principal = { kind: 'user', caller, user, key };
    users.set(key.keyId, principal);
    return principal;
  };

  /** Whether a key that works already fails this once. */
  const relapses = (key: KeyRecord, now: Instant): boolean => {
    if (key.usableFrom === key.createdAt) return false;
    const since = firstSuccess.get(key.keyId);
    if (since === 'over') return false;
    if (since === undefined) {
      const prone = ground.names.fraction(`relapse/${key.keyId}`) < ground.settings.relapseShare;
      firstSuccess.set(key.keyId, prone ? now : 'over');
      return false;
    }
    firstSuccess.set(key.keyId, 'over');
    return millisBetween(since, now) <= relapseSeconds * 1000;
  };

  const keyWorks = (key: KeyRecord, now: Instant): boolean =>
    key.deletedAt === null &&
    key.status === 'Active' &&
    key.usableFrom <= now &&
    !relapses(key, now);

  return {
    authenticate: (service, region, credentials) => {
      const { accessKeyId, secretAccessKey, sessionToken } = credentials;
      if (partitionOf(region) !== ground.partition) throw unknownKey(service);
      const session = sessions.get(accessKeyId);
      if (session !== undefined) {
        refuseUnlessOpen(ground, people, session, service, credentials);
        return session.principal;
      }
      const key = people.key(accessKeyId);
      if (key === undefined || sessionToken !== undefined) throw unknownKey(service);
      const known = people.opens(accessKeyId, secretAccessKey);
      if (!known && key.deletedAt === null && key.status === 'Active') {
        throw wrongSignature(service);
      }
      if (!known || !keyWorks(key, ground.clock.now())) throw unknownKey(service);
      return ofKey(key);
    },
    principal: (accessKeyId) => {
      const session = sessions.get(accessKeyId);
      if (session !== undefined) return session.principal;
      const key = people.key(accessKeyId);
      return key === undefined ? undefined : ofKey(key);
    },
    openSession: (role, sessionName, lastsSeconds) => {
      const session = newSession(ground, role, sessionName, lastsSeconds);
      sessions.set(session.principal.caller.accessKeyId, session);
      return session;
    },
  };
}

function refuseUnlessOpen(
  ground: Ground,
  people: Directory,
  { principal, secret, token, expiresAt }: Session,
  service: string,
  { secretAccessKey, sessionToken }: AwsCredentialIdentity,
): void {
  if (sessionToken !== token) throw unknownKey(service);
  if (secretAccessKey !== secret) throw wrongSignature(service);
  // A role made again under the same name is another one.
  if (people.role(principal.role.arn) !== principal.role) throw unknownKey(service);
  if (expiresAt !== undefined && expiresAt <= ground.clock.now()) throw expired(service);
}

function newSession(
  ground: Ground,
  role: RoleRecord,
  sessionName: string,
  lastsSeconds: number | undefined,
): Session {
  const now = ground.clock.now();
  const home = `arn:${ground.partition}:sts::${role.account}`;
  const caller: Caller = {
    account: role.account,
    arn: `${home}:assumed-role/${role.roleName}/${sessionName}`,
    userId: `${role.roleId}:${sessionName}`,
    accessKeyId: `ASIA${ground.names.letters('session', 16)}`,
  };
  return {
    principal: { kind: 'session', caller, role, sessionName, since: now },
    secret: madeUpSecret(ground, 'session secret'),
    token: madeUpSecret(ground, 'session token'),
    expiresAt: lastsSeconds === undefined ? undefined : plus(now, { seconds: lastsSeconds }),
  };
}

/** Services of the query protocol; SQS kept its old error codes. */
const queryServices: ReadonlySet<string> = new Set(['iam', 'sts', 'sns', 'sqs']);

export function unknownKey(service: string): Error {
  if (service === 's3') {
    const problem = 'The AWS Access Key Id you provided does not exist in our records.';
    return awsError('InvalidAccessKeyId', problem, 403);
  }
  const problem = 'The security token included in the request is invalid.';
  return queryServices.has(service)
    ? awsError('InvalidClientTokenId', problem, 403)
    : awsError('UnrecognizedClientException', problem, 400);
}

function wrongSignature(service: string): Error {
  const problem =
    'The request signature we calculated does not match the signature you provided. ' +
    'Check your AWS Secret Access Key and signing method.';
  return queryServices.has(service) || service === 's3'
    ? awsError('SignatureDoesNotMatch', problem, 403)
    : awsError('InvalidSignatureException', problem, 400);
}

export function expired(service: string): Error {
  const problem = 'The security token included in the request is expired';
  return queryServices.has(service) || service === 's3'
    ? awsError('ExpiredToken', problem, 403)
    : awsError('ExpiredTokenException', problem, 400);
}
