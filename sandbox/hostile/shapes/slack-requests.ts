/**
 * HTTP requests to the Slack endpoint: presses that Slack signed, with their payload damaged, and
 * requests that somebody forged, altered, cut off or sent again. What is genuine is computed here
 * anew; only what is genuine may be read, and nothing of it is quoted.
 */
import { createHmac } from 'node:crypto';
import { slackPressReader } from '../../../adapters/slack-request.ts';
import { plus } from '../../../domain/instant.ts';
import type { HttpRequest } from '../../../domain/requests.ts';
import { bitten } from '../bites.ts';
import { at } from '../contradictions.ts';
import { chosen } from '../examples.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';
import {
  decodedBody,
  forgeries,
  genuinePress,
  now,
  pressForm,
  secrets,
  sentAs,
  type TamperedRequest,
  tamperedRequests,
} from './wire.ts';

export const slackRequestShape: Shape = shapeOf<TamperedRequest>({
  name: 'Slack request',
  share: 80,
  cases: tamperedRequests(forgeries.length),
  check: async (given) => {
    const { request, moment } = requestOf(given);
    // What is no text at all comes from no HTTP request; it must be turned away all the same.
    const reading = await reader.read(request as HttpRequest, moment);
    const genuine = isGenuine(request, moment);
    must(reading.genuine === genuine, `genuine: ${genuine}`, request);
    if (!reading.genuine) {
      must(!quotes(reading.why, given), 'nothing of a forged request is quoted', reading.why);
      return 'rejected as forged';
    }
    return checkSent(reading.sent, request, given);
  },
  tell: (given) => requestOf(given).marks.join('\n  '),
});

const reader = slackPressReader(async () => secrets);

function requestOf({ payloadBites, forgery, requestBites }: TamperedRequest) {
  const payload = bitten(genuinePress, payloadBites);
  const forge = forgery < forgeries.length ? chosen(forgeries, forgery) : undefined;
  const signed = sentAs(pressForm(payload.value));
  const forged = forge === undefined ? { request: signed, after: 0 } : forge.make(signed);
  const request = bitten(forged.request, requestBites);
  return {
    request: request.value,
    moment: plus(now, { seconds: forged.after }),
    marks: [...payload.marks, forge?.name ?? 'as Slack sends it', ...request.marks],
  };
}

/**
 * By the documentation of Slack alone:
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
function isGenuine(request: unknown, moment: string): boolean {
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

function checkSent(sent: Sent, request: unknown, given: TamperedRequest): CameTo {
  if (!sent.ok) {
    must(sent.problems.length > 0, 'what is refused has problems', sent);
    for (const problem of sent.problems) {
      must(!quotes(problem, given), 'no problem quotes the body', problem);
      must(problem.length < 300, 'a problem is short', problem);
    }
    return 'rejected';
  }
  const { rotationId, shownVersion, slackUserId, message, appId, teamId } = sent.value;
  const body = (decodedBody(request) ?? Buffer.alloc(0)).toString('utf8');
  const said: unknown = JSON.parse(new URLSearchParams(body).get('payload') ?? 'null');
  const block = `rot:${rotationId}:${shownVersion}`;
  must(at(said, 'actions', 0, 'block_id') === block, 'the block is the one pressed', sent.value);
  must(at(said, 'actions', 0, 'value') === rotationId, 'the value is the rotation', sent.value);
  must(at(said, 'user', 'id') === slackUserId, 'the person is who pressed', sent.value);
  must(at(said, 'api_app_id') === appId, 'the app is the one that asks', sent.value);
  const teams = [at(said, 'team', 'id'), at(said, 'enterprise', 'id')];
  must(teams.includes(teamId), 'the workspace is the one that asks', sent.value);
  const channels = [at(said, 'channel', 'id'), at(said, 'container', 'channel_id')];
  must(
    channels.every((each) => each === message.channel),
    'the channel is the one of the message',
    sent.value,
  );
  return 'a press';
}

/** Long enough that it stands in no sentence by chance. */
function quotes(sentence: string, given: TamperedRequest): boolean {
  const { marks } = requestOf(given);
  const said = marks.flatMap((mark) => /(?:says|is) "(.{8,})"/.exec(mark)?.[1] ?? []);
  return said.some((text) => sentence.includes(text));
}
