/**
 * Slack as Keyturn writes to it: the rotation's one message, its thread, news for teams, messages
 * to one person, and answers that only one person sees. Every call is made once more at most and
 * ends within seconds; what then failed is tried again from the journal. A token that is refused is
 * read anew at once; where a channel is refused, the default channel is posted in.
 */
import type { WebAPICallResult } from '@slack/web-api';
import type { Rotation } from '../domain/case.ts';
import { Permanent } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { MessagePlace, Messenger, Notice, Whisper } from '../domain/ports.ts';
import { newsMessage, rotationMessage } from './slack-blocks.ts';
import { type SlackAccess, type SlackCall, slackCalls } from './slack-calls.ts';
import { callingMessage, directMessage } from './slack-direct.ts';
import { isChannelRefused } from './slack-error.ts';
import type { SlackMessage } from './slack-message.ts';

export interface SlackSettings extends SlackAccess {
  /** The id of the default channel (C… or G…). */
  readonly channel: string;
  /** Is told of a channel that cannot be posted in, and why. */
  readonly onRefused?: (channel: string, problem: string) => void;
}

/** What is posted shows no previews of links. */
const unfurl = { unfurl_links: false, unfurl_media: false } as const;

/** The Slack messenger. Throws Transient or Permanent as slack-error.ts says. */
export function slackNotifier(settings: SlackSettings): Messenger & Whisper {
  const call = slackCalls(settings);
  const post = poster(settings, call);
  const openedWith = directChannels(call);
  return {
    post: (rotation: Rotation, now: Instant) =>
      post(
        `post the message of rotation ${rotation.id}`,
        rotation.policy.channel,
        rotationMessage(rotation, now),
      ),
    update: async (place: MessagePlace, rotation: Rotation, now: Instant) => {
      const message = { ...place, ...rotationMessage(rotation, now) };
      await call(`update the message of rotation ${rotation.id}`, 'chat.update', message);
    },
    reply: async (place: MessagePlace, news: string, whom?: string) => {
      const thread = { channel: place.channel, thread_ts: place.ts };
      const message = { ...thread, ...unfurl, ...said(news, whom) };
      await call('reply in the thread of a message', 'chat.postMessage', message);
    },
    tellTeam: async (news: string, { channel, whom } = {}) => {
      await post('tell the team', channel, said(news, whom));
    },
    tellPerson: async (slackUserId: string, notices: readonly Notice[]) => {
      const channel = await openedWith(slackUserId);
      const message = { channel, ...unfurl, ...directMessage(notices, settings.channel) };
      await call(`write to ${slackUserId}`, 'chat.postMessage', message);
    },
    whisper: async (where: string, user: string, text: string) => {
      const message = { channel: where, user, ...newsMessage(text) };
      await call('answer a person who pressed a button', 'chat.postEphemeral', message);
    },
  };
}

function said(news: string, whom: string | undefined): SlackMessage {
  return whom === undefined ? newsMessage(news) : callingMessage(news, whom);
}

/** Posts in a channel, `default` or none being the default one, which stands in for all others. */
function poster({ channel: usual, onRefused }: SlackSettings, call: SlackCall) {
  return async (tried: string, named: string | undefined, message: SlackMessage) => {
    const postIn = async (channel: string) =>
      placeOf(tried, await call(tried, 'chat.postMessage', { channel, ...unfurl, ...message }));
    const channel = named === undefined || named === 'default' ? usual : named;
    try {
      return await postIn(channel);
    } catch (error) {
      if (channel === usual || !isChannelRefused(error)) throw error;
      onRefused?.(channel, error instanceof Error ? error.message : '');
      return postIn(usual);
    }
  };
}

/**
 * The conversation with one person, opened before it is written in: that alone says whether the
 * person can still be written to (user_disabled, user_not_found, cannot_dm_bot), and one that is
 * open already is given back.
 * https://docs.slack.dev/reference/methods/conversations.open (2026-11), scope im:write
 */
export function directChannels(call: SlackCall): (slackUserId: string) => Promise<string> {
  return async (slackUserId) => {
    const tried = `open a conversation with ${slackUserId}`;
    const result = await call(tried, 'conversations.open', { users: slackUserId });
    const opened: unknown = Reflect.get(Object(Reflect.get(result, 'channel')), 'id');
    if (typeof opened === 'string') return opened;
    throw new Permanent(`${tried}: Slack opened it without saying which; look at the app's scopes`);
  };
}

/** Where the message is: the channel's id as Slack answered, whatever it was called by. */
function placeOf(tried: string, result: WebAPICallResult): MessagePlace {
  const { channel, ts } = result as { readonly channel?: unknown; readonly ts?: unknown };
  if (typeof channel === 'string' && typeof ts === 'string') return { channel, ts };
  throw new Permanent(`${tried}: Slack accepted it without saying where; look in the channel`);
}
