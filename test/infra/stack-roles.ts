/**
 * The roles of a template as IAM would see them: who is let in, what they may do, and the boundary
 * that no policy can widen. A policy that the template does not show is refused: nobody could judge
 * the role.
 */
import type { Resolved } from './resolve-template.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

export interface NamedPolicy {
  readonly name: string;
  readonly policy: PolicyDocument;
}

export interface StackRole {
  /** `on-finding`: without product and stage. */
  readonly name: string;
  readonly logicalId: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  readonly policies: readonly NamedPolicy[];
  readonly boundary: NamedPolicy | undefined;
}

/** Every role of the template, by its short name. Throws if two have the same. */
export function rolesOf(resolved: Resolved, stage: string): ReadonlyMap<string, StackRole> {
  const roles = new Map<string, StackRole>();
  for (const logicalId of Object.keys(resolved.resources)) {
    if (resolved.resources[logicalId]?.Type !== 'AWS::IAM::Role') continue;
    const role = roleOf(resolved, logicalId, stage);
    if (roles.has(role.name)) throw new Error(`two roles are called ${role.name}`);
    roles.set(role.name, role);
  }
  return roles;
}

function roleOf(resolved: Resolved, logicalId: string, stage: string): StackRole {
  const properties = Object(resolved.resources[logicalId]?.Properties);
  const arn = String(resolved.value({ 'Fn::GetAtt': [logicalId, 'Arn'] }));
  const inline = [properties.Policies ?? []].flat().map((each) => {
    const { PolicyName, PolicyDocument } = Object(resolved.value(each));
    return { name: String(PolicyName), policy: documentOf(PolicyDocument) };
  });
  const attached = [resolved.value(properties.ManagedPolicyArns) ?? []].flat().map(String);
  const boundary = resolved.value(properties.PermissionsBoundary);
  const shown = managedPolicies(resolved);
  const find = (policyArn: string): NamedPolicy => {
    const policy = shown.get(policyArn);
    if (policy === undefined) {
      throw new Error(`${logicalId} has ${policyArn}, which its template does not show`);
    }
    return policy;
  };
  return {
    name: shortName(properties.RoleName === undefined ? undefined : arn, logicalId, stage),
    logicalId,
    arn,
    trust: documentOf(resolved.value(properties.AssumeRolePolicyDocument)),
    policies: [...inline, ...attached.map(find), ...separatePolicies(resolved, logicalId, arn)],
    boundary: boundary === undefined ? undefined : find(String(boundary)),
  };
}

/** `…:role/keyturn-dev-key-maker` → `key-maker`; unnamed `OnFindingRole` → `on-finding`. */
function shortName(arn: string | undefined, logicalId: string, stage: string): string {
  const name = arn?.slice(arn.lastIndexOf('/') + 1);
  if (name?.startsWith(`keyturn-${stage}-`)) return name.slice(`keyturn-${stage}-`.length);
  return logicalId
    .replace(/Role$/, '')
    .replaceAll(/(?<=[a-z])[A-Z]/g, '-$&')
    .toLowerCase();
}

function managedPolicies(resolved: Resolved): ReadonlyMap<string, NamedPolicy> {
  const managed = Object.entries(resolved.resources).filter(
    ([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy',
  );
  return new Map(
    managed.map(([name, { Properties }]) => [
      String(resolved.value({ Ref: name })),
      { name, policy: documentOf(resolved.value(Properties.PolicyDocument)) },
    ]),
  );
}

/** Policies that are resources of their own and name this role. */
function separatePolicies(resolved: Resolved, logicalId: string, arn: string): NamedPolicy[] {
  const roleName = arn.slice(arn.lastIndexOf('/') + 1);
  return Object.entries(resolved.resources).flatMap(([name, { Type, Properties }]) => {
    const isPolicy = /^AWS::IAM::(Policy|ManagedPolicy|RolePolicy)$/.test(Type);
    if (!isPolicy) return [];
    const holders = [resolved.value(Properties.Roles ?? Properties.RoleName) ?? []].flat();
    if (!holders.includes(roleName) && !holders.includes(logicalId)) return [];
    return [{ name, policy: documentOf(resolved.value(Properties.PolicyDocument)) }];
  });
}

function documentOf(value: unknown): PolicyDocument {
  const { Version, Statement } = Object(value);
  if (Version !== '2012-10-17') throw new Error(`a policy has the version ${Version}`);
  return { Version, Statement: [Statement].flat() };
}

/** Actions or resources of a statement as a list. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat();
}
