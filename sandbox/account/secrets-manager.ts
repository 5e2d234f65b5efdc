/**
 * Secrets Manager. The first version ever put becomes AWSCURRENT at once; a put without stages
 * moves AWSCURRENT; a used token with another value is refused.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
import type {
  CancelRotateSecretRequest,
  CreateSecretRequest,
  CreateSecretResponse,
  DescribeSecretRequest,
  DescribeSecretResponse,
  GetSecretValueRequest,
  GetSecretValueResponse,
  ListSecretsRequest,
  PutSecretValueRequest,
  PutSecretValueResponse,
  RotateSecretRequest,
  Tag,
  TagResourceRequest,
  UpdateSecretVersionStageRequest,
} from '@aws-sdk/client-secrets-manager';
import type { Ground } from './ground.ts';
import { updateStage } from './secret-labels.ts';
import { listed } from './secret-list.ts';
import type { Rotations } from './secret-rotation.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { strict } from './strict.ts';
import { current, holderOf, type SecretRecord, type SecretValue, type Vault } from './vault.ts';

export function secretsManagerModel(
  ground: Ground,
  vault: Vault,
  rotations: Rotations,
): ServiceModel {
  return strict('secretsmanager', {
    CreateSecret: {
      takes: [
        'Name',
        'ClientRequestToken',
        'Description',
        'KmsKeyId',
        'SecretString',
        'SecretBinary',
        'Tags',
      ],
      run: (input: CreateSecretRequest, context) => createSecret(ground, vault, input, context),
    },
    DescribeSecret: {
      takes: ['SecretId'],
      run: (input: DescribeSecretRequest, context) => {
        const secret = found(vault, input, context);
        return { ...describe(secret), ...rotations.described(secret) };
      },
    },
    ListSecrets: {
      takes: ['Filters', 'MaxResults', 'NextToken'],
      run: (input: ListSecretsRequest, { account, region }) => {
        const here = vault.all(account).filter((secret) => secret.region === region);
        return listed(here, input, describe);
      },
    },
    GetSecretValue: {
      takes: ['SecretId', 'VersionId', 'VersionStage'],
      run: (input: GetSecretValueRequest, context) => getValue(vault, input, context),
    },
    PutSecretValue: {
      takes: [
        'SecretId',
        'ClientRequestToken',
        'SecretString',
        'SecretBinary',
        'VersionStages',
        'RotationToken',
      ],
      run: (input: PutSecretValueRequest, context) => putValue(ground, vault, input, context),
    },
    UpdateSecretVersionStage: {
      takes: ['SecretId', 'VersionStage', 'RemoveFromVersionId', 'MoveToVersionId'],
      run: (input: UpdateSecretVersionStageRequest, context) =>
        updateStage(vault, found(vault, input, context), input),
    },
    RotateSecret: {
      takes: [
        'SecretId',
        'ClientRequestToken',
        'RotationLambdaARN',
        'RotationRules',
        'RotateImmediately',
      ],
      run: (input: RotateSecretRequest, context) =>
        rotations.rotate(found(vault, input, context), input, context),
    },
    CancelRotateSecret: {
      takes: ['SecretId'],
      run: (input: CancelRotateSecretRequest, context) =>
        rotations.cancel(found(vault, input, context), input),
    },
    TagResource: {
      takes: ['SecretId', 'Tags'],
      run: (input: TagResourceRequest, context) => {
        const secret = found(vault, input, context);
        secret.tags = { ...secret.tags, ...tagRecord(input.Tags) };
        return {};
      },
    },
  });
}

function createSecret(
  ground: Ground,
  vault: Vault,
  input: CreateSecretRequest,
  { account, region, now }: CallContext,
): CreateSecretResponse {
  const { Name = '' } = input;
  if (!/^[\w/+=.@-]{1,512}$/.test(Name)) {
    const problem =
      'Invalid name. Must be a valid name containing alphanumeric characters, or -/_+=.@';
    throw awsError('ValidationException', problem);
  }
  const value = valueIn(input);
  const token = tokenOf(ground, input.ClientRequestToken);
  const existing = vault.find(account, region, Name);
  if (existing !== undefined) {
    const before = vault.value(existing.arn, token);
    if (before === undefined || value === undefined || !sameValue(before, value)) {
      const problem = `The operation failed because the secret ${Name} already exists.`;
      throw awsError('ResourceExistsException', problem);
    }
    return { ARN: existing.arn, Name, VersionId: token };
  }
  const secret = vault.add({
    account,
    region,
    name: Name,
    createdAt: now,
    description: input.Description,
    kmsKeyId: input.KmsKeyId,
    tags: tagRecord(input.Tags),
  });
  if (value === undefined) return { ARN: secret.arn, Name };
  vault.addVersion(secret, token, value, now);
  vault.moveLabel(secret, current, token);
  return { ARN: secret.arn, Name, VersionId: token };
}

function describe(secret: SecretRecord): DescribeSecretResponse {
  const labelled = [...secret.versions.values()].filter((version) => version.stages.size > 0);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.changedAt),
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(labelled.length === 0
      ? {}
      : {
          VersionIdsToStages: Object.fromEntries(
            labelled.map((version) => [version.versionId, [...version.stages]]),
          ),
        }),
  };
}

function getValue(
  vault: Vault,
  input: GetSecretValueRequest,
  context: CallContext,
): GetSecretValueResponse {
  const secret = found(vault, input, context);
  const { VersionId, VersionStage } = input;
  const version =
    VersionId === undefined
      ? holderOf(secret, VersionStage ?? current)
      : secret.versions.get(VersionId);
  const asked =
    VersionId === undefined
      ? `staging label: ${VersionStage ?? current}`
      : `VersionId: ${VersionId}`;
  const value = version === undefined ? undefined : vault.value(secret.arn, version.versionId);
  if (version === undefined || value === undefined) {
    const problem = `Secrets Manager can't find the specified secret value for ${asked}`;
    throw awsError('ResourceNotFoundException', problem);
  }
  if (VersionStage !== undefined && !version.stages.has(VersionStage)) {
    const problem = 'You provided a VersionStage that is not associated to the provided VersionId.';
    throw awsError('InvalidRequestException', problem);
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.versionId,
    ...(value.text === undefined ? {} : { SecretString: value.text }),
    ...(value.bytes === undefined ? {} : { SecretBinary: value.bytes }),
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.createdAt),
  };
}

function putValue(
  ground: Ground,
  vault: Vault,
  input: PutSecretValueRequest,
  context: CallContext,
): PutSecretValueResponse {
  const secret = found(vault, input, context);
  const { VersionStages } = input;
  if (VersionStages !== undefined && (VersionStages.length < 1 || VersionStages.length > 20)) {
    throw awsError('InvalidParameterException', 'VersionStages must have 1 to 20 members.');
  }
  const value = valueIn(input);
  if (value === undefined) {
    const problem = 'You must provide either SecretString or SecretBinary.';
    throw awsError('InvalidRequestException', problem);
  }
  const token = tokenOf(ground, input.ClientRequestToken);
  const before = vault.value(secret.arn, token);
  if (before !== undefined && !sameValue(before, value)) {
    const problem = `A resource with the ID ${token} already exists, with another value.`;
    throw awsError('ResourceExistsException', problem);
  }
  if (before === undefined) {
    const first = [...secret.versions.keys()].every((id) => !vault.value(secret.arn, id));
    vault.addVersion(secret, token, value, context.now);
    const stages = new Set(VersionStages ?? [current]);
    if (first) stages.add(current);
    for (const stage of stages) vault.moveLabel(secret, stage, token);
  }
  const stages = [...(secret.versions.get(token)?.stages ?? [])];
  return { ARN: secret.arn, Name: secret.name, VersionId: token, VersionStages: stages };
}

function found(
  vault: Vault,
  { SecretId }: { readonly SecretId: string | undefined },
  { account, region }: CallContext,
): SecretRecord {
  if (SecretId === undefined || SecretId === '') {
    throw awsError('InvalidParameterException', 'SecretId must have length 1 to 2048.');
  }
  const secret = vault.find(account, region, SecretId);
  if (secret === undefined) {
    const problem = "Secrets Manager can't find the specified secret.";
    throw awsError('ResourceNotFoundException', problem);
  }
  return secret;
}

interface Valued {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

function valueIn({ SecretString, SecretBinary }: Valued): SecretValue | undefined {
  if (SecretString === undefined && SecretBinary === undefined) return undefined;
  if (SecretString !== undefined && SecretBinary !== undefined) {
    const problem = "You can't specify both a SecretString and a SecretBinary.";
    throw awsError('InvalidParameterException', problem);
  }
  return { text: SecretString, bytes: SecretBinary };
}

function sameValue(a: SecretValue, b: SecretValue): boolean {
  if (a.text !== b.text) return false;
  return Buffer.from(a.bytes ?? []).equals(Buffer.from(b.bytes ?? []));
}

/** The SDK makes a token up if it is left out; here the model does. */
function tokenOf(ground: Ground, token: string | undefined): string {
  if (token === undefined) return ground.names.uuid('version');
  if (token.length < 32 || token.length > 64) {
    const problem = 'ClientRequestToken must be 32-64 characters long.';
    throw awsError('InvalidParameterException', problem);
  }
  return token;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html (2026-11) */
const tagForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

function tagRecord(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  const record = Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  for (const [key, value] of Object.entries(record)) {
    if (/^.{1,128}$/s.test(key) && value.length <= 256 && tagForm.test(key + value)) continue;
    throw awsError('InvalidParameterException', `The tag ${key} or its value is not valid.`);
  }
  return record;
}
