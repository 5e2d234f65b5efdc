/**
 * What people ask in Slack, read from the body of a request that has been verified: a slash command
 * is a form, an event is JSON. No problem quotes what the body says.
 * https://docs.slack.dev/interactivity/implementing-slash-commands (2026-11)
 * https://docs.slack.dev/reference/events/app_home_opened (2026-11)
 */
import * as v from 'valibot';
import type { Inquiry, InquiryReader } from '../domain/inquiry.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import { verifyByKept } from './slack-signature.ts';

/** Reads requests to Slack's endpoints for commands and events. */
export function slackInquiryReader(
  read: () => Promise<readonly string[]>,
  readAgain = read,
): InquiryReader {
  return {
    read: async (request, now) => {
      const verdict = await verifyByKept(request, { read, readAgain }, now);
      return verdict.genuine ? { genuine: true, sent: parseInquiry(verdict.body) } : verdict;
    },
  };
}

const id = v.pipe(v.string(), v.regex(/^[A-Z0-9]{3,32}$/u));
const person = v.pipe(v.string(), v.regex(/^[UW][A-Z0-9]{2,31}$/u));

/** Slack lets people type some thousand characters; no question of ours has as many. */
const mostTyped = 4000;

const command = v.object({
  command: v.literal('/keyturn'),
  text: v.optional(v.pipe(v.string(), v.maxLength(mostTyped)), ''),
  user_id: person,
  api_app_id: v.optional(id),
  team_id: v.optional(id),
  enterprise_id: v.optional(id),
});

/** The body, or everything wrong with it. */
export function parseInquiry(body: Buffer): Parsed<Inquiry> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return refused('the body is not UTF-8');
  }
  return text.startsWith('{') ? parseEvent(text) : parseCommand(new URLSearchParams(text));
}

function parseCommand(form: URLSearchParams): Parsed<Inquiry> {
  // Slack looks at the certificate now and then, and asks for nothing.
  if (form.get('ssl_check') === '1') return parsed({ kind: 'nothing' });
  const names = Object.keys(command.entries);
  const twice = names.filter((name) => form.getAll(name).length > 1);
  if (twice.length > 0) return refused(...twice.map((name) => `${name} is there twice`));
  const given = names.flatMap((name) => {
    const value = form.get(name);
    // In a workspace that is in no organisation, the field of that is there and empty.
    return value === null || (value === '' && name !== 'text') ? [] : [[name, value]];
  });
  const read = v.safeParse(command, Object.fromEntries(given));
  if (!read.success) return refused(...problemsOf(read.issues));
  const { text, user_id, api_app_id, team_id, enterprise_id } = read.output;
  const teamId = team_id ?? enterprise_id;
  if (teamId === undefined) return refused('neither team_id nor enterprise_id is there');
  return parsed({
    kind: 'command',
    ...{ appId: api_app_id, teamId, slackUserId: user_id, typed: text },
  });
}

const challenge = v.looseObject({
  type: v.literal('url_verification'),
  challenge: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/u)),
});

const callback = v.looseObject({
  type: v.literal('event_callback'),
  api_app_id: v.optional(id),
  team_id: v.nullish(id),
  enterprise_id: v.nullish(id),
  event: v.looseObject({ type: v.string() }),
});

const homeOpened = v.looseObject({
  type: v.literal('app_home_opened'),
  user: person,
  tab: v.optional(v.string()),
});

const envelope = v.variant('type', [challenge, callback]);

function parseEvent(text: string): Parsed<Inquiry> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message would quote the body.
    return refused('the body is neither a form nor JSON');
  }
  const read = v.safeParse(envelope, json);
  if (!read.success) return refused(...problemsOf(read.issues));
  if (read.output.type === 'url_verification') {
    return parsed({ kind: 'challenge', challenge: read.output.challenge });
  }
  const { event, api_app_id, team_id, enterprise_id } = read.output;
  // Of the events, one is subscribed to; whatever else comes is heard and asks for nothing.
  if (event.type !== 'app_home_opened') return parsed({ kind: 'nothing' });
  const opened = v.safeParse(homeOpened, event);
  if (!opened.success) return refused(...problemsOf(opened.issues, 'event.'));
  if (opened.output.tab !== undefined && opened.output.tab !== 'home') {
    return parsed({ kind: 'nothing' });
  }
  const teamId = team_id ?? enterprise_id ?? undefined;
  if (teamId === undefined) return refused('neither team_id nor enterprise_id is there');
  return parsed({
    kind: 'home opened',
    ...{ appId: api_app_id, teamId, slackUserId: opened.output.user },
  });
}

function problemsOf(issues: readonly v.BaseIssue<unknown>[], before = ''): readonly string[] {
  const places = issues.map((issue) => v.getDotPath(issue) ?? 'the body as a whole');
  return [...new Set(places.map((each) => `${before}${each} is missing or not as Slack sends it`))];
}
