/**
 * Every class of request to the Slack endpoint, judged by us and by Bolt's receiver: of one mind,
 * but for Bolt's known faults, each of which is shown here.
 */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slackSignature, verifySlackRequest } from '../../adapters/slack-signature.ts';
import { fromMillis } from '../../domain/instant.ts';
import type { HttpRequest } from '../../domain/requests.ts';
import { type BoltVerdict, boltVerdict } from './bolt.ts';

const seconds = 1_700_000_000;
/** The one in use and the one that it is being replaced by; and one that is neither. */
const secrets = ['the secret in use', 'the secret to come'] as const;
const foreign = 'the secret of another app';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: seconds * 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const types = { form: 'application/x-www-form-urlencoded', json: 'application/json' } as const;
const bodies = {
  form: new URLSearchParams({ payload: '{"type":"block_actions","text":"café"}' }).toString(),
  json: '{"type":"block_actions","text":"cafe"}',
} as const;

interface Made {
  readonly kind?: keyof typeof types;
  readonly body?: string;
  readonly signedBody?: string;
  readonly secret?: string;
  readonly at?: number;
  readonly base64?: boolean;
  readonly headers?: HttpRequest['headers'];
}

/** Signed as Slack signs, but for what differs. */
function made({
  kind = 'form',
  body = bodies[kind],
  signedBody = body,
  secret = secrets[0],
  at = seconds,
  base64 = false,
  headers = {},
}: Made = {}): HttpRequest {
  const bytes = Buffer.from(body, 'utf8');
  return {
    headers: {
      'content-type': types[kind],
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': slackSignature(secret, String(at), Buffer.from(signedBody)),
      ...headers,
    },
    body: base64 ? bytes.toString('base64') : body,
    isBase64Encoded: base64,
  };
}

const signature = (request: HttpRequest) => request.headers['x-slack-signature'] ?? '';
const withSignature = (text: string, made_: Made = {}) =>
  made({ ...made_, headers: { ...made_.headers, 'x-slack-signature': text } });
const without = (name: string, request: HttpRequest): HttpRequest => {
  const kept = Object.entries(request.headers).filter(([each]) => each !== name);
  return { ...request, headers: Object.fromEntries(kept) };
};
const renamed = (rename: (name: string) => string, request: HttpRequest): HttpRequest => ({
  ...request,
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [rename(name), value]),
  ),
});
/** A signature that says it is of that version, and is. */
const ofVersion = (version: string, at = String(seconds)) => {
  const mac = createHmac('sha256', secrets[0]).update(`${version}:${at}:${bodies.form}`);
  return `${version}=${mac.digest('hex')}`;
};

const isGenuine = (request: HttpRequest) =>
  verifySlackRequest(request, secrets, fromMillis(seconds * 1000)).genuine;

const agreed: readonly (readonly [string, HttpRequest, boolean])[] = [
  ['fresh, a form', made(), true],
  ['fresh, JSON', made({ kind: 'json' }), true],
  ['fresh, JSON in UTF-8', made({ kind: 'json', body: '{"text":"café"}' }), true],
  ['fresh, a form in base64', made({ base64: true }), true],
  ['fresh, JSON in base64, ASCII alone', made({ kind: 'json', base64: true }), true],
  ['signed with the secret to come', made({ secret: secrets[1] }), true],
  ['header names of capitals', renamed((name) => name.toUpperCase(), made()), true],
  ['300 s old', made({ at: seconds - 300 }), true],
  ['301 s old: stale', made({ at: seconds - 301 }), false],
  ['a day old: stale', made({ at: seconds - 86_400 }), false],
  ['forged: another app’s secret', made({ secret: foreign }), false],
  ['forged: another body than was signed', made({ signedBody: 'payload=%7B%7D' }), false],
  ['forged: another body, in base64', made({ signedBody: 'payload=%7B%7D', base64: true }), false],
  [
    'forged: a fresh timestamp on an old signature',
    withSignature(signature(made({ at: seconds - 3600 }))),
    false,
  ],
  ['truncated by one digit', withSignature(signature(made()).slice(0, -1)), false],
  ['truncated to the version', withSignature('v0='), false],
  ['truncated to nothing', withSignature(''), false],
  ['one digit too many', withSignature(`${signature(made())}0`), false],
  ['digits of capitals', withSignature(signature(made()).toUpperCase()), false],
  ['without a version', withSignature(signature(made()).slice(3)), false],
  ['of another version by name only', withSignature(signature(made()).replace('v0', 'v1')), false],
  ['without a signature', without('x-slack-signature', made()), false],
  ['without a timestamp', without('x-slack-request-timestamp', made()), false],
  [
    'a timestamp that is no number',
    made({
      headers: { 'x-slack-request-timestamp': 'yesterday' },
    }),
    false,
  ],
  ['a timestamp in milliseconds', made({ at: seconds * 1000, secret: foreign }), false],
];

