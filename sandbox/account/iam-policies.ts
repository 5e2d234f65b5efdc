/**
 * IAM's reading of policies and groups. Lists come in pages, documents percent-encoded; whatever is
 * asked for and not there is NoSuchEntity. Policies are read only: nobody's rights are evaluated.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html (2026-11)
 */
import type {
  AttachedPolicy,
  GetGroupPolicyRequest,
  GetGroupPolicyResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  GetUserPolicyRequest,
  GetUserPolicyResponse,
  ListAttachedGroupPoliciesRequest,
  ListAttachedUserPoliciesRequest,
  ListGroupPoliciesRequest,
  ListGroupsForUserRequest,
  ListUserPoliciesRequest,
} from '@aws-sdk/client-iam';
import type { Directory, UserRecord } from './directory.ts';
import { invalid, type PageAsked, pageOf } from './paging.ts';
import type { GroupRecord, Held, ManagedPolicy, PolicyBook } from './policies.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { strict } from './strict.ts';

export interface IamPolicyParts {
  readonly people: Directory;
  readonly policies: PolicyBook;
}

/** Policies of AWS are as old as IAM, for all that Keyturn cares. */
const longAgo = new Date('2015-02-06T18:39:46Z');

export function iamPoliciesModel(parts: IamPolicyParts): ServiceModel {
  const { policies } = parts;
  return strict('iam', {
    ListGroupsForUser: {
      takes: ['UserName', 'MaxItems', 'Marker'],
      run: (input: ListGroupsForUserRequest, context) => {
        const groups = policies.groupsOf(userOf(parts, input.UserName, context));
        const { items, rest } = pageOf(groups, ({ name }) => name, input);
        return { Groups: items.map(described), ...rest };
      },
    },
    ...ofUsers(parts),
    ...ofGroups(parts),
    GetPolicy: {
      takes: ['PolicyArn'],
      run: ({ PolicyArn }: GetPolicyRequest, context): GetPolicyResponse => {
        const { arn, name, path, policyId, defaultVersion } = managed(parts, PolicyArn, context);
        return {
          Policy: {
            Arn: arn,
            PolicyName: name,
            Path: path,
            PolicyId: policyId,
            DefaultVersionId: defaultVersion,
            IsAttachable: true,
            CreateDate: longAgo,
          },
        };
      },
    },
    GetPolicyVersion: {
      takes: ['PolicyArn', 'VersionId'],
      run: (input: GetPolicyVersionRequest, context): GetPolicyVersionResponse => {
        const { VersionId = '' } = input;
        const policy = managed(parts, input.PolicyArn, context);
        const document = policy.versions.get(VersionId);
        if (document === undefined) {
          throw notThere(`Policy ${policy.arn} version ${VersionId} does not exist`);
        }
        return {
          PolicyVersion: {
            Document: encoded(document),
            VersionId,
            IsDefaultVersion: VersionId === policy.defaultVersion,
            CreateDate: longAgo,
          },
        };
      },
    },
  });
}

function ofUsers(parts: IamPolicyParts) {
  const { policies } = parts;
  const heldBy = (name: string | undefined, context: CallContext) =>
    policies.heldBy(userOf(parts, name, context));
  return {
    ListAttachedUserPolicies: {
      takes: ['UserName', 'MaxItems', 'Marker'],
      run: (input: ListAttachedUserPoliciesRequest, context: CallContext) =>
        attachedTo(policies, heldBy(input.UserName, context), input),
    },
    ListUserPolicies: {
      takes: ['UserName', 'MaxItems', 'Marker'],
      run: (input: ListUserPoliciesRequest, context: CallContext) =>
        inlineOf(heldBy(input.UserName, context), input),
    },
    GetUserPolicy: {
      takes: ['UserName', 'PolicyName'],
      run: (input: GetUserPolicyRequest, context: CallContext): GetUserPolicyResponse => {
        const held = heldBy(input.UserName, context);
        const PolicyDocument = documentIn(held, input.PolicyName, 'user');
        return { UserName: input.UserName, PolicyName: input.PolicyName, PolicyDocument };
      },
    },
  };
}

