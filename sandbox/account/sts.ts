/**
 * STS: who am I, and sessions of roles.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityResponse,
  GetSessionTokenRequest,
  GetSessionTokenResponse,
} from '@aws-sdk/client-sts';
import { plus, toMillis } from '../../domain/instant.ts';
import type { Directory, Trust } from './directory.ts';
import type { Identity, Principal } from './identity.ts';
import { invalid } from './paging.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { strict } from './strict.ts';

const hour = 3600;

export function stsModel(people: Directory, identity: Identity): ServiceModel {
  return strict('sts', {
    GetCallerIdentity: {
      takes: [],
      run: (_input, { caller }): GetCallerIdentityResponse => ({
        UserId: caller.userId,
        Account: caller.account,
        Arn: caller.arn,
      }),
    },
    GetSessionToken: {
      takes: ['DurationSeconds'],
      run: (input: GetSessionTokenRequest, context) => sessionToken(identity, input, context),
    },
    AssumeRole: {
      takes: ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId'],
      run: (input: AssumeRoleRequest, context) => assumeRole(people, identity, input, context),
    },
  });
}

/**
 * The documented example of credentials: nothing is ever called with them, and a call would fail.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html (read 2026-11)
 */
function sessionToken(
  identity: Identity,
  { DurationSeconds = 12 * hour }: GetSessionTokenRequest,
  { caller, now }: CallContext,
): GetSessionTokenResponse {
  if (DurationSeconds < 900 || DurationSeconds > 36 * hour) {
    throw invalid(`Value '${DurationSeconds}' at 'durationSeconds' must be 900 to ${36 * hour}`);
  }
  if (identity.principal(caller.accessKeyId)?.kind !== 'user') {
    throw awsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
  }
  return {
    Credentials: {
      AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      SessionToken: 'EXAMPLESESSIONTOKEN',
      Expiration: new Date(toMillis(plus(now, { seconds: DurationSeconds }))),
    },
  };
}

function assumeRole(
  people: Directory,
  identity: Identity,
  input: AssumeRoleRequest,
  { caller }: CallContext,
): AssumeRoleResponse {
  const { RoleArn = '', RoleSessionName = '', DurationSeconds = hour, ExternalId } = input;
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    throw invalid(`Value '${RoleSessionName}' at 'roleSessionName' must match [\\w+=,.@-]{2,64}`);
  }
  const principal = identity.principal(caller.accessKeyId);
  const longest = principal?.kind === 'session' ? hour : 12 * hour;
  if (DurationSeconds < 900 || DurationSeconds > longest) {
    throw invalid(`Value '${DurationSeconds}' at 'durationSeconds' must be 900 to ${longest}`);
  }
  const role = people.role(RoleArn);
  const letIn = role?.trusts.some((trust) => admits(trust, principal, ExternalId)) ?? false;
  if (role === undefined || !letIn) {
    const problem = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole`;
    throw awsError('AccessDenied', `${problem} on resource: ${RoleArn}`, 403);
  }
  const session = identity.openSession(role, RoleSessionName, DurationSeconds);
  const { arn, userId, accessKeyId } = session.principal.caller;
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: session.secret,
      SessionToken: session.token,
      Expiration: session.expiresAt === undefined ? undefined : new Date(session.expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
  };
}

/** A role's session is let in by the role's ARN as well as by its own. */
function admits(trust: Trust, principal: Principal | undefined, externalId?: string): boolean {
  if (principal === undefined) return false;
  if (trust.externalId !== undefined && trust.externalId !== externalId) return false;
  const { account, arn } = principal.caller;
  if (trust.account !== undefined) return trust.account === account;
  const roleArn = principal.kind === 'session' ? principal.role.arn : arn;
  return trust.principalArn === arn || trust.principalArn === roleArn;
}
