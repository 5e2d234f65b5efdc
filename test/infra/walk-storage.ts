/** What keeps something: encrypted, for a stated time, reached by TLS only. */
import type { Found, Template } from './walk.ts';
import { isAbsent, namedBy } from './walk-names.ts';
import { keyPolicy } from './walk-permissions.ts';

const twoWeeks = 14 * 24 * 60 * 60;

/** Where a stack has a key of its own, everything is under it. */
function underOwnKey({ id, template, excused }: Found, key: unknown): readonly string[] {
  const hasKey = Object.values(template.Resources).some(({ Type }) => Type === 'AWS::KMS::Key');
  if (!hasKey || id in excused.resources) return [];
  return template.Resources[namedBy(key)]?.Type === 'AWS::KMS::Key'
    ? []
    : ['is not under the key of the stack'];
}

export function queue(found: Found): readonly string[] {
  const { Properties } = found.resource;
  const { SqsManagedSseEnabled, KmsMasterKeyId, MessageRetentionPeriod } = Properties;
  return [
    ...(SqsManagedSseEnabled === true || !isAbsent(KmsMasterKeyId) ? [] : ['is not encrypted']),
    ...(MessageRetentionPeriod === twoWeeks ? [] : ['does not keep messages for two weeks']),
    ...byTlsOnly(found, 'AWS::SQS::QueuePolicy', 'sqs:SendMessage'),
    ...underOwnKey(found, KmsMasterKeyId),
  ];
}

export function topic(found: Found): readonly string[] {
  const { KmsMasterKeyId } = found.resource.Properties;
  const isExcused = found.id in found.excused.resources;
  return [
    ...(isAbsent(KmsMasterKeyId) && !isExcused ? ['is not encrypted'] : []),
    ...byTlsOnly(found, 'AWS::SNS::TopicPolicy', 'sns:Publish'),
    ...underOwnKey({ ...found, excused: { statements: {}, resources: {} } }, KmsMasterKeyId),
  ];
}

export function bucket(found: Found): readonly string[] {
  const { id, excused, resource } = found;
  const { Properties, DeletionPolicy, UpdateReplacePolicy } = resource;
  const [rule] = Properties.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
  const encryption = rule?.ServerSideEncryptionByDefault;
  const open = Properties.PublicAccessBlockConfiguration ?? {};
  const closed = [
    open.BlockPublicAcls,
    open.BlockPublicPolicy,
    open.IgnorePublicAcls,
    open.RestrictPublicBuckets,
  ];
  const isKept =
    Properties.VersioningConfiguration?.Status === 'Enabled' &&
    Properties.LifecycleConfiguration !== undefined &&
    DeletionPolicy !== undefined &&
    UpdateReplacePolicy !== undefined;
  return [
    ...(encryption?.SSEAlgorithm === undefined ? ['is not encrypted'] : []),
    ...(closed.every((each) => each === true) ? [] : ['could be made public']),
    ...(isKept || id in excused.resources ? [] : ['does not say what it keeps, and for how long']),
    ...byTlsOnly(found, 'AWS::S3::BucketPolicy', 's3:GetObject'),
    ...underOwnKey(found, encryption?.KMSMasterKeyID),
  ];
}

export function table(found: Found): readonly string[] {
  const { Properties, DeletionPolicy, UpdateReplacePolicy } = found.resource;
  const { PointInTimeRecoverySpecification, SSESpecification } = Properties;
  const isProtected = Properties.DeletionProtectionEnabled === true;
  const outlives = [DeletionPolicy, UpdateReplacePolicy].every((each) =>
    /^Retain/.test(each ?? ''),
  );
  return [
    ...(PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true
      ? []
      : ['cannot be restored']),
    ...(Properties.BillingMode === 'PAY_PER_REQUEST' ? [] : ['is not on demand']),
    ...(Properties.TimeToLiveSpecification === undefined ? [] : ['forgets']),
    ...(SSESpecification === undefined ? ['does not say by whose key it is encrypted'] : []),
    ...(isProtected === outlives ? [] : ['is half protected: deletion, or the stack’s removal']),
    ...underOwnKey(found, SSESpecification?.KMSMasterKeyId),
  ];
}

export function logGroup(found: Found): readonly string[] {
  const { RetentionInDays, KmsKeyId } = found.resource.Properties;
  return [...(RetentionInDays > 0 ? [] : ['is kept for ever']), ...underOwnKey(found, KmsKeyId)];
}

export function key(found: Found): readonly string[] {
  const { EnableKeyRotation } = found.resource.Properties;
  return [...(EnableKeyRotation === true ? [] : ['is never rotated']), ...keyPolicy(found)];
}

/** A policy on the resource that denies everybody this action without TLS. */
function byTlsOnly({ id, template }: Found, type: string, action: string): readonly string[] {
  return policiesOf(type, template).some((statement) => denies(statement, id, action))
    ? []
    : ['can be reached without TLS'];
}

// biome-ignore lint/suspicious/noExplicitAny: statements as CloudFormation has them
function policiesOf(type: string, { Resources }: Template): readonly any[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

// biome-ignore lint/suspicious/noExplicitAny: statements as CloudFormation has them
function denies(statement: any, id: string, action: string): boolean {
  const { Effect, Principal, Action, Resource, Condition } = statement;
  const [service] = action.split(':');
  const actions = [Action].flat();
  const isAboutIt = new RegExp(`"${id}"|\\$\\{${id}[.}]`).test(JSON.stringify(Resource) ?? '');
  return (
    Effect === 'Deny' &&
    Principal === '*' &&
    (actions.includes(action) || actions.includes(`${service}:*`)) &&
    isAboutIt &&
    String(Condition?.Bool?.['aws:SecureTransport']) === 'false'
  );
}
