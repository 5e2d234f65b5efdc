/** The app at Slack: what its token may do, and what its pages say to whoever may read them. */

export interface SlackAppSetup {
  /** Of its token; absent: all that infra/slack-app.yml asks for. */
  readonly scopes?: readonly string[];
  /** A token that may read its pages, as an operator makes one. */
  readonly configuration?: { readonly appId: string; readonly token: string };
  /** What they say. */
  readonly manifest?: object;
  /** Channels that it was not invited to. */
  readonly notIn?: readonly string[];
}

type Answer = { readonly ok: boolean; readonly error?: string } & Record<string, unknown>;

const usualScopes = ['chat:write', 'im:write', 'commands', 'channels:read'] as const;

/** Any one of them is enough. As each method's page says (2026-11). */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
};

export function scopesIn({ scopes = usualScopes }: SlackAppSetup): readonly string[] {
  return scopes;
}

/** Slack's refusal of a method that the token has no scope for. */
export function scopeRefusal(app: SlackAppSetup, method: string): Answer | undefined {
  const needed = scopesOf[method];
  const provided = scopesIn(app);
  if (needed === undefined || needed.some((scope) => provided.includes(scope))) return undefined;
  const told = { needed: needed.join(','), provided: provided.join(',') };
  return { ok: false, error: 'missing_scope', ...told };
}

/** https://docs.slack.dev/reference/methods/apps.manifest.export (2026-11) */
export function exportManifest(
  { configuration, manifest }: SlackAppSetup,
  bearer: string | undefined,
  appId: string | undefined,
): Answer {
  if (configuration === undefined || bearer !== `Bearer ${configuration.token}`) {
    return { ok: false, error: 'not_allowed_token_type' };
  }
  if (appId !== configuration.appId) return { ok: false, error: 'invalid_app_id' };
  return { ok: true, manifest };
}
