/** How a press reaches the function by HTTP, and the ways in which somebody tampers with it. */
import fc from 'fast-check';
import { type Instant, instant, plus } from '../../../domain/instant.ts';
import { type HttpEvent, signed } from '../../clicker.ts';
import { type Bite, bitten, someBites } from '../bites.ts';
import { at } from '../contradictions.ts';
import { chosen } from '../examples.ts';

export const now: Instant = instant('2026-11-02T10:00:00Z');

/** Two are valid while the signing secret is regenerated. */
export const secrets: readonly string[] = ['hostile-signing-secret', 'the-one-before-it'];

const rotationId = '7f9c24e8-3b1a-5c4e-9f6d-2a8b1c0d3e4f';

export const genuinePress = {
  type: 'block_actions',
  api_app_id: 'A0KEYTURN',
  team: { id: 'T0SANDBOX', domain: 'sandbox' },
  enterprise: null,
  user: { id: 'U0SAM', username: 'sam', team_id: 'T0SANDBOX' },
  channel: { id: 'C0ACCESSKEYS', name: 'access-keys' },
  container: { type: 'message', message_ts: '1762077600.000001', channel_id: 'C0ACCESSKEYS' },
  actions: [
    {
      type: 'button',
      action_id: 'keyturn:approve',
      block_id: `rot:${rotationId}:1`,
      value: rotationId,
    },
  ],
};

/** A form that exempts a key, as it was shown under that message. */
export const genuineForm = {
  type: 'view_submission',
  api_app_id: 'A0KEYTURN',
  team: { id: 'T0SANDBOX', domain: 'sandbox' },
  enterprise: null,
  user: { id: 'U0SAM', username: 'sam', team_id: 'T0SANDBOX' },
  view: {
    id: 'V0SANDBOX',
    type: 'modal',
    callback_id: 'keyturn:form:exempt',
    private_metadata: JSON.stringify({
      about: `rot:${rotationId}:1`,
      channel: 'C0ACCESSKEYS',
      ts: '1762077600.000001',
    }),
    state: {
      values: {
        reason: { reason: { type: 'plain_text_input', value: 'The vendor sets it up anew.' } },
        until: { until: { type: 'datetimepicker', selected_date_time: 1_762_164_000 } },
      },
    },
  },
};

export function pressForm(payload: unknown): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** Signed with the newest secret, now. */
export function sentAs(body: string, at = now, secret = secrets[0] ?? ''): HttpEvent {
  return signed(body, { signingSecret: secret, now: at });
}

/** The bytes that were signed; undefined for what has no body that anything could be read from. */
export function decodedBody(request: unknown): Buffer | undefined {
  const body = at(request, 'body') ?? '';
  if (typeof body !== 'string') return undefined;
  return Buffer.from(body, at(request, 'isBase64Encoded') === true ? 'base64' : 'utf8');
}

/** A request whose payload is damaged, that is forged, and damaged once more on its way. */
export interface TamperedRequest {
  readonly payloadBites: readonly Bite[];
  /** Which forgery; beyond the last one, none. */
  readonly forgery: number;
  readonly requestBites: readonly Bite[];
}

const few = fc.oneof({ weight: 2, arbitrary: fc.constant<readonly Bite[]>([]) }, someBites);

/** Half of them are as they were signed. */
export function tamperedRequests(forgeries: number): fc.Arbitrary<TamperedRequest> {
  return fc.record({
    payloadBites: few,
    forgery: fc.noBias(fc.nat(2 * forgeries)),
    requestBites: few,
  });
}

export interface Forgery {
  readonly name: string;
  /** The request as it arrives, and how many seconds after it was sent. */
  readonly make: (sent: HttpEvent) => { readonly request: HttpEvent; readonly after: number };
}

const changing = (name: string, change: (sent: HttpEvent) => HttpEvent): Forgery => ({
  name,
  make: (sent) => ({ request: change(sent), after: 0 }),
});

const withHeaders = (sent: HttpEvent, headers: Readonly<Record<string, string>>): HttpEvent => ({
  ...sent,
  headers: { ...sent.headers, ...headers },
});

