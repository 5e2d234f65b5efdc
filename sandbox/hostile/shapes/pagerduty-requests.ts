/**
 * HTTP requests to the PagerDuty endpoint: what PagerDuty tells, with its payload damaged, and
 * requests that somebody forged, altered or cut off. What is genuine is computed here anew; only
 * what is genuine may be read, nothing of it is quoted, and what is read is what was said.
 */
import { createHmac } from 'node:crypto';
import { pagerDutyReader } from '../../../adapters/pagerduty-webhook.ts';
import type { HttpRequest, ToldIncident } from '../../../domain/requests.ts';
import type { HttpEvent } from '../../clicker.ts';
import { signedByAll, webhookOf } from '../../on-call.ts';
import { bitten } from '../bites.ts';
import { at } from '../contradictions.ts';
import { chosen } from '../examples.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';
import { decodedBody, now, type TamperedRequest, tamperedRequests } from './wire.ts';

/** Two are valid while the secret of the subscription is exchanged. */
const secrets = ['hostile-webhook-secret', 'the-one-before-it'] as const;

const rotationId = '7f9c24e8-3b1a-5c4e-9f6d-2a8b1c0d3e4f';

const genuine = webhookOf({
  what: 'acknowledged',
  dedupKey: `rot/${rotationId}/held`,
  who: { id: 'PLH1HKV', name: 'Tenex Engineer' },
  at: now,
  eventId: '01BUZY0X7GD8O8V0ZSG6CVUBQX',
});

const header = 'x-pagerduty-signature';
const signatureOf = ({ headers }: HttpEvent) => headers[header] ?? '';
const textOf = ({ body }: HttpEvent) => Buffer.from(body, 'base64').toString('utf8');

type Forgery = readonly [name: string, change: (sent: HttpEvent) => HttpEvent];

const signed = (sent: HttpEvent, signature: string): HttpEvent => ({
  ...sent,
  headers: { ...sent.headers, [header]: signature },
});

const forgeries: readonly Forgery[] = [
  ['signed with another secret', (sent) => signedByAll(textOf(sent), ['stolen elsewhere'])],
  ['signed with no secret', (sent) => signedByAll(textOf(sent), [''])],
  ['signed with the secret before', (sent) => signedByAll(textOf(sent), [secrets[1]])],
  ['signed with both', (sent) => signedByAll(textOf(sent), secrets)],
  ['a byte less', (sent) => ({ ...sent, body: sent.body.slice(4) })],
  ['without a body', (sent) => ({ ...sent, body: '' })],
  ['said not to be in base64', (sent) => ({ ...sent, isBase64Encoded: false })],
  ['not in base64', (sent) => ({ ...sent, body: textOf(sent), isBase64Encoded: false })],
  ['a signature in capitals', (sent) => signed(sent, signatureOf(sent).toUpperCase())],
  ['Slack’s version', (sent) => signed(sent, signatureOf(sent).replace('v1', 'v0'))],
  ['among others', (sent) => signed(sent, `v1=${'0'.repeat(64)},v2=x, ${signatureOf(sent)}`)],
  ['behind too many', (sent) => signed(sent, `${'v1=0,'.repeat(20)}${signatureOf(sent)}`)],
  ['no signature', (sent) => signed(sent, '')],
  [
    'two headers',
    (sent) => ({ ...sent, headers: { ...sent.headers, 'X-PagerDuty-Signature': '' } }),
  ],
];

export const pagerDutyRequestShape: Shape = shapeOf<TamperedRequest>({
  name: 'PagerDuty request',
  share: 40,
  cases: tamperedRequests(forgeries.length),
  check: async (given) => {
    const { request } = requestOf(given);
    // What is no text at all comes from no HTTP request; it must be turned away all the same.
    const reading = await reader.read(request as HttpRequest);
    must(reading.genuine === isGenuine(request), `genuine: ${!reading.genuine}`, request);
    if (!reading.genuine) return 'rejected as forged';
    const { told } = reading;
    if (told.ok) return told.value === null ? 'ignored' : checkTold(told.value, request);
    must(told.problems.length > 0, 'what is refused has problems', told);
    for (const problem of told.problems) {
      must(/^(the body|event)/.test(problem), 'a problem names a place', problem);
      must(problem.length < 300, 'a problem is short', problem);
    }
    return 'rejected';
  },
  tell: (given) => requestOf(given).marks.join('\n  '),
});

const reader = pagerDutyReader(async () => secrets);

function requestOf({ payloadBites, forgery, requestBites }: TamperedRequest) {
  const payload = bitten(genuine, payloadBites);
  const sent = signedByAll(JSON.stringify(payload.value), [secrets[0]]);
  const forge = forgery < forgeries.length ? chosen(forgeries, forgery) : undefined;
  const request = bitten(forge === undefined ? sent : forge[1](sent), requestBites);
  const how = forge?.[0] ?? 'as PagerDuty sends it';
  return { request: request.value, marks: [...payload.marks, how, ...request.marks] };
}

/** By the documentation alone: https://developer.pagerduty.com/docs/verifying-webhook-signatures */
function isGenuine(request: unknown): boolean {
  const headers = Object.entries(Object(at(request, 'headers')));
  const [[, signature] = [], another] = headers.filter(([each]) => each.toLowerCase() === header);
  const body = decodedBody(request);
  if (another !== undefined || typeof signature !== 'string' || body === undefined) return false;
  if (signature.length > 1000) return false;
  const given = signature.split(',').slice(0, 8);
  return secrets.some((secret) => {
    const mac = createHmac('sha256', secret).update(body).digest('hex');
    return given.some((each) => each.trim() === `v1=${mac}`);
  });
}

function checkTold({ rotationId, answered }: ToldIncident, request: unknown): CameTo {
  const said: unknown = JSON.parse((decodedBody(request) ?? '').toString());
  const key = `rot/${rotationId}/${answered.about}`;
  must(at(said, 'event', 'data', 'incident_key') === key, 'the incident is the one told of', said);
  must(at(said, 'event', 'id') === answered.eventId, 'the id is the one told', said);
  must(
    at(said, 'event', 'event_type') === `incident.${answered.what}`,
    'so is what happened',
    said,
  );
  const when = Date.parse(String(at(said, 'event', 'occurred_at')));
  // A leap second is a moment that Date does not know.
  must(Number.isNaN(when) || Date.parse(answered.at) === when, 'and when', said);
  const { by } = answered;
  must(by.kind === 'person' && /^pagerduty(:\w+)?$/.test(by.id), 'whoever it is of PagerDuty', by);
  must(!/[\n\r\u2028\u202e]/u.test(by.name) && by.name.length <= 40, 'a name is one line', by);
  return 'an answer';
}
