/** Slack as the doctor asks it: whose token it is, and whether the bot is in the channel. */
import { type FetchFunction, LogLevel, WebClient } from '@slack/web-api';
import type { Answer, SlackReads } from '../domain/account-reads.ts';
import { messageOf } from '../domain/errors.ts';
import { fromSlack } from './slack-error.ts';

interface SlackAccess {
  readonly botToken: () => Promise<string>;
  /** Instead of the network. */
  readonly fetch?: FetchFunction;
}

/**
 * The token needs one of the scopes channels:read and groups:read for the second question; without
 * it that is not known. https://docs.slack.dev/reference/methods/conversations.info (2026-11)
 */
export function slackReads({ botToken, fetch }: SlackAccess): SlackReads {
  const ask = async (method: string, given: Readonly<Record<string, unknown>>) => {
    const client = new WebClient(await botToken(), {
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
    team: () => answered('auth.test', async () => textIn(await ask('auth.test', {}), 'team_id')),
    isIn: async (channel) => {
      const answer = await answered('conversations.info (scope channels:read)', async () => {
        const said: unknown = Reflect.get(await ask('conversations.info', { channel }), 'channel');
        return typeof said === 'object' && said !== null && Reflect.get(said, 'is_member') === true;
      });
      if (answer.read) return answer;
      return answer.problem.includes('channel_not_found') ? { read: true, value: null } : answer;
    },
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

function textIn(said: object, field: string): string {
  const value: unknown = Reflect.get(said, field);
  return typeof value === 'string' ? value : '';
}
