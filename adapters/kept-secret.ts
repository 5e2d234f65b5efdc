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

const minutesKept = 5;

/** Reads it when first asked, then every five minutes. Throws Transient or Permanent. */
export function keptSecret<Contents>(
  connection: AwsConnection,
  clock: Pick<Clock, 'now'>,
  secret: SecretToKeep<Contents>,
): () => Promise<Contents> {
  const client = connect(SecretsManagerClient, connection);
  let kept: { readonly contents: Promise<Contents>; readonly until: Instant } | undefined;
  return () => {
    const now = clock.now();
    if (kept !== undefined && !isDue(kept.until, now)) return kept.contents;
    const reading = contentsOf(client, secret);
    const fresh = { contents: reading, until: plus(now, { minutes: minutesKept }) };
    kept = fresh;
    // A failure is not kept: the next call asks again.
    reading.catch(() => {
      if (kept === fresh) kept = undefined;
    });
    return reading;
  };
}

async function contentsOf<Contents>(
  client: SecretsManagerClient,
  { secretId, what, parse, absent }: SecretToKeep<Contents>,
): Promise<Contents> {
  try {
    const held = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return parse(jsonOf(held.SecretString));
  } catch (error) {
    const isAbsent = awsErrorName(error) === 'ResourceNotFoundException';
    if (isAbsent && absent !== undefined) return absent;
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
