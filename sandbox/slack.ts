/**
 * Slack on a laptop: the part of the Web API that Keyturn calls, behind a `fetch`, so that the very
 * adapter that speaks to Slack speaks to this. Strict: wrong tokens, channels, arguments and blocks
 * get Slack's own errors, and what is not modelled gets unknown_method or invalid_arguments.
 */
import type { FetchFunction } from '@slack/web-api';
import { slackLimits } from '../adapters/slack-limits.ts';
import { type Instant, toMillis } from '../domain/instant.ts';
import { exportManifest, type SlackAppSetup, scopeRefusal, scopesIn } from './slack-app.ts';
import { type Conversations, conversations, type DirectMessage } from './slack-conversations.ts';
import { failed, type SlackFailure, strikes } from './slack-failure.ts';
import { rule, type ShownBlock } from './slack-rules.ts';
import { type ShownModal, type Views, views } from './slack-views.ts';

/** A message as people in the channel see it now. */
export interface ShownMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly ShownBlock[];
  /** The message whose thread it stands in; null for one in the channel itself. */
  readonly threadTs: string | null;
  readonly postedAt: Instant;
  readonly edits: number;
}

/** What a message said from some moment on. It is kept although the message goes. */
export interface Showing {
  readonly at: Instant;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly text: string;
  readonly how: 'posted' | 'updated';
}

/** What only one person sees. */
export interface Whispered {
  readonly channel: string;
  readonly slackUserId: string;
  readonly text: string;
  readonly at: Instant;
}

export interface SlackSetup {
  readonly now: () => Instant;
  readonly botToken: string;
  readonly appId: string;
  readonly teamId: string;
  readonly channel: { readonly id: string; readonly name: string };
  /** Channels of teams, beside it. */
  readonly channels?: readonly { readonly id: string; readonly name: string }[];
  /** Who is in the channel; absent: everybody. */
  readonly members?: readonly string[];
  readonly app?: SlackAppSetup;
}

export interface SlackStandIn {
  readonly fetch: FetchFunction;
  readonly setup: SlackSetup;
  /** Everything in the channels and their threads, oldest first. */
  messages(): readonly ShownMessage[];
  /** Everything that persons were told alone, oldest first. */
  directs(): readonly DirectMessage[];
  message(ts: string): ShownMessage | undefined;
  whispers(): readonly Whispered[];
  /** Every form that was shown, oldest first. */
  modals(): readonly ShownModal[];
  /** What a person's Home tab of the app shows; undefined while nothing was published. */
  home(slackUserId: string): readonly ShownBlock[] | undefined;
  /** Everything that the channel ever showed, oldest first. */
  history(): readonly Showing[];
  /** Every call from now on fails like this, until null mends it. */
  fail(how: SlackFailure | null): void;
  /** Somebody archives a channel, or takes it out of the archive. */
  archive(channel: string, isArchived?: boolean): void;
  /** Somebody leaves the company, or comes back. */
  deactivate(slackUserId: string, isGone?: boolean): void;
  /** The workspace's owner takes the token away, and gives another one. */
  changeToken(botToken: string): void;
  /** Somebody deletes a message. */
  remove(ts: string): void;
  /** How many calls arrived, failed ones too. */
  calls(): number;
}

type Arguments = ReadonlyMap<string, string>;
type Answer = { readonly ok: boolean; readonly error?: string } & Record<string, unknown>;
type Method = (given: Arguments) => Answer;

interface Room {
  readonly setup: SlackSetup;
  readonly messages: Map<string, ShownMessage>;
  readonly whispers: Whispered[];
  readonly history: Showing[];
  readonly views: Views;
  readonly persons: Conversations;
  readonly archived: Set<string>;
  botToken: string;
  count: number;
}

const taken: Readonly<Record<string, readonly string[]>> = {
  'apps.manifest.export': ['app_id'],
  'auth.test': [],
  'conversations.info': ['channel'],
  'conversations.open': ['users'],
  'chat.postMessage': ['channel', 'text', 'blocks', 'thread_ts', 'unfurl_links', 'unfurl_media'],
  'chat.update': ['channel', 'ts', 'text', 'blocks'],
  'chat.postEphemeral': ['channel', 'user', 'text', 'blocks'],
  'views.open': ['trigger_id', 'view'],
  'views.publish': ['user_id', 'view'],
};

