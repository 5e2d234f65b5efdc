/** Slack as one person of the sandbox sees it: the channels, what is said to them alone, a form. */
import type { ShownMessage } from '../slack.ts';
import type { World } from '../world.ts';
import type { FormView, MessageView, SlackView } from './view.ts';

/** More than anybody scrolls through. */
const mostMessages = 60;
const mostAlone = 30;

export interface SlackAsked {
  readonly slackUserId: string;
  /** Only this message; null: all of them. */
  readonly ts: string | null;
}

/** `closed`: forms that were taken or closed, by their index. */
export function slackView(
  { slack }: World,
  { slackUserId, ts }: SlackAsked,
  closed: ReadonlySet<number>,
): SlackView {
  const all = slack.messages();
  const channel = all.filter(
    (message) => message.threadTs === null && (ts === null || message.ts === ts),
  );
  const shown = channel.slice(-mostMessages).reverse();
  const threads = threadsOf(all, new Set(shown.map((message) => message.ts)));
  const alone = [
    ...slack
      .whispers()
      .filter((each) => each.slackUserId === slackUserId)
      .map(({ at, text }) => ({ at, how: 'ephemeral' as const, text, blocks: [] })),
    ...slack
      .directs()
      .filter((each) => each.slackUserId === slackUserId)
      .map(({ at, text, blocks }) => ({ at, how: 'direct' as const, text, blocks })),
  ];
  return {
    messages: shown.map((message) => messageView(message, threads.get(message.ts) ?? [])),
    older: channel.length - shown.length,
    alone: alone.toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, mostAlone),
    form: openForm(slack.modals(), slackUserId, closed),
  };
}

function threadsOf(
  all: readonly ShownMessage[],
  shown: ReadonlySet<string>,
): ReadonlyMap<string, readonly ShownMessage[]> {
  const replies = all.filter(({ threadTs }) => threadTs !== null && shown.has(threadTs));
  return Map.groupBy(replies, ({ threadTs }) => threadTs ?? '');
}

function messageView(message: ShownMessage, replies: readonly ShownMessage[]): MessageView {
  const { ts, channel, postedAt, text, blocks, edits } = message;
  const rotation = /Rotation `([0-9a-f-]{36})`/.exec(JSON.stringify(blocks))?.[1] ?? null;
  return {
    ts,
    channel,
    at: postedAt,
    text,
    blocks,
    edits,
    rotation,
    replies: replies.map((reply) => ({
      ts: reply.ts,
      at: reply.postedAt,
      text: reply.text,
      blocks: reply.blocks,
    })),
  };
}

/** The form that somebody has before them: the latest one that is neither taken nor closed. */
function openForm(
  modals: ReturnType<World['slack']['modals']>,
  slackUserId: string,
  closed: ReadonlySet<number>,
): FormView | null {
  const index = modals.findLastIndex(
    (modal, at) => modal.slackUserId === slackUserId && !closed.has(at),
  );
  const modal = modals[index];
  return modal === undefined ? null : { index, view: modal.view };
}
