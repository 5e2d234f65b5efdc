/**
 * HTTP requests to the Slack endpoint: presses that Slack signed, with their payload damaged, and
 * requests that somebody forged, altered, cut off or sent again. What is genuine is computed here
 * anew; only what is genuine may be read, and nothing of it is quoted.
 */
import { createHmac } from 'node:crypto';
import { slackPressReader } from '../../../adapters/slack-request.ts';
import type { HttpRequest } from '../../../domain/requests.ts';
import { at } from '../contradictions.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';
import {
  decodedBody,
  forgeries,
  genuineForm,
  genuinePress,
  pressForm,
  secrets,
  type TamperedRequest,
  tampered,
  tamperedRequests,
} from './wire.ts';

function requestShape(name: string, share: number, genuine: object): Shape {
  return shapeOf<TamperedRequest>({
    name,
    share,
    cases: tamperedRequests(forgeries.length),
    check: async (given) => {
      const { request, moment } = tampered(genuine, pressForm, given);
      // What is no text at all comes from no HTTP request; it must be turned away all the same.
      const reading = await reader.read(request as HttpRequest, moment);
      const isReal = isGenuine(request, moment);
      must(reading.genuine === isReal, `genuine: ${isReal}`, request);
      const { marks } = tampered(genuine, pressForm, given);
      if (!reading.genuine) {
        must(!quotes(reading.why, marks), 'nothing of a forged request is quoted', reading.why);
        return 'rejected as forged';
      }
      return checkSent(reading.sent, request, marks);
    },
    tell: (given) => tampered(genuine, pressForm, given).marks.join('\n  '),
  });
}

export const slackRequestShape = requestShape('Slack request', 50, genuinePress);
export const slackFormShape = requestShape('Slack form', 30, genuineForm);

const reader = slackPressReader(async () => secrets);

/**
 * By the documentation of Slack alone:
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function isGenuine(request: unknown, moment: string): boolean {
  const headers = at(request, 'headers');
  const found = (name: string) =>
    Object.entries(typeof headers === 'object' && headers !== null ? headers : {}).filter(
      ([each]) => each.toLowerCase() === name,
    );
  const stamps = found('x-slack-request-timestamp');
  const signatures = found('x-slack-signature');
  const [[, stamp] = []] = stamps;
  const [[, signature] = []] = signatures;
  if (stamps.length !== 1 || signatures.length !== 1 || typeof stamp !== 'string') return false;
  const age = Math.abs(Date.parse(moment) / 1000 - Number(stamp));
  if (!/^\d+$/.test(stamp) || !(age <= 300)) return false;
  const body = decodedBody(request);
  if (body === undefined) return false;
  return secrets.some((secret) => {
    const mac = createHmac('sha256', secret).update(`v0:${stamp}:`).update(body).digest('hex');
    return signature === `v0=${mac}`;
  });
}

type Sent = Extract<Awaited<ReturnType<typeof reader.read>>, { genuine: true }>['sent'];

function checkSent(sent: Sent, request: unknown, marks: readonly string[]): CameTo {
  if (!sent.ok) {
    must(sent.problems.length > 0, 'what is refused has problems', sent);
    for (const problem of sent.problems) {
      must(!quotes(problem, marks), 'no problem quotes the body', problem);
      must(problem.length < 300, 'a problem is short', problem);
    }
    return 'rejected';
  }
  const { rotationId, shownVersion, slackUserId, appId, teamId } = sent.value;
  const body = (decodedBody(request) ?? Buffer.alloc(0)).toString('utf8');
  const said: unknown = JSON.parse(new URLSearchParams(body).get('payload') ?? 'null');
  const block = `rot:${rotationId}:${shownVersion}`;
  if (sent.value.sent === 'form') checkForm(sent.value, said, block);
  else checkPlace(sent.value, said, block);
  must(at(said, 'user', 'id') === slackUserId, 'the person is who pressed', sent.value);
  must(at(said, 'api_app_id') === appId, 'the app is the one that asks', sent.value);
  const teams = [at(said, 'team', 'id'), at(said, 'enterprise', 'id')];
  must(teams.includes(teamId), 'the workspace is the one that asks', sent.value);
  return sent.value.sent === 'form' ? 'a form' : 'a press';
}

type Read = Extract<Sent, { ok: true }>['value'];

function checkPlace({ rotationId, message }: Read, said: unknown, block: string): void {
  must(at(said, 'actions', 0, 'block_id') === block, 'the block is the one pressed', said);
  must(at(said, 'actions', 0, 'value') === rotationId, 'the value is the rotation', said);
  const channels = [at(said, 'channel', 'id'), at(said, 'container', 'channel_id')];
  must(
    channels.every((each) => each === message.channel),
    'the channel is the one of the message',
    said,
  );
}

/** What is filled in is what stands in the fields; the rest is what the form remembered. */
function checkForm(
  { message, filled }: Extract<Read, { sent: 'form' }>,
  said: unknown,
  block: string,
): void {
  const kept: unknown = JSON.parse(String(at(said, 'view', 'private_metadata')));
  must(at(kept, 'about') === block, 'the rotation is the one that the form remembers', said);
  const place = [at(kept, 'channel'), at(kept, 'ts')];
  must(place.join() === [message.channel, message.ts].join(), 'so is the message', said);
  must(at(said, 'view', 'callback_id') === `keyturn:form:${filled.form}`, 'it is that form', said);
  const values = at(said, 'view', 'state', 'values');
  if ('until' in filled) {
    const seconds = at(values, 'until', 'until', 'selected_date_time');
    must(Date.parse(filled.until) === Number(seconds) * 1000, 'the moment is the picked one', said);
  }
  if ('reason' in filled) must(!/[\r\n]/.test(filled.reason), 'a reason is one line', filled);
}

/** Long enough that it stands in no sentence by chance. */
function quotes(sentence: string, marks: readonly string[]): boolean {
  const said = marks.flatMap((mark) => /(?:says|is) "(.{8,})"/.exec(mark)?.[1] ?? []);
  return said.some((text) => sentence.includes(text));
}
