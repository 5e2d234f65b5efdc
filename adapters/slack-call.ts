/** One call to Slack, made once and soon given up. */
import { type FetchFunction, LogLevel, WebClient } from '@slack/web-api';
import { fromSlack } from './slack-error.ts';

export interface SlackAccess {
  /** Asked for at every call, so that a rotated one is picked up. */
  readonly botToken: () => Promise<string>;
  /** Instead of the network. */
  readonly fetch?: FetchFunction;
  readonly timeoutMillis: number;
}

/** Makes calls; `tried` is a sentence's start. Throws Transient or Permanent. */
export function slackCaller({ botToken, fetch, timeoutMillis }: SlackAccess) {
  return async (tried: string, method: string, given: object): Promise<object> => {
    const client = new WebClient(await botToken(), {
      timeout: timeoutMillis,
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logLevel: LogLevel.ERROR,
      retryConfig: { retries: 0 },
      ...(fetch === undefined ? {} : { fetch }),
    });
    try {
      return await client.apiCall(method, { ...given });
    } catch (error) {
      throw fromSlack(tried, error);
    }
  };
}
