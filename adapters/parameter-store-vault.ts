/**
 * The vault in Systems Manager's Parameter Store, as SecureStrings:
 *
 *   /keyturn/users/<user>             what consumers read; its latest version is AWSCURRENT
 *   /keyturn/pending/<user>/<token>   the key of one attempt, written once
 *
 * Which version of the secret a version of the first is stands in its description (see
 * parameter-names.ts), written in the same call as the value. AWSPENDING is every attempt that has
 * no label `withdrawn`, so that storing is one call too; labels of our own cannot begin with `aws`.
 * Values stay: of attempts for as long as CloudTrail remembers, of what was current for 100
 * versions.
 *
 * The race that remains. Parameter Store cannot write on a condition, so moveCurrent reads, writes,
 * and learns by the number that it got whether somebody wrote in between. Then it throws Conflict,
 * and the version, whose description names another number, counts as nobody's: the witness does not
 * take it for the new key, and the step is repeated. What somebody wrote meanwhile is no longer
 * what consumers read, but it is still a version of the parameter. No key is lost by that: the
 * pending parameter holds the new one, whose value never changes; keys are made by one rotation at
 * a time, which holds the claim; and before a key is deleted it is compared with the one that
 * consumers read. An undo at the same moment may have deleted the key: as with any vault,
 * finishSecret tries the key once it is current, and gives AWSCURRENT back.
 *
 * No put is retried by the SDK: a lost answer would make two versions, of which the second would
 * bear the number of the first.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 * (read 2026-11)
 */
