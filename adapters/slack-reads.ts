/**
 * Slack as the doctor asks it: whose token it is, what it may do, how the bot stands to channels,
 * and, with a token for that, what the app's pages say. It only reads.
 */
import { type FetchFunction, LogLevel, type WebAPICallResult, WebClient } from '@slack/web-api';
import type { Answer, ChannelStanding, SlackReads } from '../domain/account-reads.ts';
import { messageOf, Permanent } from '../domain/errors.ts';
import { fromSlack } from './slack-error.ts';
import { slackAppIn } from './slack-manifest.ts';

interface SlackAccess {
  readonly botToken: () => Promise<string>;
  /** The app's id, and a configuration token: a bot may not read what the app's pages say. */
  readonly configuration?: { readonly appId: string; readonly token: string };
  /** Instead of the network. */
  readonly fetch?: FetchFunction;
}

/**
 * The token needs one of the scopes channels:read and groups:read for the standing in a channel;
 * without it that is not known.
 * https://docs.slack.dev/reference/methods/conversations.info
 * https://docs.slack.dev/reference/methods/apps.manifest.export (2026-11)
 */
export function slackReads({ botToken, configuration, fetch }: SlackAccess): SlackReads {
  const ask = async (
    method: string,
    given: Readonly<Record<string, unknown>>,
    token: () => Promise<string> = botToken,
  ): Promise<WebAPICallResult> => {
    const client = new WebClient(await token(), {
      timeout: 2500,
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logLevel: LogLevel.ERROR,
      retryConfig: { retries: 0 },
      ...(fetch === undefined ? {} : { fetch }),
    });
    return client.apiCall(method, given);
  };
  return {
    token: () =>
      answered('auth.test', async () => {
        const said = await ask('auth.test', {});
        return { team: textIn(said, 'team_id'), scopes: scopesIn(said) };
      }),
    standing: async (channel) => {
      const answer = await answered('conversations.info (scope channels:read)', async () =>
        standingIn(await ask('conversations.info', { channel })),
      );
      if (answer.read) return answer;
      return answer.problem.includes('channel_not_found') ? { read: true, value: null } : answer;
    },
    ...(configuration === undefined
      ? {}
      : {
          app: () =>
            answered('apps.manifest.export (a configuration token of the app)', async () => {
              const { appId: app_id, token } = configuration;
              const said = await ask('apps.manifest.export', { app_id }, async () => token);
              return slackAppIn(Reflect.get(said, 'manifest'));
            }),
        }),
  };
}

async function answered<T>(action: string, read: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { read: true, value: await read() };
  } catch (error) {
    const problem = messageOf(fromSlack(action, error));
    return { read: false, action, denied: problem.includes('missing_scope'), problem };
  }
}

/**
 * Slack names the scopes of a token in a header of every answer, from where its client takes them.
 * https://docs.slack.dev/authentication/tokens (2026-11)
 */
function scopesIn({ response_metadata: told }: WebAPICallResult): readonly string[] {
  if (told?.scopes !== undefined) return told.scopes;
  throw new Permanent('Slack does not say which scopes the token has; try again');
}

function standingIn(said: WebAPICallResult): ChannelStanding {
  const channel: unknown = Reflect.get(said, 'channel');
  const is = (flag: string) => Reflect.get(Object(channel), flag) === true;
  if (is('is_archived')) return 'archived';
  return is('is_member') ? 'joined' : 'not joined';
}

function textIn(said: object, field: string): string {
  const value: unknown = Reflect.get(said, field);
  return typeof value === 'string' ? value : '';
}
