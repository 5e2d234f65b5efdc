/**
 * What people press and fill in, as Slack reports it, read from the body of a request that has been
 * verified: a press of a button, of one that opens a form, or a form that was sent.
 * https://docs.slack.dev/reference/interaction-payloads (read November 2026)
 */
import * as v from 'valibot';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { PressReader, Sent, SentOpening, SentPress } from '../domain/requests.ts';
import { formOf, pressOfAction, readBlockId } from './slack-buttons.ts';
import { slackId, teamOf, teams } from './slack-ids.ts';
import { verifyByKept } from './slack-signature.ts';
import { submissionSchema, submitted } from './slack-submission.ts';

/** Reads requests to the Slack endpoint. Two secrets are valid while Slack's is regenerated. */
export function slackPressReader(
  read: () => Promise<readonly string[]>,
  readAgain = read,
): PressReader {
  return {
    read: async (request, now) => {
      const verdict = await verifyByKept(request, { read, readAgain }, now);
      return verdict.genuine ? { genuine: true, sent: parseSlackRequest(verdict.body) } : verdict;
    },
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const pressSchema = v.looseObject({
  type: v.literal('block_actions'),
  api_app_id: slackId,
  ...teams,
  user: v.looseObject({ id: slackId }),
  channel: v.looseObject({ id: slackId }),
  container: v.looseObject({
    type: v.literal('message'),
    message_ts: v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{1,9}$/u)),
    channel_id: slackId,
  }),
  trigger_id: v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/u))),
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

/** What was sent, or everything wrong with the body. No problem quotes what the body says. */
export function parseSlackRequest(body: Buffer): Parsed<Sent> {
  const payload = payloadOf(body);
  if (!payload.ok) return payload;
  const type: unknown = Object(payload.value).type;
  return type === 'view_submission'
    ? read(submissionSchema, payload.value, submitted)
    : read(pressSchema, payload.value, pressIn);
}

function read<const S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  then: (payload: v.InferOutput<S>) => Parsed<Sent>,
): Parsed<Sent> {
  const result = v.safeParse(schema, value);
  if (result.success) return then(result.output);
  const places = result.issues.map((issue) => v.getDotPath(issue) ?? 'the payload as a whole');
  return refused(...new Set(places.map((place) => `${place} is missing or not as Slack sends it`)));
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

function pressIn(payload: v.InferOutput<typeof pressSchema>): Parsed<SentPress | SentOpening> {
  const [action] = payload.actions;
  const press = pressOfAction(action?.action_id ?? '');
  const form = formOf(action?.action_id ?? '');
  const shown = readBlockId(action?.block_id ?? '');
  const teamId = teamOf(payload);
  const triggerId = payload.trigger_id;
  const problems = [
    ...(press === undefined && form === undefined
      ? ['actions.0.action_id is none of Keyturn’s buttons']
      : []),
    ...(shown === undefined ? ['actions.0.block_id names no rotation and version'] : []),
    ...(shown !== undefined && action?.value !== shown.rotationId
      ? ['actions.0.value and actions.0.block_id name different rotations']
      : []),
    ...(teamId === undefined ? ['neither team nor enterprise is named'] : []),
    ...(form !== undefined && triggerId === undefined ? ['trigger_id is missing'] : []),
    ...(payload.channel.id === payload.container.channel_id
      ? []
      : ['channel.id and container.channel_id differ']),
  ];
  if (problems.length > 0 || shown === undefined || teamId === undefined) {
    return refused(...problems);
  }
  const from = {
    appId: payload.api_app_id,
    teamId,
    message: { channel: payload.channel.id, ts: payload.container.message_ts },
    slackUserId: payload.user.id,
    ...shown,
  };
  if (press !== undefined) return parsed({ sent: 'press', ...from, press });
  return form === undefined || triggerId === undefined
    ? refused(...problems)
    : parsed({ sent: 'opening', ...from, form, triggerId });
}
