/**
 * Slack on a laptop: the part of the Web API that Keyturn calls, behind a `fetch`, so that the very
 * adapter that speaks to Slack speaks to this. Strict: wrong tokens, channels, arguments and blocks
 * get Slack's own errors, and what is not modelled gets unknown_method or invalid_arguments.
 */
import type { FetchFunction } from '@slack/web-api';
import { slackLimits } from '../adapters/slack-limits.ts';
import { type Instant, toMillis } from '../domain/instant.ts';
import { rule, ruleHome, ruleView, type ShownBlock, type ShownView } from './slack-rules.ts';
import { readTrigger } from './slack-trigger.ts';

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

/** A form that somebody has before them. */
export interface ShownModal {
  readonly slackUserId: string;
  readonly openedAt: Instant;
  readonly view: ShownView;
}

export type SlackFailure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'rate limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'error'; readonly error: string };

export interface SlackSetup {
  readonly now: () => Instant;
  readonly botToken: string;
  readonly appId: string;
  readonly teamId: string;
  readonly channel: { readonly id: string; readonly name: string };
  /** Who is in the channel; absent: everybody. */
  readonly members?: readonly string[];
}

export interface SlackStandIn {
  readonly fetch: FetchFunction;
  readonly setup: SlackSetup;
  /** Everything in the channel and its threads, oldest first. */
  messages(): readonly ShownMessage[];
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
  readonly modals: ShownModal[];
  readonly triggers: Set<string>;
  readonly history: Showing[];
  readonly homes: Map<string, readonly ShownBlock[]>;
  count: number;
}

const taken: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'conversations.info': ['channel'],
  'chat.postMessage': ['channel', 'text', 'blocks', 'thread_ts', 'unfurl_links', 'unfurl_media'],
  'chat.update': ['channel', 'ts', 'text', 'blocks'],
  'chat.postEphemeral': ['channel', 'user', 'text', 'blocks'],
  'views.open': ['trigger_id', 'view'],
  'views.publish': ['user_id', 'view'],
};

/** A Slack with one workspace, one app, one channel, and nothing in it yet. */
export function slackStandIn(setup: SlackSetup): SlackStandIn {
  const room: Room = {
    setup,
    messages: new Map(),
    homes: new Map(),
    whispers: [],
    modals: [],
    triggers: new Set(),
    history: [],
    count: 0,
  };
  let failure: SlackFailure | null = null;
  let calls = 0;
  const fetch: FetchFunction = async (url, request) => {
    calls += 1;
    return (failure === null ? null : failed(failure)) ?? json(serve(room, String(url), request));
  };
  return {
    fetch,
    setup,
    messages: () => [...room.messages.values()],
    message: (ts) => room.messages.get(ts),
    whispers: () => [...room.whispers],
    modals: () => [...room.modals],
    home: (slackUserId) => room.homes.get(slackUserId),
    history: () => [...room.history],
    fail: (how) => {
      failure = how;
    },
    remove: (ts) => {
      room.messages.delete(ts);
    },
    calls: () => calls,
  };
}

function failed(failure: SlackFailure): Response {
  switch (failure.kind) {
    case 'unreachable':
      throw Object.assign(new Error('fetch failed'), { code: 'ECONNREFUSED' });
    case 'status':
      return new Response('upstream trouble', { status: failure.status });
    case 'rate limited': {
      const headers = { 'retry-after': String(failure.retryAfterSeconds) };
      return new Response('', { status: 429, headers });
    }
    case 'error':
      return json(no(failure.error));
  }
}

function json(answer: Answer): Response {
  return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });
}

