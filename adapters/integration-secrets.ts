/**
 * The secrets of Slack and PagerDuty, read at run time from one secret, or one parameter of
 * Parameter Store, and kept in memory for some minutes. No error quotes what it holds.
 *
 *   { "slackBotToken": "…", "slackSigningSecrets": ["…"], "pagerDutyRoutingKey": "…" }
 *
 * Two signing secrets are valid together while Slack's is regenerated. PagerDuty's key is needed
 * like the others: without it a page would be lost in silence.
 */
import * as v from 'valibot';
import { Permanent } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import type { AwsConnection } from './aws-connection.ts';
import { keptSecret } from './kept-secret.ts';
import { credentialText } from './secure-parameter.ts';

export interface IntegrationSecrets {
  botToken(): Promise<string>;
  signingSecrets(): Promise<readonly string[]>;
  routingKey(): Promise<string>;
  /** The same, for whoever was refused with what they got: see kept-secret.ts. */
  readonly again: Omit<IntegrationSecrets, 'again'>;
}

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

/** Reads it when first asked, then every five minutes. Throws Transient or Permanent. */
export function integrationSecrets(
  connection: AwsConnection,
  secretId: string,
  clock: Pick<Clock, 'now'>,
): IntegrationSecrets {
  const what = 'the integration secret';
  const parse = (json: unknown) => contentsIn(json, secretId);
  const kept = keptSecret(clock, credentialText(connection), { secretId, what, parse });
  return { ...eachOf(kept.read), again: eachOf(kept.readAgain) };
}

function eachOf(contents: () => Promise<Contents>): IntegrationSecrets['again'] {
  return {
    botToken: async () => (await contents()).slackBotToken,
    signingSecrets: async () => (await contents()).slackSigningSecrets,
    routingKey: async () => (await contents()).pagerDutyRoutingKey,
  };
}

function contentsIn(json: unknown, secretId: string): Contents {
  const read = v.safeParse(schema, json);
  if (read.success) return read.output;
  const places = new Set(read.issues.map((issue) => v.getDotPath(issue) ?? 'the JSON as a whole'));
  throw new Permanent(
    `the integration secret ${secretId} is not usable: ${[...places].join(', ')} missing or ` +
      `malformed. It has to hold ${shape}; each is needed, PagerDuty's key of 32 characters too, ` +
      'since what wakes people goes there.',
  );
}