/** A Slack with one workspace, one app, some channels, and nothing in them yet. */
export function slackStandIn(setup: SlackSetup): SlackStandIn {
  const room = emptyRoom(setup);
  let failure: SlackFailure | null = null;
  let calls = 0;
  const fetch: FetchFunction = async (url, request) => {
    calls += 1;
    const struck = failure !== null && strikes(failure, String(url), String(request?.body ?? ''));
    if (struck && failure !== null) return failed(failure);
    return json(room, serve(room, String(url), request));
  };
  return {
    fetch,
    setup,
    messages: () => [...room.messages.values()],
    message: (ts) => room.messages.get(ts),
    directs: () => room.persons.told(),
    whispers: () => [...room.whispers],
    modals: () => room.views.modals(),
    home: (slackUserId) => room.views.home(slackUserId),
    history: () => [...room.history],
    fail: (how) => {
      failure = how;
    },
    archive: (channel, isArchived = true) => {
      if (isArchived) room.archived.add(channel);
      else room.archived.delete(channel);
    },
    deactivate: (slackUserId, isGone = true) => room.persons.deactivate(slackUserId, isGone),
    changeToken: (botToken) => {
      room.botToken = botToken;
    },
    remove: (ts) => {
      room.messages.delete(ts);
    },
    calls: () => calls,
  };
}

function emptyRoom(setup: SlackSetup): Room {
  return {
    setup,
    messages: new Map(),
    whispers: [],
    history: [],
    views: views(setup.now),
    persons: conversations(),
    archived: new Set(),
    botToken: setup.botToken,
    count: 0,
  };
}

function json({ setup }: Room, answer: Answer): Response {
  const scopes = scopesIn(setup.app ?? {}).join(',');
  const headers = { 'content-type': 'application/json', 'x-oauth-scopes': scopes };
  return new Response(JSON.stringify(answer), { headers });
}

function serve(room: Room, url: string, request: Parameters<FetchFunction>[1]): Answer {
  const { app = {} } = room.setup;
  const bearer = request?.headers?.Authorization;
  const methods: Readonly<Record<string, Method>> = {
    'apps.manifest.export': (given) => exportManifest(app, bearer, given.get('app_id')),
    'auth.test': () => ({ ok: true, team_id: room.setup.teamId, user_id: 'U0KEYTURN' }),
    'conversations.info': (given) => channelInfo(room, given),
    'conversations.open': (given) => room.persons.open(given.get('users') ?? ''),
    'chat.postMessage': (given) => postMessage(room, given),
    'chat.update': (given) => updateMessage(room, given),
    'chat.postEphemeral': (given) => postEphemeral(room, given),
    'views.open': (given) => room.views.open(given),
    'views.publish': (given) => room.views.publish(given),
  };
  const name = url.replace('https://slack.com/api/', '');
  const method = methods[name];
  const known = taken[name];
  if (method === undefined || known === undefined) return no('unknown_method');
  const given = new Map(new URLSearchParams(String(request?.body ?? '')));
  given.delete('token');
  const extra = [...given.keys()].filter((key) => !known.includes(key));
  if (extra.length > 0) return no('invalid_arguments', extra);
  if (bearer === undefined) return no('not_authed');
  const isBots = name !== 'apps.manifest.export';
  if (isBots && bearer !== `Bearer ${room.botToken}`) return no('invalid_auth');
  return scopeRefusal(app, name) ?? method(given);
}

/** The bot is a member unless the channel lists who is. */
function channelInfo(room: Room, given: Arguments): Answer {
  const { members, app } = room.setup;
  const channel = channelIn(room, given.get('channel'));
  if (channel === undefined) return no('channel_not_found');
  const isInvited = app?.notIn?.includes(channel.id) !== true;
  const isMember = isInvited && (members === undefined || members.includes('U0KEYTURN'));
  const isArchived = room.archived.has(channel.id);
  return { ok: true, channel: { ...channel, is_member: isMember, is_archived: isArchived } };
}

