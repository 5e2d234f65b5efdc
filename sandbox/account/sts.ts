/**
 * STS: who am I, and sessions of roles.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
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
    AssumeRole: {
      takes: ['RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId'],
      run: (input: AssumeRoleRequest, context) => assumeRole(people, identity, input, context),
    },
  });
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
