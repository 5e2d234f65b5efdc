/** A Slack app's manifest, ours in infra/slack-app.yml or one that Slack exports, read loosely. */
import * as v from 'valibot';
import type { SlackApp } from '../domain/account-reads.ts';
import { Permanent } from '../domain/errors.ts';

const url = v.optional(v.nullable(v.string()), null);

/** https://docs.slack.dev/reference/app-manifest (2026-11) */
const schema = v.object({
  features: v.optional(
    v.object({
      slash_commands: v.optional(v.array(v.object({ command: v.string(), url })), []),
    }),
    {},
  ),
  oauth_config: v.optional(
    v.object({ scopes: v.optional(v.object({ bot: v.optional(v.array(v.string()), []) }), {}) }),
    {},
  ),
  settings: v.optional(
    v.object({
      event_subscriptions: v.optional(v.object({ request_url: url }), {}),
      interactivity: v.optional(
        v.object({ is_enabled: v.optional(v.boolean(), true), request_url: url }),
        {},
      ),
    }),
    {},
  ),
});

const ourCommand = '/keyturn';

/** Throws Permanent if it is no manifest. */
export function slackAppIn(manifest: unknown): SlackApp {
  const read = v.safeParse(schema, manifest);
  if (!read.success) {
    const where = read.issues.map((issue) => v.getDotPath(issue) ?? 'as a whole').join(', ');
    throw new Permanent(`the manifest of the Slack app has another form: ${where}`);
  }
  const { features, oauth_config, settings } = read.output;
  const { interactivity, event_subscriptions } = settings;
  const command = features.slash_commands.find(({ command: name }) => name === ourCommand);
  return {
    scopes: oauth_config.scopes.bot,
    urls: {
      interactivity: interactivity.is_enabled ? interactivity.request_url : null,
      commands: command?.url ?? null,
      events: event_subscriptions.request_url,
    },
  };
}
