/** A secret of an operator's, read at run time and kept in memory for some minutes. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';

export interface SecretToKeep<Contents> {
  readonly secretId: string;
  /** For messages: `the integration secret`. */
  readonly what: string;
  /** Of the JSON that it holds; undefined for what is no JSON. May throw; never quotes it. */
  readonly parse: (json: unknown) => Contents;
  /** Instead of an error where there is no such secret. */
  readonly absent?: Contents;
}

/** Each throws Transient or Permanent. */
export interface Kept<Contents> {
  /** As it was some minutes ago at most. */
  read(): Promise<Contents>;
  /**
   * Whoever was refused with what was read may ask for it anew: it may have been exchanged since.
   * Whoever sends forgeries must not have the vault asked for each: that is done once a minute at
   * most, and else it is what is kept.
   */
  readAgain(): Promise<Contents>;
}

/** The text that is kept under a name. Throws as AWS does. */
export type ReadText = (secretId: string) => Promise<string | undefined>;

const minutesKept = 5;
const minutesBetween = 1;

interface Reading<Contents> {
  readonly contents: Promise<Contents>;
  readonly at: Instant;
}

/** Reads it when first asked, then every five minutes. */
export function keptSecret<Contents>(
  clock: Pick<Clock, 'now'>,
  readText: ReadText,
  secret: SecretToKeep<Contents>,
): Kept<Contents> {
  let kept: Reading<Contents> | undefined;
  let askedAt: Instant | undefined;
  const isWithin = (minutes: number, at: Instant | undefined) =>
    at !== undefined && !isDue(plus(at, { minutes }), clock.now());
  /** A failure is not kept: what was there before is. */
  const ask = (before?: Reading<Contents>): Promise<Contents> => {
    const reading = contentsOf(readText, secret);
    const contents = before === undefined ? reading : reading.catch(() => before.contents);
    const fresh = { contents, at: clock.now() };
    [kept, askedAt] = [fresh, fresh.at];
    reading.catch(() => {
      if (kept === fresh) kept = before;
    });
    return contents;
  };
  const read = () => (kept !== undefined && isWithin(minutesKept, kept.at) ? kept.contents : ask());
  return {
    read,
    readAgain: () => {
      if (kept === undefined || !isWithin(minutesKept, kept.at)) return read();
      return isWithin(minutesBetween, askedAt) ? kept.contents : ask(kept);
    },
  };
}

/** From Secrets Manager. */
export function secretText(connection: AwsConnection): ReadText {
  const client = connect(SecretsManagerClient, connection);
  return async (SecretId) =>
    (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
}

const absentNames: readonly string[] = ['ResourceNotFoundException', 'ParameterNotFound'];

async function contentsOf<Contents>(
  readText: ReadText,
  { secretId, what, parse, absent }: SecretToKeep<Contents>,
): Promise<Contents> {
  try {
    return parse(jsonOf(await readText(secretId)));
  } catch (error) {
    if (absent !== undefined && absentNames.includes(awsErrorName(error))) return absent;
    throw fromAws(`reading ${what} ${secretId}`, error);
  }
}

/** The parser's own error would quote the secret: what is no JSON is nothing. */
function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
