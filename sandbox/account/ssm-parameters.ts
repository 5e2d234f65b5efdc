/**
 * Systems Manager's Parameter Store: standard parameters, their versions, labels and tags. A put
 * with Overwrite is unconditional: there is no way to write only if nobody else has written.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (read
 * 2026-11)
 */
import type {
  AddTagsToResourceRequest,
  DeleteParameterRequest,
  LabelParameterVersionRequest,
  ListTagsForResourceRequest,
  PutParameterRequest,
  Tag,
  UnlabelParameterVersionRequest,
} from '@aws-sdk/client-ssm';
import type { Ground } from './ground.ts';
import {
  latest,
  type ParameterBook,
  type ParameterKind,
  type ParameterRecord,
  type ParameterVersion,
} from './parameters.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { found, readingOperations, validation, versionIn } from './ssm-parameter-reads.ts';
import { strict } from './strict.ts';

/** Standard parameters: https://docs.aws.amazon.com/general/latest/gr/ssm.html (read 2026-11) */
const mostBytes = 4096;
const mostVersions = 100;
const mostLabels = 10;

export function ssmParametersModel(ground: Ground, book: ParameterBook): ServiceModel {
  return strict('ssm', {
    PutParameter: {
      takes: ['Name', 'Value', 'Type', 'Description', 'KeyId', 'Overwrite', 'Tags', 'Tier'],
      run: (input: PutParameterRequest, context) => put(ground, book, input, context),
    },
    DeleteParameter: {
      takes: ['Name'],
      run: (input: DeleteParameterRequest, context) => {
        const { name } = found(book, input.Name, context);
        book.remove(context.account, context.region, name);
        return {};
      },
    },
    LabelParameterVersion: {
      takes: ['Name', 'ParameterVersion', 'Labels'],
      run: (input: LabelParameterVersionRequest, context) => label(book, input, context),
    },
    UnlabelParameterVersion: {
      takes: ['Name', 'ParameterVersion', 'Labels'],
      run: (input: UnlabelParameterVersionRequest, context) => unlabel(book, input, context),
    },
    AddTagsToResource: {
      takes: ['ResourceType', 'ResourceId', 'Tags'],
      run: (input: AddTagsToResourceRequest, context) => {
        const parameter = tagged(book, input, context);
        parameter.tags = { ...parameter.tags, ...tagRecord(input.Tags) };
        return {};
      },
    },
    ListTagsForResource: {
      takes: ['ResourceType', 'ResourceId'],
      run: (input: ListTagsForResourceRequest, context) => ({
        TagList: Object.entries(tagged(book, input, context).tags).map(([Key, Value]) => ({
          Key,
          Value,
        })),
      }),
    },
    ...readingOperations(book),
  });
}

function put(
  ground: Ground,
  book: ParameterBook,
  input: PutParameterRequest,
  context: CallContext,
): { readonly Version: number; readonly Tier: 'Standard' } {
  const { Name: name = '', Value: value = '', Overwrite = false, Tags } = input;
  refuseName(name);
  refuseValue(value);
  if ((input.Tier ?? 'Standard') !== 'Standard') throw validation('Tier is not modelled');
  if (Overwrite && Tags !== undefined) {
    throw validation('Tags and Overwrite can not be used together: use AddTagsToResource');
  }
  const { account, region, now, caller } = context;
  const existing = book.find(account, region, name);
  if (existing !== undefined && !Overwrite) {
    const problem = 'The parameter already exists. To overwrite this value, set Overwrite to true.';
    throw awsError('ParameterAlreadyExists', problem);
  }
  const before = existing === undefined ? undefined : latest(existing);
  const kind = kindOf(input, before);
  const version: ParameterVersion = {
    number: (before?.number ?? 0) + 1,
    value,
    kind,
    // What a put leaves out may stay as it was: the stricter case for whoever trusts descriptions.
    description: input.Description ?? before?.description,
    keyId: kind === 'SecureString' ? (input.KeyId ?? before?.keyId ?? 'alias/aws/ssm') : undefined,
    at: now,
    by: caller.arn,
    labels: new Set(),
  };
  if (existing === undefined) {
    const path = name.startsWith('/') ? name : `/${name}`;
    const arn = `arn:${ground.partition}:ssm:${region}:${account}:parameter${path}`;
    book.add({ name, arn, account, region, versions: [version], tags: tagRecord(Tags) });
  } else {
    makeRoom(existing);
    existing.versions.push(version);
  }
  return { Version: version.number, Tier: 'Standard' };
}

