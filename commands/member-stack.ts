/**
 * The template for member accounts, made of the hub's packaged stack: what stands beside the keys
 * is taken over as it is there, with all that it refers to, and the forwarder's rules bring what
 * the hub's rules bring. So nothing can be different in a member account but what is changed here:
 * who the hub is, where the code comes from, and in which Region things stand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface CloudResource {
  readonly Type: string;
  readonly Condition?: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties are those of every CloudFormation type
  readonly Properties: any;
  readonly DependsOn?: string | readonly string[];
}

type Resources = Readonly<Record<string, CloudResource>>;

/** The keys under which the code bucket holds the zips. */
export interface CodeKeys {
  readonly custodian: string;
  readonly witness: string;
}

export interface MemberTemplate {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Resources;
}

const infra = join(import.meta.dirname, '..', 'infra');

/** What CloudFormation takes from a bucket, and what it takes directly; in bytes. */
export const templateLimits = { inBucket: 1_000_000, direct: 51_200 } as const;

/** Throws naming what the packaged stack lacks. */
export function memberTemplate(packaged: Resources, stage: string, code: CodeKeys): MemberTemplate {
  const frame = piece('member-account.yml', stage);
  const beside = withAllTheyNeed(rootsIn(packaged, stage), packaged);
  const { Resources: forwarder } = piece('forwarder.yml', stage);
  return {
    ...frame,
    Parameters: {
      ...frame.Parameters,
      ExternalId: { ...frame.Parameters.ExternalId, Default: externalIdIn(packaged) },
      CustodianCode: { ...frame.Parameters.CustodianCode, Default: code.custodian },
      WitnessCode: { ...frame.Parameters.WitnessCode, Default: code.witness },
    },
    Resources: {
      ...Object.fromEntries(beside.map((id) => [id, inMember(id, got(packaged, id), stage)])),
      ...forwarder,
      ...rulesLike(packaged, stage),
    },
  };
}

function piece(file: string, stage: string): MemberTemplate {
  const text = readFileSync(join(infra, file), 'utf8');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as serverless.yml's pieces write it
  return parse(text.replaceAll('${sls:stage}', stage));
}

/** Everything in the pieces beside the keys, and the documents. */
function rootsIn(packaged: Resources, stage: string): readonly string[] {
  const files = ['boundary.yml', ...readdirSync(join(infra, 'key-roles')).map(inKeyRoles)];
  const pieces = files.flatMap((file) => Object.keys(piece(file, stage).Resources));
  const documents = Object.entries(packaged).filter(
    ([, { Type }]) => Type === 'AWS::SSM::Document',
  );
  if (documents.length === 0) throw new Error('the packaged stack holds no runbook');
  // Only there if the stage names a trail to query, or a token for GitHub.
  const optional = Object.keys(packaged).filter((id) => optionalPolicies.includes(id));
  return [...pieces, ...documents.map(([id]) => id), ...optional];
}

const optionalPolicies: readonly string[] = ['WitnessTrailQuery', 'CustodianGitHubToken'];

const inKeyRoles = (file: string) => join('key-roles', file);

function got(packaged: Resources, id: string): CloudResource {
  const found = packaged[id];
  if (found === undefined) throw new Error(`the packaged stack holds no ${id}`);
  return found;
}

/** Those, and whatever they refer to, in the order of the packaged stack. */
function withAllTheyNeed(roots: readonly string[], packaged: Resources): readonly string[] {
  const needed = new Set<string>();
  const add = (id: string) => {
    if (needed.has(id)) return;
    needed.add(id);
    const { Properties, DependsOn = [] } = got(packaged, id);
    for (const each of [...namedIn(withoutCode(Properties)), ...[DependsOn].flat()]) add(each);
  };
  roots.forEach(add);
  return Object.keys(packaged).filter((id) => needed.has(id));
}

/** Logical ids that a value names; pseudo parameters left out. */
function namedIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namedIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)].filter(isLogical);
    if (key === 'Fn::GetAtt') return [[inner].flat().map(String)[0]?.split('.')[0] ?? ''];
    if (key === 'Fn::Sub') return [inner].flat().flatMap(namedInSub).filter(isLogical);
    return namedIn(inner);
  });
}

