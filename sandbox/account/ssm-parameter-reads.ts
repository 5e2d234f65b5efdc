/**
 * Reading from Parameter Store. Without decryption a SecureString shows a ciphertext; lists come in
 * small pages, and a page may be shorter than asked for although more follow.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html (read
 * 2026-11)
 */
import type {
  DescribeParametersRequest,
  GetParameterHistoryRequest,
  GetParameterRequest,
  GetParametersByPathRequest,
  Parameter,
  ParameterHistory,
  ParameterMetadata,
} from '@aws-sdk/client-ssm';
import type { ParameterVersion } from './parameters.ts';
import { latest, type ParameterBook, type ParameterRecord } from './parameters.ts';
import { awsError, type CallContext } from './service.ts';
import { notModelled, type StrictOperation } from './strict.ts';

export function readingOperations(book: ParameterBook): Readonly<Record<string, StrictOperation>> {
  return {
    GetParameter: {
      takes: ['Name', 'WithDecryption'],
      run: (input: GetParameterRequest, context) => getOne(book, input, context),
    },
    GetParameterHistory: {
      takes: ['Name', 'WithDecryption', 'MaxResults', 'NextToken'],
      run: (input: GetParameterHistoryRequest, context) => {
        const { name, versions } = found(book, input.Name, context);
        const { items, rest } = page(versions, input, 50);
        const shown = items.map((each) => historyOf(name, each, input.WithDecryption === true));
        return { Parameters: shown, ...rest };
      },
    },
    GetParametersByPath: {
      takes: ['Path', 'Recursive', 'ParameterFilters', 'WithDecryption', 'MaxResults', 'NextToken'],
      run: (input: GetParametersByPathRequest, context) => byPath(book, input, context),
    },
    DescribeParameters: {
      takes: ['ParameterFilters', 'MaxResults', 'NextToken'],
      run: (input: DescribeParametersRequest, context) => described(book, input, context),
    },
  };
}

function getOne(
  book: ParameterBook,
  { Name = '', WithDecryption = false }: GetParameterRequest,
  context: CallContext,
): { readonly Parameter: Parameter } {
  const [, name = '', selector] = /^([^:]*)(?::([^:]+))?$/.exec(nameIn(Name)) ?? [];
  const parameter = found(book, name, context);
  const version = selector === undefined ? latest(parameter) : selected(parameter, selector);
  const shown = shownOf(parameter, version, WithDecryption);
  return { Parameter: selector === undefined ? shown : { ...shown, Selector: `:${selector}` } };
}

function selected(parameter: ParameterRecord, selector: string): ParameterVersion {
  if (/^\d+$/.test(selector)) return versionIn(parameter, Number(selector));
  const version = parameter.versions.find(({ labels }) => labels.has(selector));
  if (version !== undefined) return version;
  const problem = `Systems Manager could not find version ${selector} of ${parameter.name}.`;
  throw awsError('ParameterVersionNotFound', problem);
}

/** Of one level only, and filtered by one label only: what is asked for here. */
function byPath(book: ParameterBook, input: GetParametersByPathRequest, context: CallContext) {
  const { Path = '', Recursive = false, ParameterFilters = [], WithDecryption = false } = input;
  if (!Path.startsWith('/')) throw validation('The path must begin with a slash.');
  if (Recursive) throw notModelled('ssm:GetParametersByPath with Recursive');
  const wanted = ParameterFilters.map(({ Key, Option = 'Equals', Values = [] }) => {
    if (Key !== 'Label' || Option !== 'Equals') {
      throw awsError('InvalidFilterKey', `The filter ${Key} ${Option} is not modelled.`);
    }
    return Values;
  });
  const chosen = children(book, Path, context).flatMap((parameter) => {
    const version = wanted.reduce<ParameterVersion | undefined>(
      (from, values) => (from && values.some((each) => from.labels.has(each)) ? from : undefined),
      latest(parameter),
    );
    return version === undefined ? [] : [shownOf(parameter, version, WithDecryption)];
  });
  const { items, rest } = page(chosen, input, 10);
  return { Parameters: items, ...rest };
}

