/**
 * The secrets of Slack and PagerDuty, read at run time and kept in memory for some minutes: from
 * one secret, or parameter of Parameter Store, that holds all, or from one for each, so that
 * whoever needs one of them can read no other. No error quotes what they hold.
 *
 *   { "slackBotToken": "…", "slackSigningSecrets": ["…"], "pagerDutyRoutingKey": "…",
 *     "pagerDutyRoutingKeys": { "payments": "…" } }
 *
 * Two signing secrets are valid together while Slack's is regenerated. PagerDuty's key is needed
 * like the others: without it a page would be lost in silence. Teams' own keys are by name.
 */
import * as v from 'valibot';
import {
  type Connection,
  type ConnectionNames,
  heldByName,
  shapeOf,
} from '../domain/connections.ts';
import { Bug, Permanent } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import type { AwsConnection } from './aws-connection.ts';
import { type Kept, keptSecret } from './kept-secret.ts';
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

const parts = {
  slackToken: v.object({ slackBotToken: v.pipe(filled, v.startsWith('xox')) }),
  slackSigning: v.object({
    slackSigningSecrets: v.pipe(v.array(filled), v.minLength(1), v.maxLength(2)),
  }),
  pagerDuty: v.object({
    pagerDutyRoutingKey: v.pipe(filled, v.length(32)),
    pagerDutyRoutingKeys: v.optional(v.record(v.string(), v.pipe(filled, v.length(32))), {}),
  }),
} as const;

/** What one secret holds: those parts that it is to hold. */
type Held = { readonly [Part in Connection]?: v.InferOutput<(typeof parts)[Part]> };

/**
 * Reads each when first asked, then every five minutes. Throws Transient or Permanent; whoever asks
 * for what they named no secret for has a bug.
 */
export function integrationSecrets(
  connection: AwsConnection,
  names: Partial<ConnectionNames>,
  clock: Pick<Clock, 'now'>,
): IntegrationSecrets {
  const readText = credentialText(connection);
  const what = 'the integration secret';
  const secrets = new Map<string, Kept<Held>>();
  for (const [secretId, held] of heldByName(names)) {
    const parse = (json: unknown) => contentsIn(json, secretId, held);
    secrets.set(secretId, keptSecret(clock, readText, { secretId, what, parse }));
  }
  const of = (part: Connection) => secrets.get(names[part] ?? '');
  return {
    ...eachOf(async (part) => of(part)?.read()),
    again: eachOf(async (part) => of(part)?.readAgain()),
  };
}

type Read = (part: Connection) => Promise<Held | undefined>;

function eachOf(read: Read): IntegrationSecrets['again'] {
  const routingKeys = async () => there(await read('pagerDuty'), 'pagerDuty');
  return {
    botToken: async () => there(await read('slackToken'), 'slackToken').slackBotToken,
    signingSecrets: async () =>
      there(await read('slackSigning'), 'slackSigning').slackSigningSecrets,
    routingKey: async (name = 'default') => {
      const { pagerDutyRoutingKey, pagerDutyRoutingKeys } = await routingKeys();
      if (name === 'default') return { key: pagerDutyRoutingKey, isKnown: true };
      const own = Object.hasOwn(pagerDutyRoutingKeys, name)
        ? pagerDutyRoutingKeys[name]
        : undefined;
      return { key: own ?? pagerDutyRoutingKey, isKnown: own !== undefined };
    },
    routingKeyNames: async () => Object.keys((await routingKeys()).pagerDutyRoutingKeys),
  };
}

function there<Part extends Connection>(
  held: Held | undefined,
  part: Part,
): NonNullable<Held[Part]> {
  const found = held?.[part];
  if (found != null) return found;
  throw new Bug(`no integration secret was named for ${part}`);
}

/** Every part that it is to hold, or an error that names all that is wrong with any. */
function contentsIn(json: unknown, secretId: string, held: readonly Connection[]): Held {
  const read = {
    slackToken: v.safeParse(parts.slackToken, json),
    slackSigning: v.safeParse(parts.slackSigning, json),
    pagerDuty: v.safeParse(parts.pagerDuty, json),
  };
  const issues = held.flatMap((part): readonly v.BaseIssue<unknown>[] => read[part].issues ?? []);
  if (issues.length === 0) {
    const { slackToken, slackSigning, pagerDuty } = read;
    return {
      ...(slackToken.success ? { slackToken: slackToken.output } : {}),
      ...(slackSigning.success ? { slackSigning: slackSigning.output } : {}),
      ...(pagerDuty.success ? { pagerDuty: pagerDuty.output } : {}),
    };
  }
  const places = new Set(issues.map((issue) => v.getDotPath(issue) ?? 'the JSON as a whole'));
  const paging = held.includes('pagerDuty')
    ? ", PagerDuty's key of 32 characters too, since what wakes people goes there"
    : '';
  throw new Permanent(
    `the integration secret ${secretId} is not usable: ${[...places].join(', ')} missing or ` +
      `malformed. It has to hold ${shapeOf(held)}; each is needed${paging}.`,
  );
}