import {
  DeleteParameterCommand,
  GetParameterCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { labels, type Vault, type VaultSecret } from '../domain/custody.ts';
import { Conflict, Permanent, Transient } from '../domain/errors.ts';
import { fromMillis, isDue, plus } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';
import { secretTags } from '../domain/secret-tags.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { contentOf, keyJson, placeholderJson } from './key-json.ts';
import { liveName, markOf, pendingName, pendingPath } from './parameter-names.ts';
import {
  type Attempt,
  arnsByTag,
  attemptsIn,
  historyOf,
  type Numbered,
  tagsOf,
} from './parameter-reads.ts';
import { withheld } from './withheld.ts';

const withdrawn = 'withdrawn';
/** CloudTrail's event history: until then a key can be shown to be this attempt's. */
const keptFor = { days: 90 } as const;

/** The vault in the connection's account and Region. */
export function parameterStoreVault(connection: AwsConnection, clock: Pick<Clock, 'now'>): Vault {
  const client = connect(SSMClient, connection, { maxAttempts: 1 });
  return {
    describe: (nameOrArn) => describe(client, nameOrArn),
    placesOf: (userId) => arnsByTag(client, { key: secretTags.userId, value: userId }),
    open: async ({ name, placeholderId, userName, tags }) => {
      const tried = `creating parameter ${liveName(name)}`;
      const value = placeholderJson(userName);
      await put(client, tried, {
        Name: liveName(name),
        Description: markOf(placeholderId, 1),
        Value: value,
        Overwrite: false,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
    },
    read: async (arn, versionId) => {
      const text = await textOf(client, liveName(arn), versionId);
      return text === undefined ? undefined : contentOf(text);
    },
    readCurrent: async (arn) => {
      const name = liveName(arn);
      const current = await get(client, name, true);
      if (current === undefined) return undefined;
      const marked = (await historyOf(client, name)).find((each) => each.number === current.number);
      if (marked === undefined) throw torn(name);
      return { versionId: marked.versionId, content: contentOf(current.text) };
    },
    putPending: async (arn, token, key) => {
      const name = pendingName(liveName(arn), token);
      const tried = `storing a key as ${name}`;
      const value = keyJson(key);
      const stored = await put(client, tried, {
        Name: name,
        Description: markOf(token, 1),
        Value: value,
        Overwrite: false,
      });
      if (stored !== undefined || (await get(client, name, true))?.text === value) return;
      throw new Conflict(`${tried}: that parameter has another value`);
    },
    moveCurrent: (arn, move) => moveCurrent(client, liveName(arn), move),
    clearPending: async (arn, versionId) => {
      const live = liveName(arn);
      await withdraw(client, pendingName(live, versionId));
      await forget(client, live, clock);
    },
  };
}

async function describe(client: SSMClient, nameOrArn: string): Promise<VaultSecret | undefined> {
  const name = liveName(nameOrArn);
  const found = await get(client, name, false);
  if (found === undefined) return undefined;
  const versions = await historyOf(client, name);
  const current = versions.at(-1);
  if (current?.number !== found.number) throw torn(name);
  const before = versions.findLast(({ versionId }) => versionId !== current.versionId);
  const byVersion = new Map([[current.versionId, [labels.current as string]]]);
  if (before !== undefined) byVersion.set(before.versionId, [labels.previous]);
  for (const { token } of await pendingIn(client, name)) {
    byVersion.set(token, [...(byVersion.get(token) ?? []), labels.pending]);
  }
  return {
    arn: found.arn,
    tags: await tagsOf(client, name),
    labels: Object.fromEntries(byVersion),
    closing: false,
  };
}

/** What is withdrawn between the two lists counts as withdrawn. */
async function pendingIn(client: SSMClient, live: string): Promise<readonly Attempt[]> {
  const path = pendingPath(live);
  const all = await attemptsIn(client, path);
  const over = new Set((await attemptsIn(client, path, withdrawn)).map(({ token }) => token));
  return all.filter(({ token }) => !over.has(token));
}

/** What an attempt stored, or a version that was current once. */
async function textOf(
  client: SSMClient,
  live: string,
  versionId: string,
): Promise<string | undefined> {
  const pending = await get(client, pendingName(live, versionId), true);
  if (pending !== undefined) return pending.text;
  const versions: readonly Numbered[] = await historyOf(client, live);
  const number = versions.findLast((each) => each.versionId === versionId)?.number;
  return number === undefined ? undefined : (await get(client, `${live}:${number}`, true))?.text;
}

interface Got {
  readonly arn: string;
  readonly number: number;
  readonly text: string;
}

async function get(client: SSMClient, name: string, open: boolean): Promise<Got | undefined> {
  const tried = `reading parameter ${name}`;
  try {
    const { Parameter } = await client.send(
      new GetParameterCommand({ Name: name, WithDecryption: open }),
    );
    const { ARN: arn, Version: number, Value: text } = Parameter ?? {};
    if (arn === undefined || number === undefined || text === undefined) {
      throw new Permanent(`${tried}: the answer lacks ARN, version or value`);
    }
    return { arn, number, text };
  } catch (error) {
    const name = awsErrorName(error);
    if (name === 'ParameterNotFound' || name === 'ParameterVersionNotFound') return undefined;
    if (error instanceof Permanent) throw error;
    throw fromAws(tried, withheld(error));
  }
}

/** The new version's number; undefined if there is such a parameter already. */
async function put(
  client: SSMClient,
  tried: string,
  input: Omit<PutParameterCommandInput, 'Type' | 'Tier'>,
): Promise<number | undefined> {
  try {
    const answer = await client.send(
      // Otherwise the account's default tier counts, which may cost.
      new PutParameterCommand({ ...input, Type: 'SecureString', Tier: 'Standard' }),
    );
    if (answer.Version === undefined) throw new Transient(`${tried}: the answer has no version`);
    return answer.Version;
  } catch (error) {
    if (awsErrorName(error) === 'ParameterAlreadyExists') return undefined;
    if (error instanceof Transient) throw error;
    throw fromAws(tried, withheld(error, input.Value ?? '', secretIn(input.Value ?? '')));
  }
}

/** A complaint may quote the value alone, without the JSON around it. */
function secretIn(text: string): string {
  const content = contentOf(text);
  return content.kind === 'key' ? content.key.secret.reveal() : text;
}

async function moveCurrent(
  client: SSMClient,
  name: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const tried = `moving what ${name} shows from version ${from} to ${to}`;
  const before = (await historyOf(client, name)).at(-1);
  if (before?.versionId !== from) {
    throw new Conflict(`${tried}: it was not there any more`);
  }
  const value = await textOf(client, name, to);
  if (value === undefined) throw new Permanent(`${tried}: there is no version ${to}`);
  const number = before.number + 1;
  const got = await put(client, tried, {
    Name: name,
    Description: markOf(to, number),
    Value: value,
    Overwrite: true,
  });
  if (got !== number) {
    throw new Conflict(`${tried}: somebody else wrote at the same time; it is to be tried again`);
  }
  const after = (await historyOf(client, name)).at(-1);
  if (after !== undefined && after.number > number) {
    throw new Conflict(`${tried}: somebody else wrote right afterwards; look who does`);
  }
}

async function withdraw(client: SSMClient, name: string): Promise<void> {
  const tried = `withdrawing ${name}`;
  try {
    const answer = await client.send(
      new LabelParameterVersionCommand({ Name: name, ParameterVersion: 1, Labels: [withdrawn] }),
    );
    if ((answer.InvalidLabels ?? []).length === 0) return;
  } catch (error) {
    if (awsErrorName(error) === 'ParameterNotFound') return;
    throw fromAws(tried, error);
  }
  throw new Permanent(`${tried}: SSM refused the label ${withdrawn}`);
}

/** Deletes what was withdrawn long ago: an account holds 10,000 standard parameters a Region. */
async function forget(client: SSMClient, live: string, clock: Pick<Clock, 'now'>): Promise<void> {
  for (const { token, storedAt } of await attemptsIn(client, pendingPath(live), withdrawn)) {
    if (!isDue(plus(fromMillis(storedAt.getTime()), keptFor), clock.now())) continue;
    const name = pendingName(live, token);
    try {
      await client.send(new DeleteParameterCommand({ Name: name }));
    } catch (error) {
      if (awsErrorName(error) === 'ParameterNotFound') continue;
      throw fromAws(`deleting ${name}, which was withdrawn long ago`, error);
    }
  }
}

function torn(name: string): Transient {
  return new Transient(`parameter ${name} shows two different latest versions: try again`);
}