function described(book: ParameterBook, input: DescribeParametersRequest, context: CallContext) {
  const [filter, ...others] = input.ParameterFilters ?? [];
  const { Key, Option = 'Equals', Values: [value = ''] = [] } = filter ?? {};
  const [, tag] = /^tag:(.+)$/.exec(Key ?? '') ?? [];
  if ((Key !== 'Name' && tag === undefined) || Option !== 'Equals' || others.length > 0) {
    throw notModelled('ssm:DescribeParameters without the one filter Name or tag Equals');
  }
  const parameters =
    tag === undefined
      ? [book.find(context.account, context.region, value)].filter((each) => each !== undefined)
      : book.all(context.account, context.region).filter(({ tags }) => tags[tag] === value);
  // An empty page with more to come is documented: whoever stops there misses the parameter.
  if (input.NextToken === undefined) return { Parameters: [], NextToken: 'more' };
  if (input.NextToken !== 'more') throw invalidToken(input.NextToken);
  return { Parameters: parameters.map(metadataOf) };
}

function children(book: ParameterBook, path: string, { account, region }: CallContext) {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return book
    .all(account, region)
    .filter(({ name }) => name.startsWith(prefix) && !name.slice(prefix.length).includes('/'));
}

function page<T>(
  all: readonly T[],
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
  most: number,
): { readonly items: readonly T[]; readonly rest: { readonly NextToken?: string } } {
  const size = MaxResults ?? most;
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw validation(`MaxResults must be 1 to ${most}.`);
  }
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from) || from < 0) throw invalidToken(NextToken);
  const more = all.length > from + size;
  return {
    items: all.slice(from, from + size),
    rest: more ? { NextToken: String(from + size) } : {},
  };
}

function invalidToken(token: string | undefined): Error {
  return awsError('InvalidNextToken', `The specified token ${token} isn't valid.`);
}

function shownValue(
  { name }: Pick<ParameterRecord, 'name'>,
  version: ParameterVersion,
  open: boolean,
) {
  if (version.kind !== 'SecureString' || open) return version.value;
  return Buffer.from(`ciphertext of ${name} ${version.number}`).toString('base64');
}

function shownOf(parameter: ParameterRecord, version: ParameterVersion, open: boolean): Parameter {
  return {
    Name: parameter.name,
    Type: version.kind,
    Value: shownValue(parameter, version, open),
    Version: version.number,
    LastModifiedDate: new Date(version.at),
    ARN: parameter.arn,
    DataType: 'text',
  };
}

function metadataFields(version: ParameterVersion) {
  return {
    Type: version.kind,
    Version: version.number,
    LastModifiedDate: new Date(version.at),
    LastModifiedUser: version.by,
    DataType: 'text',
    Tier: 'Standard' as const,
    Policies: [],
    ...(version.keyId === undefined ? {} : { KeyId: version.keyId }),
    ...(version.description === undefined ? {} : { Description: version.description }),
  };
}

function metadataOf(parameter: ParameterRecord): ParameterMetadata {
  return { Name: parameter.name, ARN: parameter.arn, ...metadataFields(latest(parameter)) };
}

function historyOf(name: string, version: ParameterVersion, open: boolean): ParameterHistory {
  return {
    Name: name,
    Value: shownValue({ name }, version, open),
    Labels: [...version.labels],
    ...metadataFields(version),
  };
}

/** The parameter of that name or ARN, in the caller's account and Region. */
export function found(
  book: ParameterBook,
  name: string | undefined,
  { account, region }: CallContext,
): ParameterRecord {
  const parameter = book.find(account, region, nameIn(name ?? ''));
  if (parameter !== undefined) return parameter;
  throw awsError('ParameterNotFound', "The parameter couldn't be found. Verify the name.");
}

export function versionIn(parameter: ParameterRecord, number: number): ParameterVersion {
  const version = parameter.versions.find((each) => each.number === number);
  if (version !== undefined) return version;
  const problem = `Systems Manager could not find version ${number} of ${parameter.name}.`;
  throw awsError('ParameterVersionNotFound', problem);
}

function nameIn(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter/, '');
}

export function validation(problem: string): Error {
  return awsError('ValidationException', problem);
}
