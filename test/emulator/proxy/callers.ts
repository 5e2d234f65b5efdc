/**
 * Who calls. The proxy learns users, keys and sessions from what moto answers, and lets in only
 * what AWS would: moto accepts Inactive keys, and new ones at once.
 */

import { type Instant, instant, isDue } from '../../../domain/instant.ts';
import {
  type Directory,
  directory,
  type KeyRecord,
  usableFrom,
} from '../../../sandbox/account/directory.ts';
import type { Ground } from '../../../sandbox/account/ground.ts';
import { expired, type Principal, unknownKey } from '../../../sandbox/account/identity.ts';
import type { WireAnswer } from './answer.ts';
import type { WireRequest } from './wire.ts';

export interface Callers {
  readonly people: Directory;
  /** Undefined if nobody of that key has been seen. */
  find(accessKeyId: string): Principal | undefined;
  /** The error that AWS would answer with; undefined for whom it would let in. */
  refusal(request: WireRequest): Error | undefined;
  /** Takes in what a request has changed. */
  learn(request: WireRequest, answer: WireAnswer): void;
  /** A session that the suite itself opened goes on for ever. */
  keepOpen(accessKeyId: string): void;
}

interface Session {
  readonly principal: Extract<Principal, { readonly kind: 'session' }>;
  readonly until: Instant;
}

export function callers(ground: Ground): Callers {
  const people = directory(ground);
  const sessions = new Map<string, Session>();
  const open = new Set<string>();
  const find = (accessKeyId: string): Principal | undefined => {
    const key = people.key(accessKeyId);
    return key === undefined ? sessions.get(accessKeyId)?.principal : principalOf(people, key);
  };
  return {
    people,
    find,
    keepOpen: (accessKeyId) => open.add(accessKeyId),
    refusal: ({ accessKeyId, service }) => {
      const now = ground.clock.now();
      const session = sessions.get(accessKeyId);
      if (session !== undefined && !open.has(accessKeyId) && isDue(session.until, now)) {
        return expired(service);
      }
      const key = people.key(accessKeyId);
      if (key === undefined) return undefined;
      const works = key.deletedAt === null && key.status === 'Active' && key.usableFrom <= now;
      return works ? undefined : unknownKey(service);
    },
    learn: (request, answer) => {
      if (answer.status !== 200) return;
      const { service, operation } = request;
      if (service === 'sts' && operation === 'AssumeRole') {
        const roleArn = String(request.input.RoleArn);
        const session = sessionIn(ground, people, answer.body.toString(), roleArn);
        sessions.set(session.principal.caller.accessKeyId, session);
      }
      if (service === 'iam') learnOfIam(ground, people, find(request.accessKeyId), request, answer);
    },
  };
}

function principalOf(people: Directory, key: KeyRecord): Principal {
  const user = people.ownerOf(key);
  const { account, arn, userId } = user;
  return {
    kind: 'user',
    caller: { account, arn, userId, accessKeyId: key.keyId },
    user,
    key,
  };
}

/** The text of the first element of that name; '' if there is none. */
export function element(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}

function sessionIn(ground: Ground, people: Directory, xml: string, roleArn: string): Session {
  const now = ground.clock.now();
  const arn = element(xml, 'Arn');
  const userId = element(xml, 'AssumedRoleId');
  const [, , , , account = ''] = roleArn.split(':');
  const roleName = roleArn.split('/').at(-1) ?? '';
  const roleId = userId.split(':')[0] ?? '';
  const caller = { account, arn, userId, accessKeyId: element(xml, 'AccessKeyId') };
  const role = { ...people.addRole(account, roleName, []), roleId, arn: roleArn };
  const sessionName = arn.split('/').at(-1) ?? '';
  return {
    principal: { kind: 'session', caller, role, sessionName, since: now },
    until: instant(new Date(element(xml, 'Expiration')).toISOString()),
  };
}

function learnOfIam(
  ground: Ground,
  people: Directory,
  by: Principal | undefined,
  { operation, input }: WireRequest,
  answer: WireAnswer,
): void {
  const now = ground.clock.now();
  const account = by?.caller.account ?? '';
  const who = by?.caller.arn ?? '';
  const named = (field: string) => String(input[field] ?? '');
  const text = answer.body.toString();
  const key = people.key(named('AccessKeyId'));
  switch (operation) {
    case 'CreateUser': {
      const userId = awsUserId(element(text, 'UserId'));
      const path = element(text, 'Path');
      people.addUser({ account, userName: named('UserName'), userId, path, createdAt: now });
      return;
    }
    case 'CreateAccessKey': {
      const user = people.user(account, named('UserName'));
      if (user === undefined) throw new Error(`nobody has seen user ${named('UserName')} made`);
      const keyId = element(text, 'AccessKeyId');
      people.issueKey(user, {
        keyId,
        createdAt: now,
        usableFrom: usableFrom(ground, now),
        by: who,
      });
      return;
    }
    case 'UpdateAccessKey':
      if (key !== undefined) people.setStatus(key, activeOrNot(named('Status')), now, who);
      return;
    case 'DeleteAccessKey':
      if (key !== undefined) people.removeKey(key, now, who);
  }
}

const activeOrNot = (text: string) => (text === 'Active' ? 'Active' : 'Inactive');

/**
 * moto's unique ids of users are 20 letters without the prefix that AWS's have.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (2026-11)
 */
export function awsUserId(id: string): string {
  return id.startsWith('AIDA') ? id : `AIDA${id.toUpperCase()}`;
}
