/**
 * The secrets of Slack and PagerDuty, read at run time from one secret, or one parameter of
 * Parameter Store, and kept in memory for some minutes. No error quotes what it holds.
 *
 *   { "slackBotToken": "…", "slackSigningSecrets": ["…"], "pagerDutyRoutingKey": "…",
 *     "pagerDutyRoutingKeys": { "payments": "…" } }
 *
 * Two signing secrets are valid together while Slack's is regenerated. PagerDuty's key is needed
 * like the others: without it a page would be lost in silence. Teams' own keys are by name.
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
  /** The key of that name, or the default one; an unknown name gets the default one, too. */
  routingKey(name?: string): Promise<{ readonly key: string; readonly isKnown: boolean }>;
  /** The names that teams' own keys have. */
  routingKeyNames(): Promise<readonly string[]>;
  /** The same, for whoever was refused with what they got: see kept-secret.ts. */
  readonly again: Omit<IntegrationSecrets, 'again'>;
}

const filled = v.pipe(v.string(), v.regex(/^\S+$/u));

const schema = v.looseObject({
  slackBotToken: v.pipe(filled, v.startsWith('xox')),
  slackSigningSecrets: v.pipe(v.array(filled), v.minLength(1), v.maxLength(2)),
  pagerDutyRoutingKey: v.pipe(filled, v.length(32)),
  pagerDutyRoutingKeys: v.optional(v.record(v.string(), v.pipe(filled, v.length(32)))),
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
    routingKey: async (name = 'default') => {
      const { pagerDutyRoutingKey, pagerDutyRoutingKeys = {} } = await contents();
      const own = Object.hasOwn(pagerDutyRoutingKeys, name)
        ? pagerDutyRoutingKeys[name]
        : undefined;
      if (name === 'default') return { key: pagerDutyRoutingKey, isKnown: true };
      return { key: own ?? pagerDutyRoutingKey, isKnown: own !== undefined };
    },
    routingKeyNames: async () => Object.keys((await contents()).pagerDutyRoutingKeys ?? {}),
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
