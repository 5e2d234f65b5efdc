/** Signatures of PagerDuty's webhooks: the documented scheme, and what is none of it. */
import { describe, expect, test } from 'vitest';
import {
  carriesSignature,
  pagerDutySignature,
  signedByPagerDuty,
} from '../../adapters/pagerduty-signature.ts';
import type { HttpRequest } from '../../domain/requests.ts';
import { signedByAll } from '../../sandbox/on-call.ts';

const secret = 'pd-secret';
const body = '{"event":{"id":"1"}}';
/** Computed apart from this code. */
const hex = ['48d81370ec6ccdc9063618a09b47622f', '60e66c78134001af266c81b82b43acc7'].join('');

function request(signature: string | undefined, text = body, isBase64Encoded = false): HttpRequest {
  return { headers: { 'x-pagerduty-signature': signature }, body: text, isBase64Encoded };
}

const isGenuine = (given: HttpRequest, secrets = [secret]) =>
  signedByPagerDuty(given, secrets)?.toString('utf8');

test('is HMAC-SHA256 over the raw body', () => {
  expect(pagerDutySignature(secret, Buffer.from(body))).toBe(`v1=${hex}`);
  expect(isGenuine(request(`v1=${hex}`))).toBe(body);
});

test('holds for a body in base64, whatever is in it', () => {
  const text = '{"event":{"summary":"café ☕"}}';
  expect(isGenuine(signedByAll(text, [secret]))).toBe(text);
});

describe('while the secret of a subscription is exchanged', () => {
  test('one signature of several is enough', () => {
    const sent = signedByAll(body, ['older', secret]);
    expect(isGenuine(sent)).toBe(body);
    expect(isGenuine(request(`v1=${'0'.repeat(64)}, v1=${hex}`))).toBe(body);
    expect(isGenuine(request(`v2=${'0'.repeat(64)},v1=${hex}`)), 'of a version to come').toBe(body);
  });

  test('one secret of two is enough', () => {
    expect(isGenuine(signedByAll(body, ['older']), [secret, 'older'])).toBe(body);
  });
});

test.each([
  ['signed with another secret', signedByAll(body, ['stolen elsewhere'])],
  ['signed with none', signedByAll(body, [''])],
  ['another body', request(`v1=${hex}`, body.replace('1', '2'))],
  ['a byte less', request(`v1=${hex}`, body.slice(0, -1))],
  ['no body', { headers: { 'x-pagerduty-signature': `v1=${hex}` }, isBase64Encoded: false }],
  ['said to be in base64', request(`v1=${hex}`, body, true)],
  ['capitals', request(`v1=${hex.toUpperCase()}`)],
  ['Slack’s version', request(`v0=${hex}`)],
  ['no version', request(hex)],
  ['an end', request(`v1=${hex}00`)],
  ['the ninth of nine', request(`${`v1=${'0'.repeat(64)},`.repeat(8)}v1=${hex}`)],
  ['nothing', request('')],
  ['no header', request(undefined)],
  [
    'two headers',
    {
      ...request(`v1=${hex}`),
      headers: { 'x-pagerduty-signature': `v1=${hex}`, 'X-PagerDuty-Signature': `v1=${hex}` },
    },
  ],
] as const)('%s is not genuine', (_, given) => {
  expect(isGenuine(given)).toBeUndefined();
});

test('without a secret nothing is genuine', () => {
  for (const secrets of [[], [''], ['  ']]) {
    for (const each of [secret, '', '  ']) {
      expect(isGenuine(signedByAll(body, [each]), secrets)).toBeUndefined();
    }
  }
});

test('what is no request is not genuine', () => {
  for (const nothing of [null, undefined, 7, 'request', { headers: null }, { body: {} }]) {
    const given = nothing as unknown as HttpRequest;
    expect(carriesSignature(given)).toBe(false);
  }
});
