/**
 * Keys that become findings soon, as Slack messages to one person alone or in a channel. Names of
 * users stand in plain_text; nothing of a key but the end of its id is shown.
 */
import { warningLine, warningText, warningTitle, whatToDoEarly } from '../domain/early-warning.ts';
import type { Instant } from '../domain/instant.ts';
import type { ApproachingKey } from '../domain/lists.ts';
import { ownerWanted } from '../domain/notice-text.ts';
import { oneLine } from './cut-text.ts';
import { mrkdwn } from './slack-blocks.ts';
import { type SlackAccess, slackCalls } from './slack-calls.ts';
import { cutEscaped, mention, plainText } from './slack-escape.ts';
import { slackLimits } from './slack-limits.ts';
import { type Block, plain, type SlackMessage } from './slack-message.ts';
import { directChannels } from './slack-notifier.ts';

/** So that twenty keys fit into one section. */
const lineRoom = 140;

export interface WarningChannel extends Omit<SlackAccess, 'timeoutMillis' | 'retries'> {
  /** The id of the default channel. */
  readonly channel: string;
}

/** Throws Transient or Permanent. */
export function slackWarnings({ channel: usual, ...access }: WarningChannel) {
  const call = slackCalls({ ...access, retries: 0, timeoutMillis: 5000 });
  const openedWith = directChannels(call);
  const post = async (channel: string, message: SlackMessage) => {
    const still = { unfurl_links: false, unfurl_media: false };
    const tried = 'tell of keys that become findings soon';
    await call(tried, 'chat.postMessage', { channel, ...still, ...message });
  };
  return {
    person: async (slackUserId: string, keys: readonly ApproachingKey[], now: Instant) => {
      await post(await openedWith(slackUserId), warningMessage(keys, now));
    },
    channel: async (
      named: string,
      keys: readonly ApproachingKey[],
      now: Instant,
      whom?: string,
    ): Promise<void> => {
      const message = warningMessage(keys, now, whom === undefined ? 'owner wanted' : { whom });
      await post(named === 'default' ? usual : named, message);
    },
  };
}

/** `text` is what a notification shows and a screen reader reads: all of it, in plain words. */
export function warningMessage(
  keys: readonly ApproachingKey[],
  now: Instant,
  calling?: 'owner wanted' | { readonly whom: string },
): SlackMessage {
  const lines = keys.map((key) => `• ${plainText(oneLine(warningLine(key, now)), lineRoom)}`);
  const isWanted = calling === 'owner wanted';
  const called = calling === undefined || isWanted ? undefined : mention(calling.whom);
  const whole = [warningText(keys, now), ...(isWanted ? [ownerWanted] : [])].join(' ');
  const said = plainText(oneLine(whole), slackLimits.text - 40);
  const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text) });
  const all = cutEscaped(lines.join('\n'), slackLimits.sectionText);
  return {
    text: called === undefined ? said : `${called}: ${said}`,
    blocks: [
      { type: 'header', text: plain(warningTitle(keys), slackLimits.header) },
      ...(called === undefined ? [] : [section(`${called}:`)]),
      { type: 'section', text: { type: 'plain_text', text: all, emoji: false } },
      { type: 'section', text: plain(whatToDoEarly, slackLimits.sectionText) },
      ...(isWanted
        ? [{ type: 'section', text: plain(ownerWanted, slackLimits.sectionText) } as const]
        : []),
    ],
  };
}