function kindOf(
  { Type }: PutParameterRequest,
  before: ParameterVersion | undefined,
): ParameterKind {
  const kind = Type ?? before?.kind;
  if (kind === undefined) {
    throw validation('A parameter type is required when you create a parameter.');
  }
  if (!['String', 'StringList', 'SecureString'].includes(kind)) {
    throw awsError('UnsupportedParameterType', `The parameter type ${kind} isn't supported.`);
  }
  if (before !== undefined && before.kind !== kind) {
    const problem = `Parameter type can't be changed from ${before.kind} to ${kind}.`;
    throw awsError('HierarchyTypeMismatchException', problem);
  }
  return kind;
}

/** The oldest version goes, unless somebody has labelled it. */
function makeRoom({ name, versions }: ParameterRecord): void {
  const [oldest] = versions;
  if (oldest === undefined || versions.length < mostVersions) return;
  if (oldest.labels.size > 0) {
    throw awsError(
      'ParameterMaxVersionLimitExceeded',
      `Version ${oldest.number}, the oldest version of ${name}, can't be deleted because it has ` +
        'a label associated with it. Move the label to another version and try again.',
    );
  }
  versions.shift();
}

function refuseName(name: string): void {
  if (!/^[\w./-]{1,966}$/.test(name)) {
    throw validation(`Parameter name: can't be "${name}": only a mix of letters, numbers, . - _ /`);
  }
  if (/^\/?(?:aws|ssm)/i.test(name)) {
    throw validation('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  }
  const levels = name.split('/').slice(name.startsWith('/') ? 1 : 0);
  if (name.includes('/') && !name.startsWith('/')) {
    throw validation('Parameter name must be a fully qualified name.');
  }
  if (levels.some((level) => level === '')) throw validation(`Parameter name ${name} is empty`);
  if (levels.length > 15) {
    const problem = 'A hierarchy can have a maximum of 15 levels.';
    throw awsError('HierarchyLevelLimitExceededException', problem);
  }
}

/** Never repeats the value. */
function refuseValue(value: string): void {
  if (value === '') throw validation('Value must have at least 1 character.');
  if (Buffer.byteLength(value) > mostBytes) {
    throw validation('Standard tier parameters support a maximum parameter value of 4096 bytes.');
  }
  if (/\{\{.*\}\}/.test(value)) {
    throw validation('Parameter value can not nest another parameter: {{ }} is not supported.');
  }
}

/** A label that breaks the rules is no error: it is listed, and attached to nothing. */
function label(book: ParameterBook, input: LabelParameterVersionRequest, context: CallContext) {
  const parameter = found(book, input.Name, context);
  const version = versionIn(parameter, input.ParameterVersion ?? latest(parameter).number);
  const asked = input.Labels ?? [];
  if (asked.length < 1 || asked.length > mostLabels) throw validation('Labels must be 1 to 10.');
  const wrong = asked.filter((each) => !isLabel(each));
  const good = asked.filter(isLabel);
  if (new Set([...version.labels, ...good]).size > mostLabels) {
    const problem = 'A parameter version can have a maximum of 10 labels.';
    throw awsError('ParameterVersionLabelLimitExceeded', problem);
  }
  for (const each of good) {
    for (const other of parameter.versions) other.labels.delete(each);
    version.labels.add(each);
  }
  return { InvalidLabels: wrong, ParameterVersion: version.number };
}

function isLabel(text: string): boolean {
  return /^[\w.-]{1,100}$/.test(text) && !/^(?:\d|aws|ssm)/i.test(text);
}

function unlabel(book: ParameterBook, input: UnlabelParameterVersionRequest, context: CallContext) {
  const version = versionIn(found(book, input.Name, context), input.ParameterVersion ?? 0);
  const asked = input.Labels ?? [];
  const removed = asked.filter((each) => version.labels.delete(each));
  return { RemovedLabels: removed, InvalidLabels: asked.filter((each) => !removed.includes(each)) };
}

function tagged(
  book: ParameterBook,
  input: Pick<AddTagsToResourceRequest, 'ResourceType' | 'ResourceId'>,
  { account, region }: CallContext,
): ParameterRecord {
  if (input.ResourceType !== 'Parameter') {
    throw awsError('InvalidResourceType', `Resource type ${input.ResourceType} is not modelled`);
  }
  const parameter = book.find(account, region, input.ResourceId ?? '');
  if (parameter !== undefined) return parameter;
  throw awsError('InvalidResourceId', `The resource ID ${input.ResourceId} isn't valid.`);
}

/** Tag values take letters, digits, spaces and _ . : / = + - @, as in most services. */
function tagRecord(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  for (const { Key = '', Value = '' } of tags ?? []) {
    if (Key === '' || /^aws:/i.test(Key) || !/^[\p{L}\p{N}\s_.:/=+@-]*$/u.test(Key + Value)) {
      throw validation(`Tag ${Key} is not valid`);
    }
  }
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}