const isLogical = (id: string) => !id.startsWith('AWS::');

function namedInSub(part: unknown): readonly string[] {
  if (typeof part !== 'string') return namedIn(part);
  return [...part.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, id = '']) => id);
}

function withoutCode<T extends object>(properties: T): T {
  return { ...properties, Code: undefined };
}

const doors: readonly string[] = ['ReaderRole', 'LauncherRole', 'FindingsRole'];

const codeOf: Readonly<Record<string, string>> = {
  CustodianLambdaFunction: 'CustodianCode',
  WitnessLambdaFunction: 'WitnessCode',
};

function inMember(id: string, resource: CloudResource, stage: string): CloudResource {
  const { Properties } = resource;
  if (id === 'Boundary') {
    const here = { 'Fn::Sub': `keyturn-${stage}-boundary-\${AWS::Region}` };
    const ManagedPolicyName = { 'Fn::If': ['InHomeRegion', Properties.ManagedPolicyName, here] };
    return { ...resource, Properties: { ...Properties, ManagedPolicyName } };
  }
  const inHomeRegion = { ...resource, Condition: 'InHomeRegion' };
  const key = codeOf[id];
  if (resource.Type === 'AWS::Lambda::Function') {
    if (key === undefined) throw new Error(`${id} is no function for a member account`);
    const Code = { S3Bucket: codeBucket(stage), S3Key: { Ref: key } };
    return { ...inHomeRegion, Properties: { ...Properties, Code } };
  }
  return doors.includes(id)
    ? { ...inHomeRegion, Properties: trustingTheHub(Properties) }
    : inHomeRegion;
}

function codeBucket(stage: string): object {
  const own = { 'Fn::Sub': `keyturn-${stage}-code-\${HubAccount}-\${HubRegion}` };
  return { 'Fn::If': ['HubsOwnBucket', own, { Ref: 'CodeBucket' }] };
}

/** In the hub's stack a door trusts its own account; here it is another one. */
function trustingTheHub(properties: CloudResource['Properties']): object {
  const text = JSON.stringify(properties.AssumeRolePolicyDocument);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
  const trust = JSON.parse(text.replaceAll('${AWS::AccountId}', '${HubAccount}'));
  for (const { Condition } of trust.Statement) {
    Condition.StringEquals['sts:ExternalId'] = { Ref: 'ExternalId' };
  }
  return { ...properties, AssumeRolePolicyDocument: trust };
}

function externalIdIn(packaged: Resources): string {
  const [statement] = got(packaged, 'LauncherRole').Properties.AssumeRolePolicyDocument.Statement;
  return statement.Condition.StringEquals['sts:ExternalId'];
}

/** One rule for each pattern that the hub listens for in its own account. */
function rulesLike(packaged: Resources, stage: string): Resources {
  const heard = Object.entries(packaged).filter(
    ([, { Type, Properties }]) =>
      Type === 'AWS::Events::Rule' &&
      Properties.EventBusName === undefined &&
      [Properties.EventPattern?.source].flat().every((each) => /^aws\./.test(String(each))),
  );
  if (heard.length === 0) throw new Error('the packaged stack listens for nothing');
  const patterns = new Map(
    heard.map(([id, { Properties }]) => [
      JSON.stringify(Properties.EventPattern),
      [id, Properties],
    ]),
  );
  return Object.fromEntries(
    [...patterns.values()].map(([id, { Name, Description, EventPattern }]) => [
      `Forward${id}`,
      {
        Type: 'AWS::Events::Rule',
        Properties: { Name, Description, EventPattern, State: 'ENABLED', Targets: [hub(stage)] },
      },
    ]),
  );
}

function hub(stage: string): object {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
  const bus = 'arn:${AWS::Partition}:events:${HubRegion}:${HubAccount}:event-bus';
  return {
    Id: 'hub',
    Arn: { 'Fn::Sub': `${bus}/keyturn-${stage}-inbound` },
    RoleArn: { 'Fn::GetAtt': ['ForwarderRole', 'Arn'] },
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Unforwarded', 'Arn'] } },
    RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
  };
}