function ofGroups(parts: IamPolicyParts) {
  const { policies } = parts;
  return {
    ListAttachedGroupPolicies: {
      takes: ['GroupName', 'MaxItems', 'Marker'],
      run: (input: ListAttachedGroupPoliciesRequest, context: CallContext) =>
        attachedTo(policies, groupOf(parts, input.GroupName, context), input),
    },
    ListGroupPolicies: {
      takes: ['GroupName', 'MaxItems', 'Marker'],
      run: (input: ListGroupPoliciesRequest, context: CallContext) =>
        inlineOf(groupOf(parts, input.GroupName, context), input),
    },
    GetGroupPolicy: {
      takes: ['GroupName', 'PolicyName'],
      run: (input: GetGroupPolicyRequest, context: CallContext): GetGroupPolicyResponse => {
        const group = groupOf(parts, input.GroupName, context);
        const PolicyDocument = documentIn(group, input.PolicyName, 'group');
        return { GroupName: group.name, PolicyName: input.PolicyName, PolicyDocument };
      },
    },
  };
}

function attachedTo(policies: PolicyBook, { attached }: Held, asked: PageAsked) {
  const listed = [...attached]
    .map((arn): AttachedPolicy => ({ PolicyName: policies.policy(arn)?.name, PolicyArn: arn }))
    .sort((a, b) => (String(a.PolicyArn) < String(b.PolicyArn) ? -1 : 1));
  const { items, rest } = pageOf(listed, ({ PolicyArn }) => String(PolicyArn), asked);
  return { AttachedPolicies: items, ...rest };
}

function inlineOf({ inline }: Held, asked: PageAsked) {
  const { items, rest } = pageOf([...inline.keys()].sort(), (name) => name, asked);
  return { PolicyNames: items, ...rest };
}

function documentIn({ inline }: Held, name: string | undefined, holder: string): string {
  const document = inline.get(name ?? '');
  if (document === undefined) {
    throw notThere(`The ${holder} policy with name ${name} cannot be found.`);
  }
  return encoded(document);
}

function userOf({ people }: IamPolicyParts, name: string | undefined, { account }: CallContext) {
  const user: UserRecord | undefined = people.user(account, wellFormed(name, 'userName', 64));
  if (user === undefined) throw notThere(`The user with name ${name} cannot be found.`);
  return user;
}

function groupOf(
  { policies }: IamPolicyParts,
  name: string | undefined,
  { account }: CallContext,
): GroupRecord {
  const group = policies.group(account, wellFormed(name, 'groupName', 128));
  if (group === undefined) throw notThere(`The group with name ${name} cannot be found.`);
  return group;
}

/** A policy of the caller's own account, or of AWS. */
function managed(
  { policies }: IamPolicyParts,
  arn: string | undefined,
  { account, partition }: CallContext,
): ManagedPolicy {
  const own = [account, 'aws'].some((owner) =>
    arn?.startsWith(`arn:${partition}:iam::${owner}:policy/`),
  );
  const policy = own ? policies.policy(arn ?? '') : undefined;
  if (policy === undefined) {
    throw notThere(`Policy ${arn} does not exist or is not attachable.`);
  }
  return policy;
}

/** A name is required here: IAM does not fall back to the caller. */
function wellFormed(name: string | undefined, field: string, longest: number): string {
  if (name === undefined || !/^[\w+=,.@-]+$/.test(name) || name.length > longest) {
    throw invalid(`Value '${name}' at '${field}' must match [\\w+=,.@-]+`);
  }
  return name;
}

function described({ name, groupId, arn, path }: GroupRecord) {
  return { GroupName: name, GroupId: groupId, Arn: arn, Path: path, CreateDate: longAgo };
}

/** After RFC 3986, which also encodes what encodeURIComponent leaves alone. */
function encoded(document: string): string {
  const rest = /[!'()*]/g;
  return encodeURIComponent(document).replace(
    rest,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function notThere(problem: string): Error {
  return awsError('NoSuchEntityException', problem, 404);
}
