/**
 * Lists of Parameter Store, read to their end and never decrypted: which versions a parameter has,
 * which attempts a path holds, which version is the latest.
 */
import {
  DescribeParametersCommand,
  GetParameterHistoryCommand,
  type GetParameterHistoryCommandOutput,
  GetParametersByPathCommand,
  type GetParametersByPathCommandOutput,
  ListTagsForResourceCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { Permanent } from '../domain/errors.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { versionIdOf } from './parameter-names.ts';
import { withheld } from './withheld.ts';

/** A version of a parameter, and which version of the secret it is. */
export interface Numbered {
  readonly number: number;
  readonly versionId: string;
}

/** 100 versions make two pages; anything beyond these is an answer that repeats itself. */
const mostPages = 40;

/** Oldest first; none if there is no such parameter. */
export async function historyOf(client: SSMClient, name: string): Promise<readonly Numbered[]> {
  const versions: Numbered[] = [];
  const tried = `reading the history of parameter ${name}`;
  const end = await pages(tried, async (token) => {
    const answer: GetParameterHistoryCommandOutput = await client.send(
      new GetParameterHistoryCommand({ Name: name, WithDecryption: false, ...token }),
    );
    for (const each of answer.Parameters ?? []) {
      if (each.Version === undefined) throw new Permanent(`${tried}: a version has no number`);
      versions.push({ number: each.Version, versionId: versionIdOf(each) });
    }
    return answer.NextToken;
  });
  return end === 'not found' ? [] : versions.sort((a, b) => a.number - b.number);
}

export interface Attempt {
  readonly token: string;
  readonly storedAt: Date;
}

/** The attempts whose keys a path holds, or those of them that bear the label. */
export async function attemptsIn(
  client: SSMClient,
  path: string,
  label?: string,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  const tried = `listing the parameters of ${path}`;
  const labelled = { Key: 'Label', Option: 'Equals', Values: [label ?? ''] };
  await pages(tried, async (token) => {
    const answer: GetParametersByPathCommandOutput = await client.send(
      new GetParametersByPathCommand({
        Path: path,
        Recursive: false,
        WithDecryption: false,
        ...(label === undefined ? {} : { ParameterFilters: [labelled] }),
        ...token,
      }),
    );
    for (const { Name, LastModifiedDate } of answer.Parameters ?? []) {
      if (Name === undefined || LastModifiedDate === undefined) {
        throw new Permanent(`${tried}: a parameter has no name or date`);
      }
      attempts.push({ token: Name.slice(path.length + 1), storedAt: LastModifiedDate });
    }
    return answer.NextToken;
  });
  return attempts;
}

/**
 * Which version of the secret the latest version is; undefined if there is no such parameter. It
 * shows no value, not even encrypted. A page may be empty although more follow.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
 * (read 2026-11)
 */
export async function latestVersionId(
  client: SSMClient,
  name: string,
): Promise<string | undefined> {
  let found: string | undefined;
  await pages(`describing parameter ${name}`, async (token) => {
    const answer = await client.send(
      new DescribeParametersCommand({
        ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }],
        ...token,
      }),
    );
    const one = answer.Parameters?.find((each) => each.Name === name);
    if (one !== undefined) found = versionIdOf(one);
    return answer.NextToken;
  });
  return found;
}

/**
 * The ARNs of parameters that have the tag with that value.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 * (2026-11)
 */
export async function arnsByTag(
  client: SSMClient,
  { key, value }: { readonly key: string; readonly value: string },
): Promise<readonly string[]> {
  const arns: string[] = [];
  const tried = `listing the parameters with tag ${key}=${value}`;
  await pages(tried, async (token) => {
    const ParameterFilters = [{ Key: `tag:${key}`, Option: 'Equals', Values: [value] }];
    const answer = await client.send(new DescribeParametersCommand({ ParameterFilters, ...token }));
    for (const { ARN } of answer.Parameters ?? []) {
      if (ARN === undefined) throw new Permanent(`${tried}: a parameter has no ARN`);
      arns.push(ARN);
    }
    return answer.NextToken;
  });
  return arns;
}

/** The tags of a parameter that is there. */
export async function tagsOf(
  client: SSMClient,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const resource = { ResourceType: 'Parameter', ResourceId: name } as const;
  try {
    const { TagList = [] } = await client.send(new ListTagsForResourceCommand(resource));
    return Object.fromEntries(TagList.map(({ Key = '', Value = '' }) => [Key, Value]));
  } catch (error) {
    throw fromAws(`reading the tags of parameter ${name}`, error);
  }
}

async function pages(
  tried: string,
  read: (token: { readonly NextToken?: string }) => Promise<string | undefined>,
): Promise<'read' | 'not found'> {
  let token: string | undefined;
  for (let page = 1; page <= mostPages; page++) {
    try {
      token = await read(token === undefined ? {} : { NextToken: token });
    } catch (error) {
      if (awsErrorName(error) === 'ParameterNotFound') return 'not found';
      throw fromAws(tried, error instanceof Permanent ? error : withheld(error));
    }
    if (token === undefined) return 'read';
  }
  throw new Permanent(`${tried}: it does not end within ${mostPages} pages`);
}
