/** Calls of Slack's Web API, each made once more at most, with the token that is valid now. */
import {
  type FetchFunction,
  LogLevel,
  type WebAPICallResult,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import { fromSlack, isTokenRefused } from './slack-error.ts';

export interface SlackAccess {
  /** Asked for at every call, so that a rotated one is picked up. */
  readonly botToken: () => Promise<string>;
  /** The same, read anew: asked for where Slack has just refused it. */
  readonly botTokenAgain?: () => Promise<string>;
  /** Instead of the network: the sandbox's Slack. */
  readonly fetch?: FetchFunction;
  /** How often a call is made once more, after real time has passed; 1 unless said otherwise. */
  readonly retries?: number;
  /** What a call may take; 2500 unless said otherwise. */
  readonly timeoutMillis?: number;
}

/** Throws Transient or Permanent; `tried` is how its message begins. */
export type SlackCall = (
  tried: string,
  method: string,
  given: Readonly<Record<string, unknown>>,
) => Promise<WebAPICallResult>;

/** Nothing is logged from in here: the client's own log lines could carry parts of a request. */
const silence = () => undefined;
const silent = {
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
  setLevel: silence,
  getLevel: () => LogLevel.ERROR,
  setName: silence,
};

/** Before a call is made once more, in milliseconds. */
const pause = { minTimeout: 100, maxTimeout: 100 };

const options: WebClientOptions = {
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
  logger: silent,
};

/** A token that Slack refuses is read anew at once: somebody may have put another one there. */
export function slackCalls(access: SlackAccess): SlackCall {
  const clientWith = clients(access);
  return async (tried, method, given) => {
    const make = async (token: string) => {
      try {
        return await clientWith(token).apiCall(method, given);
      } catch (error) {
        throw fromSlack(tried, error);
      }
    };
    const token = await access.botToken();
    try {
      return await make(token);
    } catch (error) {
      if (!isTokenRefused(error)) throw error;
      const fresh = (await access.botTokenAgain?.()) ?? token;
      if (fresh === token) throw error;
      return make(fresh);
    }
  };
}

/** One client for as long as the token stays the same. */
function clients({
  fetch,
  retries = 1,
  timeoutMillis = 2500,
}: SlackAccess): (token: string) => WebClient {
  let made: { readonly token: string; readonly client: WebClient } | undefined;
  return (token) => {
    if (made?.token !== token) {
      const retryConfig = { ...pause, retries };
      const own = {
        ...options,
        timeout: timeoutMillis,
        retryConfig,
        ...(fetch === undefined ? {} : { fetch }),
      };
      made = { token, client: new WebClient(token, own) };
    }
    return made.client;
  };
}