test.each(agreed)('of one mind: %s', async (_, request, genuine) => {
  expect(isGenuine(request)).toBe(genuine);
  expect(await boltVerdict(request, secrets)).toBe(genuine ? 'taken' : 'refused');
});

const faults: readonly (readonly [string, HttpRequest, boolean, BoltVerdict])[] = [
  ['the future', made({ at: seconds + 301 }), false, 'taken'],
  ['a year ahead', made({ at: seconds + 31_536_000 }), false, 'taken'],
  [
    'UTF-8 in base64',
    made({ kind: 'json', body: '{"text":"café"}', base64: true }),
    true,
    'refused',
  ],
  [
    'a form that names its charset',
    made({
      headers: { 'content-type': `${types.form}; charset=utf-8` },
    }),
    true,
    'crashed',
  ],
  ['a version that there is not', withSignature(ofVersion('v1')), false, 'taken'],
  ['what follows the signature', withSignature(`${signature(made())}=x`), false, 'taken'],
  [
    'a timestamp in another notation',
    withSignature(ofVersion('v0'), {
      headers: { 'x-slack-request-timestamp': '1.7e9' },
    }),
    false,
    'taken',
  ],
  [
    'two headers of one name',
    made({
      headers: { 'X-Slack-Signature': `v0=${'0'.repeat(64)}` },
    }),
    false,
    'taken',
  ],
  [
    'a check of the certificate, unsigned',
    made({ body: 'ssl_check=1', secret: foreign }),
    false,
    'taken',
  ],
];

test.each(faults)('not of one mind: %s', async (_, request, genuine, bolt) => {
  expect(isGenuine(request)).toBe(genuine);
  expect(await boltVerdict(request, secrets)).toBe(bolt);
});

describe('whatever is done to a signed request', () => {
  const tampering = fc.record({
    age: fc.integer({ min: -900, max: 900 }),
    signer: fc.constantFrom(...secrets, foreign),
    base64: fc.boolean(),
    body: fc.constant(bodies.form).chain((body) => fc.oneof(fc.constant(body), cut(body))),
    signature: fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.slice(0, -1),
      (text) => text.replace(/.$/u, (digit) => (digit === '0' ? '1' : '0')),
      (text) => text.replace('v0', 'v1'),
    ),
    names: fc.constantFrom<(name: string) => string>(
      (name) => name,
      (name) => name.toUpperCase(),
    ),
  });

  test('both judge it alike, unless it is of the future', async () => {
    await fc.assert(
      fc.asyncProperty(tampering, async ({ age, signer, base64, body, ...changed }) => {
        const at = seconds - age;
        const request = made({ at, secret: signer, base64, body, signedBody: bodies.form });
        const text = changed.signature(signature(request));
        const headers = { ...request.headers, 'x-slack-signature': text };
        const sent = renamed(changed.names, { ...request, headers });
        const bolt = await boltVerdict(sent, secrets);
        if (age < -300) expect(isGenuine(sent)).toBe(false);
        else expect(isGenuine(sent)).toBe(bolt === 'taken');
      }),
      { numRuns: 300 },
    );
  });
});

/** The body without its end, which Bolt can still take apart: it does so before it verifies. */
function cut(body: string): fc.Arbitrary<string> {
  return fc.constantFrom(body.replace('payload=', 'other='), `${body}&more=1`, 'a=b');
}
