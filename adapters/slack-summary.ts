/** The daily summary as a message in a team's channel, and the keys of the day in its thread. */

import type { Told } from '../domain/answer.ts';
import { messageOf, Permanent } from '../domain/errors.ts';
import { shortKey } from '../domain/key.ts';
import type { ObservedKey } from '../domain/lists.ts';
import type { MessagePlace } from '../domain/ports.ts';
import { reasons, stageWords } from '../domain/status-text.ts';
import { dueSoon, type Listed, type Summary, whoActs } from '../domain/summary.ts';
import { cutText, oneLine } from './cut-text.ts';
import { row } from './slack-answers.ts';
import { mrkdwn, ownerName } from './slack-blocks.ts';
import { type SlackAccess, slackCalls } from './slack-calls.ts';
import { slackDate } from './slack-date.ts';
import { isChannelRefused } from './slack-error.ts';
import { codeText, cutEscaped, escapeSlack, plainText } from './slack-escape.ts';
import { slackLimits } from './slack-limits.ts';
import { type Block, plain, type SlackMessage } from './slack-message.ts';

/** How much of a reason is shown; the rotation's own message has all of it. */
const reasonRoom = 250;
const gapRoom = 220;

export interface SummaryChannel extends Omit<SlackAccess, 'timeoutMillis'> {
  /** The id of the default channel. */
  readonly channel: string;
  /** Is told of a channel that cannot be posted in, and why. */
  readonly onRefused?: (channel: string, problem: string) => void;
}

/** Throws Transient or Permanent. */
export function slackSummary({ channel: usual, onRefused, ...access }: SummaryChannel) {
  const call = slackCalls({ ...access, retries: 0, timeoutMillis: 5000 });
  const still = { unfurl_links: false, unfurl_media: false };
  const post = async (channel: string, { text, blocks }: SlackMessage): Promise<MessagePlace> => {
    const message = { channel, ...still, text, blocks };
    const said = await call('post the summary of the day', 'chat.postMessage', message);
    const [where, ts] = [Reflect.get(said, 'channel'), Reflect.get(said, 'ts')];
    if (typeof where === 'string' && typeof ts === 'string') return { channel: where, ts };
    throw new Permanent('post the summary of the day: Slack does not say where it is');
  };
  return {
    summary: async (summary: Summary, channel = usual): Promise<MessagePlace> => {
      const message = summaryMessage(summary);
      try {
        return await post(channel, message);
      } catch (error) {
        if (channel === usual || !isChannelRefused(error)) throw error;
        onRefused?.(channel, messageOf(error));
        const reason: Block = { type: 'section', text: plain(meantFor(channel), 300) };
        return post(usual, { ...message, blocks: [...message.blocks, reason] });
      }
    },
    observed: async (place: MessagePlace, keys: readonly ObservedKey[]): Promise<void> => {
      const thread = { channel: place.channel, thread_ts: place.ts, ...still };
      const message = { ...thread, ...observedMessage(keys) };
      await call('list the observed keys of the day', 'chat.postMessage', message);
    },
  };
}

function meantFor(channel: string): string {
  return `This is the summary for the channel ${channel}, which cannot be posted in.`;
}

/** The whole summary; `text` is what a notification shows and a screen reader reads. */
export function summaryMessage(summary: Summary): SlackMessage {
  const { day, counts, due, held, isAnyObserved, uncovered } = summary;
  const standing =
    counts.length === 0
      ? 'No key is being rotated.'
      : `${counts.map(({ stage, count }) => `${stageWords(stage)}: ${count}`).join('; ')}.`;
  const dueCount = due.told.length + due.more;
  const heldCount = held.told.length + held.more;
  const soon = `Deadlines within ${dueSoon.hours} hours: ${dueCount}`;
  const waiting = `On hold until somebody acts: ${heldCount}`;
  const observed = isAnyObserved ? [observedLine] : [];
  const notSeen = uncovered.gaps.length + uncovered.more;
  const uncoveredLine = `The inventory does not cover everything: ${notSeen}`;
  const ends = [...(notSeen > 0 ? [`${uncoveredLine}.`] : []), ...observed];
  const sentence = [`Key rotations on ${day}.`, standing, `${soon}.`, `${waiting}.`, ...ends];
  return {
    text: plainText(sentence.join(' '), slackLimits.text),
    blocks: [
      { type: 'header', text: plain(`Key rotations on ${day}`, slackLimits.header) },
      { type: 'section', text: plain(standing, slackLimits.sectionText) },
      ...part(soon, due, dueRow),
      ...part(waiting, held, heldRow),
      ...(notSeen > 0 ? uncoveredPart(uncoveredLine, uncovered) : []),
      ...observed.map((line): Block => ({ type: 'section', text: plain(line, 300) })),
    ],
  };
}

const observedLine =
  'Stale keys were seen for the first time that policy only observes: the thread lists them. ' +
  'Nothing is rotated; rotate them by hand, or change the mode.';

function part(title: string, { told, more }: Listed, render: (told: Told) => string): Block[] {
  if (told.length === 0) return [];
  const last = more === 0 ? [] : [`And ${more} more.`];
  return [
    { type: 'section', text: mrkdwn(`*${title}*`) },
    ...told.map((each): Block => ({ type: 'section', text: mrkdwn(render(each)) })),
    ...last.map((line): Block => ({ type: 'context', elements: [mrkdwn(line)] })),
  ];
}

/** Plain text, cut: what went wrong may be in anybody's words. */
function uncoveredPart(title: string, { gaps, more }: Summary['uncovered']): Block[] {
  const last = more === 0 ? [] : [`and ${more} more`];
  const lines = [...gaps, ...last].map((line) => `• ${cutText(line, gapRoom)}`);
  return [
    { type: 'section', text: mrkdwn(`*${title}*`) },
    { type: 'section', text: plain(lines.join('\n'), slackLimits.sectionText) },
  ];
}

function dueRow(told: Told): string {
  return `${row(told)}\n${toAct(told)}`;
}

function heldRow(told: Told): string {
  const { rotation } = told;
  const { stage } = rotation;
  const since = stage.name === 'held' ? [`On hold since ${slackDate(stage.since)}`] : [];
  const why = reasons(rotation).map((reason) => codeText(reason, reasonRoom));
  return [row(told), ...since, ...why, toAct(told)].join('\n');
}

function toAct({ rotation }: Told): string {
  const { owner, others } = whoActs(rotation);
  const who = [
    ...(owner ? [rotation.owner.known ? ownerName(rotation) : 'its owner, who is unknown'] : []),
    ...(others === null ? [] : [cutEscaped(escapeSlack(others), 100)]),
  ];
  return who.length === 0 ? 'Nobody has to act' : `To act: ${who.join(', or ')}`;
}

/** Stale keys that are only observed, each on a line. */
export function observedMessage(keys: readonly ObservedKey[]): SlackMessage {
  const lines = keys.map(({ keyId, account, userName }) => {
    const name = codeText(`${account}/${userName}`, 100);
    return `• ${codeText(shortKey(keyId), 20)} of ${name}`;
  });
  const plainly = keys.map(
    ({ keyId, account, userName }) => `${shortKey(keyId)} of ${account}/${userName}`,
  );
  return {
    text: plainText(oneLine(`Stale, and only observed: ${plainly.join('; ')}`), slackLimits.text),
    blocks: [{ type: 'section', text: mrkdwn(lines.join('\n')) }],
  };
}
