/** Signatures: Slack's documented vectors. test/peers asks Bolt's receiver for its opinion. */
import { describe, expect, test } from 'vitest';
import { slackSignature, verifySlackRequest } from '../../adapters/slack-signature.ts';
import { fromMillis, plus } from '../../domain/instant.ts';
import type { HttpRequest } from '../../domain/requests.ts';

/** The secret and the request of Slack's documentation. */
const secret = ['8f742231b10e8888', 'abcd99yyyzzz85a5'].join('');
const at = (seconds: number) => fromMillis(seconds * 1000);
const documented = {
  seconds: 1531420618,
  body: [
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow',
    'channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner',
    'command=%2Fwebhook-collect&text=',
    'response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F' +
      '96rGlfmibIGlgcZRskXaIFfN',
    'trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  ].join('&'),
  signature: `v0=${'a2114d57b48eac39b9ad189dd8316235'}${'a7b4a8d21a10bd27519666489c69b503'}`,
};
const cafe = {
  seconds: 1700000000,
  body: '{"text":"café"}',
  signature: `v0=${'fe4cece19460df5c33c33f049eda7d20'}${'905c234cf0b1817de4c0bb539211a0de'}`,
};

interface Vector {
  readonly seconds: number;
  readonly body: string;
  readonly signature: string;
}

function requestOf({ seconds, body, signature }: Vector, inBase64 = false): HttpRequest {
  return {
    headers: {
      'content-type': 'application/json',
      'x-slack-signature': signature,
      'x-slack-request-timestamp': String(seconds),
    },
    body: inBase64 ? Buffer.from(body, 'utf8').toString('base64') : body,
    isBase64Encoded: inBase64,
  };
}

describe.each([
  ['the documented request', documented],
  ['UTF-8', cafe],
])('%s', (_, vector) => {
  const now = at(vector.seconds);

  test.each([false, true])('is genuine (base64: %s)', (inBase64) => {
    const verdict = verifySlackRequest(requestOf(vector, inBase64), [secret], now);
    expect(verdict.genuine && verdict.body.toString('utf8')).toBe(vector.body);
  });

  test('is signed by us as Slack signs it', () => {
    const { seconds, body, signature } = vector;
    expect(slackSignature(secret, String(seconds), Buffer.from(body))).toBe(signature);
  });

  test.each([-301, 301])('is refused %i s off', (seconds) => {
    const verdict = verifySlackRequest(requestOf(vector), [secret], plus(now, { seconds }));
    expect(verdict).toMatchObject({ genuine: false });
  });

  test.each([-300, 300])('is taken %i s off', (seconds) => {
    const verdict = verifySlackRequest(requestOf(vector), [secret], plus(now, { seconds }));
    expect(verdict).toMatchObject({ genuine: true });
  });

  test('is taken with either of two secrets, and with none of none', () => {
    const judge = (secrets: readonly string[]) =>
      verifySlackRequest(requestOf(vector), secrets, now).genuine;
    expect(judge(['another', secret])).toBe(true);
    expect(judge([secret, 'another'])).toBe(true);
    expect(judge(['another'])).toBe(false);
    expect(judge([])).toBe(false);
    expect(judge(['', ' '])).toBe(false);
  });
});

test('an empty secret signs nothing', () => {
  const body = 'payload=x';
  const signature = slackSignature('', '1700000000', Buffer.from(body));
  const request = requestOf({ seconds: 1700000000, body, signature });
  expect(verifySlackRequest(request, [''], at(1700000000)).genuine).toBe(false);
});

const good = requestOf(cafe);
const withHeaders = (headers: HttpRequest['headers']): HttpRequest => ({
  ...good,
  headers: { ...good.headers, ...headers },
});
const without = (name: string): HttpRequest => ({
  ...good,
  headers: Object.fromEntries(Object.entries(good.headers).filter(([each]) => each !== name)),
});
const signedBy = (version: string, timestamp: string) => {
  const own = slackSignature(secret, timestamp, Buffer.from(cafe.body));
  return withHeaders({
    'x-slack-signature': own.replace('v0', version),
    'x-slack-request-timestamp': timestamp,
  });
};

const verdicts: readonly (readonly [string, HttpRequest, boolean])[] = [
  ['as it is', good, true],
  ['upper-case header names', upperCased(good), true],
  ['another body', { ...good, body: '{"text":"cafe"}' }, false],
  ['no body', { headers: good.headers, isBase64Encoded: false, body: '{}' }, false],
  ['no signature', without('x-slack-signature'), false],
  ['no timestamp', without('x-slack-request-timestamp'), false],
  ['an empty signature', withHeaders({ 'x-slack-signature': '' }), false],
  ['a signature without a version', withHeaders({ 'x-slack-signature': 'abc' }), false],
  ['a cut signature', withHeaders({ 'x-slack-signature': cafe.signature.slice(0, -1) }), false],
  ['version v1', signedBy('v1', String(cafe.seconds)), false],
  ['a timestamp that is no number', signedBy('v0', 'now'), false],
  ['a timestamp 6 minutes old', signedBy('v0', String(cafe.seconds - 360)), false],
];

function upperCased(request: HttpRequest): HttpRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name.toUpperCase(),
    value,
  ]);
  return { ...request, headers: Object.fromEntries(headers) };
}

test.each(verdicts)('judged: %s', (_, request, genuine) => {
  expect(verifySlackRequest(request, [secret], at(cafe.seconds)).genuine).toBe(genuine);
});

test('two headers of one name are refused', () => {
  const twice = withHeaders({ 'X-Slack-Signature': cafe.signature });
  expect(verifySlackRequest(twice, [secret], at(cafe.seconds)).genuine).toBe(false);
});

test('no refusal quotes the request', () => {
  for (const [, request] of verdicts) {
    const verdict = verifySlackRequest(request, ['another'], at(cafe.seconds));
    expect(JSON.stringify(verdict)).not.toMatch(/caf|v0=/u);
  }
});
