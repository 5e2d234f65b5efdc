/**
 * A press of a button as Slack reports it, read from the body of a request that has been verified.
 * https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
 */
import * as v from 'valibot';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { PressReader, SentPress } from '../domain/requests.ts';
import { pressOfAction, readBlockId } from './slack-buttons.ts';
import { verifySlackRequest } from './slack-signature.ts';

/** Reads requests to the Slack endpoint. Two secrets are valid while Slack's is regenerated. */
export function slackPressReader(signingSecrets: () => Promise<readonly string[]>): PressReader {
  return {
    read: async (request, now) => {
      const verdict = verifySlackRequest(request, await signingSecrets(), now);
      return verdict.genuine ? { genuine: true, sent: parseSlackPress(verdict.body) } : verdict;
    },
  };
}

const id = v.pipe(v.string(), v.regex(/^[A-Z0-9]{3,32}$/u));
const holder = v.looseObject({ id });

const payloadSchema = v.looseObject({
  type: v.literal('block_actions'),
  api_app_id: id,
  team: v.nullish(holder),
  enterprise: v.nullish(holder),
  user: holder,
  channel: holder,
  container: v.looseObject({
    type: v.literal('message'),
    message_ts: v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{1,9}$/u)),
    channel_id: id,
  }),
  actions: v.pipe(
    v.array(
      v.looseObject({
        type: v.literal('button'),
        action_id: v.string(),
        block_id: v.string(),
        value: v.string(),
      }),
    ),
    v.length(1),
  ),
});

/** The press, or everything wrong with the body. No problem quotes what the body says. */
export function parseSlackPress(body: Buffer): Parsed<SentPress> {
  const payload = payloadOf(body);
  if (!payload.ok) return payload;
  const read = v.safeParse(payloadSchema, payload.value);
  if (!read.success) {
    const places = read.issues.map((issue) => v.getDotPath(issue) ?? 'the payload as a whole');
    return refused(
      ...new Set(places.map((place) => `${place} is missing or not as Slack sends it`)),
    );
  }
  return pressIn(read.output);
}

function payloadOf(body: Buffer): Parsed<unknown> {
  let form: URLSearchParams;
  try {
    form = new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return refused('the body is not UTF-8');
  }
  const payloads = form.getAll('payload');
  const [payload] = payloads;
  if (payload === undefined || payloads.length !== 1) {
    return refused('the body is not a form with exactly one field "payload"');
  }
  try {
    return parsed(JSON.parse(payload));
  } catch {
    // The parser's own message would quote the payload.
    return refused('the field "payload" is not JSON');
  }
}

function pressIn(payload: v.InferOutput<typeof payloadSchema>): Parsed<SentPress> {
  const [action] = payload.actions;
  const press = pressOfAction(action?.action_id ?? '');
  const shown = readBlockId(action?.block_id ?? '');
  const teamId = payload.team?.id ?? payload.enterprise?.id;
  const problems = [
    ...(press === undefined ? ['actions.0.action_id is none of Keyturn’s buttons'] : []),
    ...(shown === undefined ? ['actions.0.block_id names no rotation and version'] : []),
    ...(shown !== undefined && action?.value !== shown.rotationId
      ? ['actions.0.value and actions.0.block_id name different rotations']
      : []),
    ...(teamId === undefined ? ['neither team nor enterprise is named'] : []),
    ...(payload.channel.id === payload.container.channel_id
      ? []
      : ['channel.id and container.channel_id differ']),
  ];
  if (problems.length > 0 || press === undefined || shown === undefined || teamId === undefined) {
    return refused(...problems);
  }
  return parsed({
    appId: payload.api_app_id,
    teamId,
    message: { channel: payload.channel.id, ts: payload.container.message_ts },
    slackUserId: payload.user.id,
    press,
    ...shown,
  });
}
