/**
 * Slack as Keyturn writes to it: the rotation's one message, its thread, news for the team, and
 * answers that only one person sees. Every call is made once more at most and ends within seconds;
 * what then failed is tried again from the journal.
 */
import {
  type FetchFunction,
  LogLevel,
  type WebAPICallResult,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import type { Rotation } from '../domain/case.ts';
import { Permanent } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { MessagePlace, Messenger, Whisper } from '../domain/ports.ts';
import { newsMessage, rotationMessage } from './slack-blocks.ts';
import { fromSlack, isTokenRefused } from './slack-error.ts';
import type { SlackMessage } from './slack-message.ts';

export interface SlackSettings {
  /** The bot token, asked for at every call so that a rotated one is picked up. */
  readonly botToken: () => Promise<string>;
  /** The same, read anew: asked for where Slack refused the token. */
  readonly botTokenAgain?: () => Promise<string>;
  /** The id of the team's channel (C… or G…). */
  readonly channel: string;
  /** Instead of the network: the sandbox's Slack. */
  readonly fetch?: FetchFunction;
  /** How often a call is made once more, after real time has passed; 1 unless said otherwise. */
  readonly retries?: number;
}

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
  timeout: 2500,
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
  logger: silent,
};

/** What is posted shows no previews of links. */
const unfurl = { unfurl_links: false, unfurl_media: false } as const;

/** The Slack messenger. Throws Transient or Permanent as slack-error.ts says. */
export function slackNotifier(settings: SlackSettings): Messenger & Whisper {
  const client = slackClient(settings);
  const { channel } = settings;

  const post = async (tried: string, message: SlackMessage, more: object = {}) =>
    placeOf(
      tried,
      await slackCall(tried, async () =>
        (await client()).apiCall('chat.postMessage', { channel, ...unfurl, ...message, ...more }),
      ),
    );

  return {
    post: (rotation: Rotation, now: Instant) =>
      post(`post the message of rotation ${rotation.id}`, rotationMessage(rotation, now)),
    update: async (place: MessagePlace, rotation: Rotation, now: Instant) => {
      const message = { ...place, ...rotationMessage(rotation, now) };
      await slackCall(`update the message of rotation ${rotation.id}`, async () =>
        (await client()).apiCall('chat.update', message),
      );
    },
    reply: async (place: MessagePlace, news: string) => {
      const thread = { channel: place.channel, thread_ts: place.ts };
      await post('reply in the thread of a message', newsMessage(news), thread);
    },
    tellTeam: async (news: string) => {
      await post('tell the team', newsMessage(news));
    },
    whisper: async (where: string, user: string, text: string) => {
      const message = { channel: where, user, ...newsMessage(text) };
      await slackCall('answer a person who pressed a button', async () =>
        (await client()).apiCall('chat.postEphemeral', message),
      );
    },
  };
}

/** One client for as long as the token stays the same; a refused token is read once more. */
export function slackClient({
  botToken,
  botTokenAgain,
  fetch,
  retries = 1,
}: Omit<SlackSettings, 'channel'>) {
  let made: { readonly token: string; readonly client: WebClient } | undefined;
  const clientWith = (token: string): WebClient => {
    if (made?.token !== token) {
      const retryConfig = { ...pause, retries };
      const own = { ...options, retryConfig, ...(fetch === undefined ? {} : { fetch }) };
      made = { token, client: new WebClient(token, own) };
    }
    return made.client;
  };
  return async (): Promise<Pick<WebClient, 'apiCall'>> => ({
    apiCall: async (method, given) => {
      const token = await botToken();
      try {
        return await clientWith(token).apiCall(method, given);
      } catch (error) {
        if (!isTokenRefused(error)) throw error;
        const exchanged = (await botTokenAgain?.()) ?? token;
        if (exchanged === token) throw error;
        return clientWith(exchanged).apiCall(method, given);
      }
    },
  });
}

/** Makes a call; what it throws is Transient or Permanent as slack-error.ts says. */
export async function slackCall(
  tried: string,
  make: () => Promise<WebAPICallResult>,
): Promise<WebAPICallResult> {
  try {
    return await make();
  } catch (error) {
    throw fromSlack(tried, error);
  }
}

/** Where the message is: the channel's id as Slack answered, whatever it was called by. */
function placeOf(tried: string, result: WebAPICallResult): MessagePlace {
  const { channel, ts } = result as { readonly channel?: unknown; readonly ts?: unknown };
  if (typeof channel === 'string' && typeof ts === 'string') return { channel, ts };
  throw new Permanent(`${tried}: Slack accepted it without saying where; look in the channel`);
}