function serve(room: Room, url: string, request: Parameters<FetchFunction>[1]): Answer {
  const methods: Readonly<Record<string, Method>> = {
    'auth.test': () => ({ ok: true, team_id: room.setup.teamId, user_id: 'U0KEYTURN' }),
    'conversations.info': (given) => channelInfo(room, given),
    'chat.postMessage': (given) => postMessage(room, given),
    'chat.update': (given) => updateMessage(room, given),
    'chat.postEphemeral': (given) => postEphemeral(room, given),
    'views.open': (given) => openView(room, given),
    'views.publish': (given) => publishHome(room, given),
  };
  const name = url.replace('https://slack.com/api/', '');
  const method = methods[name];
  const known = taken[name];
  if (method === undefined || known === undefined) return no('unknown_method');
  const given = new Map(new URLSearchParams(String(request?.body ?? '')));
  given.delete('token');
  const extra = [...given.keys()].filter((key) => !known.includes(key));
  if (extra.length > 0) return no('invalid_arguments', extra);
  const bearer = request?.headers?.Authorization;
  if (bearer === undefined) return no('not_authed');
  return bearer === `Bearer ${room.setup.botToken}` ? method(given) : no('invalid_auth');
}

/** The bot is a member unless the channel lists who is. */
function channelInfo(room: Room, given: Arguments): Answer {
  const { channel, members } = room.setup;
  if (given.get('channel') !== channel.id) return no('channel_not_found');
  const isMember = members === undefined || members.includes('U0KEYTURN');
  return { ok: true, channel: { ...channel, is_member: isMember } };
}

function postMessage(room: Room, given: Arguments): Answer {
  const { id, name } = room.setup.channel;
  const channel = given.get('channel');
  if (channel !== id && channel !== `#${name}`) return no('channel_not_found');
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
  if (given.get('channel') !== room.setup.channel.id) return no('channel_not_found');
  const ts = given.get('ts') ?? '';
  const message = room.messages.get(ts);
  if (message === undefined) return no('message_not_found');
  const content = contentOf(given);
  if (!content.ok) return content.answer;
  const { text, blocks } = content;
  room.messages.set(ts, { ...message, text, blocks, edits: message.edits + 1 });
  const { threadTs } = message;
  room.history.push({ at: room.setup.now(), ts, threadTs, text, how: 'updated' });
  return { ok: true, channel: message.channel, ts, text };
}

function postEphemeral(room: Room, given: Arguments): Answer {
  const { channel, members, now } = room.setup;
  if (given.get('channel') !== channel.id) return no('channel_not_found');
  const user = given.get('user') ?? '';
  if (members !== undefined && !members.includes(user)) return no('user_not_in_channel');
  const content = contentOf(given);
  if (!content.ok) return content.answer;
  room.whispers.push({ channel: channel.id, slackUserId: user, text: content.text, at: now() });
  return { ok: true, message_ts: nextTs(room) };
}

/** A trigger is good once, and for 3 s. https://docs.slack.dev/reference/methods/views.open */
function openView(room: Room, given: Arguments): Answer {
  const trigger = given.get('trigger_id') ?? '';
  const known = readTrigger(trigger);
  if (known === undefined) return no('invalid_trigger_id');
  const now = room.setup.now();
  if (toMillis(now) - known.atMillis > 3000) return no('expired_trigger_id');
  if (room.triggers.has(trigger)) return no('exchanged_trigger_id');
  const ruling = ruleView(given.get('view'));
  if (!ruling.ok) return no(ruling.error, ruling.messages);
  room.triggers.add(trigger);
  const { slackUserId } = known;
  room.modals.push({ slackUserId, openedAt: now, view: ruling.view });
  return { ok: true, view: { id: `V${room.modals.length}`, ...ruling.view } };
}

/** https://docs.slack.dev/reference/methods/views.publish */
function publishHome({ homes }: Room, given: Arguments): Answer {
  const user = given.get('user_id') ?? '';
  if (!/^[UW][A-Z0-9]{2,31}$/u.test(user)) return no('user_not_found');
  const ruling = ruleHome(given.get('view'));
  if (!ruling.ok) return no(ruling.error, ruling.messages);
  homes.set(user, ruling.blocks);
  return { ok: true, view: { type: 'home', id: `V0${user}` } };
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
