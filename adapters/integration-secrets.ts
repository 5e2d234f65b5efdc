/**
 * The secrets of Slack and PagerDuty, read at run time from one Secrets Manager secret and kept in
 * memory for some minutes. No error quotes what the secret holds.
 *
 *   { "slackBotToken": "…", "slackSigningSecrets": ["…"], "pagerDutyRoutingKey": "…" }
 *
 * Two signing secrets are valid together while Slack's is regenerated. PagerDuty's key is needed
 * like the others: without it a page would be lost in silence.
 */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { Permanent } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';

export interface IntegrationSecrets {
  botToken(): Promise<string>;
  signingSecrets(): Promise<readonly string[]>;
  routingKey(): Promise<string>;
}

const minutesKept = 5;

const filled = v.pipe(v.string(), v.regex(/^\S+$/u));

const schema = v.looseObject({
  slackBotToken: v.pipe(filled, v.startsWith('xox')),
  slackSigningSecrets: v.pipe(v.array(filled), v.minLength(1), v.maxLength(2)),
  pagerDutyRoutingKey: v.pipe(filled, v.length(32)),
});

/** For messages: nothing of it is real. */
const shape =
  '{"slackBotToken": "xoxb-…", "slackSigningSecrets": ["…"], "pagerDutyRoutingKey": "…"}';

type Contents = v.InferOutput<typeof schema>;

/** Reads the secret when first asked, then every five minutes. Throws Transient or Permanent. */
export function integrationSecrets(
  connection: AwsConnection,
  secretId: string,
  clock: Pick<Clock, 'now'>,
): IntegrationSecrets {
  const client = connect(SecretsManagerClient, connection);
  let kept: { readonly contents: Promise<Contents>; readonly until: Instant } | undefined;
  const contents = (): Promise<Contents> => {
    const now = clock.now();
    if (kept !== undefined && !isDue(kept.until, now)) return kept.contents;
    const reading = readContents(client, secretId);
    const fresh = { contents: reading, until: plus(now, { minutes: minutesKept }) };
    kept = fresh;
    // A failure is not kept: the next call asks again.
    reading.catch(() => {
      if (kept === fresh) kept = undefined;
    });
    return reading;
  };
  return {
    botToken: async () => (await contents()).slackBotToken,
    signingSecrets: async () => (await contents()).slackSigningSecrets,
    routingKey: async () => (await contents()).pagerDutyRoutingKey,
  };
}

async function readContents(client: SecretsManagerClient, secretId: string): Promise<Contents> {
  const { SecretString } = await client
    .send(new GetSecretValueCommand({ SecretId: secretId }))
    .catch((error: unknown) => {
      throw fromAws(`reading the integration secret ${secretId}`, error);
    });
  const read = v.safeParse(schema, jsonOf(SecretString));
  if (read.success) return read.output;
  const places = new Set(read.issues.map((issue) => v.getDotPath(issue) ?? 'the JSON as a whole'));
  throw new Permanent(
    `the integration secret ${secretId} is not usable: ${[...places].join(', ')} missing or ` +
      `malformed. It has to hold ${shape}; each is needed, PagerDuty's key of 32 characters too, ` +
      'since what wakes people goes there.',
  );
}

/** The parser's own error would quote the secret: what is no JSON is nothing. */
function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
