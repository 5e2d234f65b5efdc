/** Conversations with one person each, as Slack keeps them: opened first, then written in. */
import type { Instant } from '../domain/instant.ts';
import type { ShownBlock } from './slack-rules.ts';

/** A message to one person alone. */
export interface DirectMessage {
  readonly slackUserId: string;
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly ShownBlock[];
  readonly at: Instant;
}

type Answer = { readonly ok: boolean; readonly error?: string } & Record<string, unknown>;

export interface Conversations {
  /**
   * Slack says here that nobody can write to somebody any more. The bot itself, and other bots,
   * cannot be written to. https://docs.slack.dev/reference/methods/conversations.open (2026-11)
   */
  open(users: string): Answer;
  has(channel: string): boolean;
  /** Slack's error, if it cannot be written in. */
  tell(channel: string, said: Omit<DirectMessage, 'slackUserId' | 'channel'>): string | undefined;
  told(): readonly DirectMessage[];
  deactivate(slackUserId: string, isGone: boolean): void;
}

export function conversations(): Conversations {
  const opened = new Map<string, string>();
  const gone = new Set<string>();
  const told: DirectMessage[] = [];
  return {
    open: (users) => {
      if (users === '') return no('users_list_not_supplied');
      if (users === 'U0KEYTURN' || users.startsWith('B')) return no('cannot_dm_bot');
      if (!/^[UW][A-Z0-9]{2,20}$/.test(users)) return no('user_not_found');
      if (gone.has(users)) return no('user_disabled');
      const id = `D${users.slice(1)}`;
      const isOpen = opened.has(id);
      opened.set(id, users);
      return { ok: true, ...(isOpen ? { no_op: true, already_open: true } : {}), channel: { id } };
    },
    has: (channel) => opened.has(channel),
    tell: (channel, said) => {
      const slackUserId = opened.get(channel);
      if (slackUserId === undefined) return 'channel_not_found';
      if (gone.has(slackUserId)) return 'is_archived';
      told.push({ slackUserId, channel, ...said });
      return undefined;
    },
    told: () => [...told],
    deactivate: (slackUserId, isGone) => {
      if (isGone) gone.add(slackUserId);
      else gone.delete(slackUserId);
    },
  };
}

function no(error: string): Answer {
  return { ok: false, error };
}