function channelsIn({ setup }: Room): readonly { readonly id: string; readonly name: string }[] {
  return [setup.channel, ...(setup.channels ?? [])];
}

function channelIn(room: Room, id: string | undefined) {
  return channelsIn(room).find((each) => each.id === id);
}

function postDirectly(room: Room, channel: string, given: Arguments): Answer {
  const content = contentOf(given);
  if (!content.ok) return content.answer;
  const { text, blocks } = content;
  const ts = nextTs(room);
  const refused = room.persons.tell(channel, { text, blocks, at: room.setup.now() });
  return refused === undefined ? { ok: true, channel, ts } : no(refused);
}

function postMessage(room: Room, given: Arguments): Answer {
  const channel = given.get('channel') ?? '';
  if (room.persons.has(channel)) return postDirectly(room, channel, given);
  const found = channelsIn(room).find((each) => each.id === channel || `#${each.name}` === channel);
  if (found === undefined) return no('channel_not_found');
  const { id } = found;
  if (room.archived.has(id)) return no('is_archived');
  const content = contentOf(given);
  if (!content.ok) return content.answer;
  const threadTs = given.get('thread_ts') ?? null;
  if (threadTs !== null && !room.messages.has(threadTs)) return no('thread_not_found');
  const ts = nextTs(room);
  const { text, blocks } = content;
  const postedAt = room.setup.now();
  room.messages.set(ts, { channel: id, ts, text, blocks, threadTs, postedAt, edits: 0 });
  room.history.push({ at: postedAt, ts, threadTs, text, how: 'posted' });
  return { ok: true, channel: id, ts };
}

/** Sending `text` alone takes the blocks away; a channel's name is not enough here. */
function updateMessage(room: Room, given: Arguments): Answer {
  const channel = channelIn(room, given.get('channel'));
  if (channel === undefined) return no('channel_not_found');
  const ts = given.get('ts') ?? '';
  const message = room.messages.get(ts);
  if (message?.channel !== channel.id) return no('message_not_found');
  if (room.archived.has(channel.id)) return no('is_archived');
  const content = contentOf(given);
  if (!content.ok) return content.answer;
  const { text, blocks } = content;
  room.messages.set(ts, { ...message, text, blocks, edits: message.edits + 1 });
  const { threadTs } = message;
  room.history.push({ at: room.setup.now(), ts, threadTs, text, how: 'updated' });
  return { ok: true, channel: message.channel, ts, text };
}

function postEphemeral(room: Room, given: Arguments): Answer {
  const { members, now } = room.setup;
  const channel = channelIn(room, given.get('channel'));
  if (channel === undefined) return no('channel_not_found');
  const user = given.get('user') ?? '';
  if (members !== undefined && !members.includes(user)) return no('user_not_in_channel');
  const content = contentOf(given);
  if (!content.ok) return content.answer;
  room.whispers.push({ channel: channel.id, slackUserId: user, text: content.text, at: now() });
  return { ok: true, message_ts: nextTs(room) };
}

type Content =
  | { readonly ok: true; readonly text: string; readonly blocks: readonly ShownBlock[] }
  | { readonly ok: false; readonly answer: Answer };

function contentOf(given: Arguments): Content {
  const text = given.get('text') ?? '';
  const ruling = rule(given.get('blocks'));
  if (!ruling.ok) return { ok: false, answer: no(ruling.error, ruling.messages) };
  if (text === '' && ruling.blocks.length === 0) return { ok: false, answer: no('no_text') };
  if (text.length > slackLimits.textRefused) return { ok: false, answer: no('msg_too_long') };
  return { ok: true, text, blocks: ruling.blocks };
}

function nextTs(room: Room): string {
  room.count += 1;
  const seconds = Math.floor(toMillis(room.setup.now()) / 1000);
  return `${seconds}.${String(room.count).padStart(6, '0')}`;
}

function no(error: string, messages: readonly string[] = []): Answer {
  return { ok: false, error, ...(messages.length > 0 ? { response_metadata: { messages } } : {}) };
}