const textOf = ({ body }: HttpEvent) => Buffer.from(body, 'base64').toString('utf8');
const encoded = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const signatureOf = ({ headers }: HttpEvent) => headers['x-slack-signature'] ?? '';
const stampOf = ({ headers }: HttpEvent) => headers['x-slack-request-timestamp'] ?? '';

export const forgeries: readonly Forgery[] = [
  changing('signed with another secret', (sent) => sentAs(textOf(sent), now, 'stolen elsewhere')),
  changing('signed with no secret', (sent) => sentAs(textOf(sent), now, '')),
  changing('signed with the secret before', (sent) => sentAs(textOf(sent), now, secrets[1])),
  { name: 'sent again after 301 s', make: (request) => ({ request, after: 301 }) },
  { name: 'sent again after a day', make: (request) => ({ request, after: 86_400 }) },
  { name: 'sent again at once', make: (request) => ({ request, after: 1 }) },
  { name: 'of a clock that is 301 s ahead', make: (request) => ({ request, after: -301 }) },
  changing('one byte cut off', (sent) => ({ ...sent, body: encoded(textOf(sent).slice(0, -1)) })),
  changing('cut off in half', (sent) => ({
    ...sent,
    body: sent.body.slice(0, Math.floor(sent.body.length / 2)),
  })),
  changing('without a body', (sent) => ({ ...sent, body: '' })),
  changing('an empty body, signed', () => sentAs('')),
  changing('another press in the body', (sent) => ({
    ...sent,
    body: encoded(textOf(sent).replace('approve', 'abandon')),
  })),
  changing('a second payload behind it', (sent) => ({
    ...sent,
    body: encoded(`${textOf(sent)}&payload={}`),
  })),
  changing('two payloads, signed', (sent) => sentAs(`${textOf(sent)}&${textOf(sent)}`)),
  changing('not in base64', (sent) => ({ ...sent, body: textOf(sent), isBase64Encoded: false })),
  changing('said not to be in base64', (sent) => ({ ...sent, isBase64Encoded: false })),
  changing('two signatures', (sent) =>
    withHeaders(sent, { 'X-Slack-Signature': `v0=${'0'.repeat(64)}` }),
  ),
  changing('headers in capitals', (sent) => ({
    ...sent,
    headers: Object.fromEntries(
      Object.entries(sent.headers).map(([name, value]) => [name.toUpperCase(), value]),
    ),
  })),
  changing('a signature in capitals', (sent) =>
    withHeaders(sent, { 'x-slack-signature': signatureOf(sent).toUpperCase() }),
  ),
  changing('a signature of version v1', (sent) =>
    withHeaders(sent, { 'x-slack-signature': signatureOf(sent).replace('v0', 'v1') }),
  ),
  changing('an empty signature', (sent) => withHeaders(sent, { 'x-slack-signature': 'v0=' })),
  changing('a newer time than was signed', (sent) =>
    withHeaders(sent, { 'x-slack-request-timestamp': String(Number(stampOf(sent)) + 1) }),
  ),
  changing('a time with a sign', (sent) =>
    withHeaders(sent, { 'x-slack-request-timestamp': `+${stampOf(sent)}` }),
  ),
  changing('a time that is no number', (sent) =>
    withHeaders(sent, { 'x-slack-request-timestamp': 'NaN' }),
  ),
  changing('signed in a far future', (sent) => sentAs(textOf(sent), future)),
  changing('no form but JSON, signed', (sent) => sentAs(decodeURIComponent(textOf(sent).slice(8)))),
];

const future: Instant = instant('9999-12-31T23:59:59.000Z');

/**
 * The request as it arrives, when, and what was done to it. `body` writes the damaged payload as
 * Slack does.
 */
export function tampered(
  genuine: unknown,
  body: (payload: unknown) => string,
  { payloadBites, forgery, requestBites }: TamperedRequest,
) {
  const payload = bitten(genuine, payloadBites);
  const forge = forgery < forgeries.length ? chosen(forgeries, forgery) : undefined;
  const signed = sentAs(body(payload.value));
  const forged = forge === undefined ? { request: signed, after: 0 } : forge.make(signed);
  const request = bitten(forged.request, requestBites);
  return {
    request: request.value,
    moment: plus(now, { seconds: forged.after }),
    marks: [...payload.marks, forge?.name ?? 'as Slack sends it', ...request.marks],
  };
}
