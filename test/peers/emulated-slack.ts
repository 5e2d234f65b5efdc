/**
 * A Slack Web API that was not written here: the pinned `emulate`, over HTTP on a free port of this
 * machine. The hub's own adapter calls it; only where `slack.com` leads is changed, in the `fetch`.
 *
 * Its known faults, for which no test may rely on it: it takes 51 blocks, unknown types of blocks
 * and section texts of 3001 characters, limits no rate, and sends nobody's presses. What a message
 * may be is therefore asked of our own limits (sandbox/slack-rules.ts), and a press is made from
 * what is read out of it (sandbox/clicker.ts).
 */
import type { FetchFunction } from '@slack/web-api';
import { createEmulator } from 'emulate';
import * as v from 'valibot';
import type { Person } from '../../domain/people.ts';
import { people } from '../../sandbox/settings.ts';
import { rule, type ShownBlock } from '../../sandbox/slack-rules.ts';

/** A message as it is read back, its blocks found to be within Slack's limits. */
export interface ReadMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly ShownBlock[];
  readonly isEdited: boolean;
}

/** One call, as it was answered. */
export interface AnsweredCall {
  readonly method: string;
  /** What it was asked to say, where it was. */
  readonly text: string | null;
  readonly error: string | null;
}

export interface EmulatedSlack {
  /** For the hub, instead of the network. */
  readonly fetch: FetchFunction;
  readonly teamId: string;
  readonly channel: string;
  /** The sandbox's people, under the ids that they have there. */
  readonly people: readonly Person[];
  readonly calls: readonly AnsweredCall[];
  /** The id of somebody who is in the workspace and is not mapped. */
  readonly stranger: string;
  /** The messages of the channel, newest first. */
  history(): Promise<readonly ReadMessage[]>;
  /** A message's thread, oldest first, without the message itself. */
  thread(ts: string): Promise<readonly ReadMessage[]>;
  /** As a person of the workspace does by hand: any method, with that person's rights. */
  byHand(method: string, given: Readonly<Record<string, string>>): Promise<unknown>;
  close(): Promise<void>;
}

/** What the app is installed with, and no more: emulate checks it (strict_scopes). */
const botScopes = ['chat:write'];
const readerToken = 'a-reader-of-the-channel';
const channelName = 'access-keys';

const named = v.array(v.looseObject({ id: v.string(), name: v.string() }));
const listed = {
  users: v.looseObject({ members: named }),
  channels: v.looseObject({ channels: named }),
  team: v.looseObject({ team: v.looseObject({ id: v.string() }) }),
};
const messages = v.looseObject({
  ok: v.literal(true),
  messages: v.array(
    v.looseObject({
      ts: v.string(),
      text: v.string(),
      blocks: v.optional(v.array(v.unknown())),
      edited: v.optional(v.unknown()),
    }),
  ),
});

/** Starts it, with one channel in which everybody is. Closing it is the caller's. */
export async function emulatedSlack(botToken: string): Promise<EmulatedSlack> {
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        strict_scopes: true,
        users: [...Object.keys(people), 'mallory', 'keyturn'].map((name) => ({ name })),
        channels: [{ name: channelName }],
        tokens: [
          { token: botToken, type: 'bot', user: 'keyturn', scopes: botScopes },
          { token: readerToken, user: 'sam' },
        ],
      },
    },
  });
  const calls: AnsweredCall[] = [];
  const byHand = async (method: string, given: Readonly<Record<string, string>>) => {
    const headers = { authorization: `Bearer ${readerToken}` };
    const body = new URLSearchParams(given);
    const response = await fetch(`${emulator.url}/api/${method}`, {
      ...{ method: 'POST', headers, body },
    });
    return response.json();
  };
  const users = v.parse(listed.users, await byHand('users.list', {})).members;
  const channels = v.parse(listed.channels, await byHand('conversations.list', {})).channels;
  const { team } = v.parse(listed.team, await byHand('team.info', {}));
  const channel = idOf(channels, channelName);
  const read = async (method: string, given: Readonly<Record<string, string>>) =>
    v
      .parse(messages, await byHand(method, { channel, limit: '200', ...given }))
      .messages.map((each) => asShown(channel, each));
  return {
    fetch: redirected(emulator.url, calls),
    teamId: team.id,
    channel,
    people: Object.entries(people).map(([name, person]) => ({
      ...person,
      slackUserId: idOf(users, name),
    })),
    calls,
    stranger: idOf(users, 'mallory'),
    history: () => read('conversations.history', {}),
    thread: async (ts) => {
      const all = await read('conversations.replies', { ts });
      return all.filter((each) => each.ts !== ts);
    },
    byHand,
    close: () => emulator.close(),
  };
}

function idOf(all: v.InferOutput<typeof named>, name: string): string {
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new Error(`emulate knows no ${name}`);
  return found.id;
}

/** Slack's address leads to the emulator; whatever else is called fails. */
function redirected(url: string, calls: AnsweredCall[]): FetchFunction {
  const slack = 'https://slack.com/api/';
  return async (address, request) => {
    if (!String(address).startsWith(slack)) throw new Error(`${address} is not Slack’s`);
    const method = String(address).slice(slack.length);
    const response = await fetch(`${url}/api/${method}`, request as RequestInit);
    const said: unknown = await response.clone().json();
    const isOk = v.is(v.looseObject({ ok: v.literal(true) }), said);
    const refusal = v.safeParse(v.looseObject({ error: v.string() }), said);
    const error = isOk ? null : refusal.success ? refusal.output.error : 'an unnamed error';
    calls.push({ method, text: new URLSearchParams(String(request?.body)).get('text'), error });
    return response;
  };
}

type ToldMessage = v.InferOutput<typeof messages>['messages'][number];

/** Throws if our own limits refuse it: the emulator would not. */
function asShown(channel: string, { ts, text, blocks = [], edited }: ToldMessage): ReadMessage {
  const ruling = rule(blocks.length === 0 ? undefined : JSON.stringify(blocks));
  if (!ruling.ok) throw new Error(`Slack would refuse ${ts}: ${ruling.messages.join('; ')}`);
  return { channel, ts, text, blocks: ruling.blocks, isEdited: edited !== undefined };
}
