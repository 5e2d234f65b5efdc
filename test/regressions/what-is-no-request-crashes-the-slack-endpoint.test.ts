/** Whoever may invoke the function got a TypeError for what is no HTTP request, not a 401. */
import { expect, test } from 'vitest';
import { slackSignature, verifySlackRequest } from '../../adapters/slack-signature.ts';
import { instant } from '../../domain/instant.ts';
import type { HttpRequest } from '../../domain/requests.ts';

const now = instant('2026-11-02T10:00:00Z');
const stamp = '1793613600';
const secret = 'signing '.repeat(3);
const headers = {
  'x-slack-request-timestamp': stamp,
  'x-slack-signature': slackSignature(secret, stamp, Buffer.alloc(0)),
};

test.each([
  ['nothing', null],
  ['a text', 'x'],
  ['no headers', {}],
  ['headers that are none', { headers: null }],
  ['headers of lists', { headers: { ...headers, 'x-slack-signature': [1] } }],
  ['a time that is a number', { headers: { ...headers, 'x-slack-request-timestamp': 1 } }],
  ['a body that is a list', { headers, body: [] }],
  ['a body that is an object', { headers, body: { length: 0 } }],
])('given %s, then it is not genuine', (_, request) => {
  const given = request as unknown as HttpRequest;
  expect(verifySlackRequest(given, [secret], now)).toMatchObject({ genuine: false });
});

test('given an empty body that is signed, then it is genuine', () => {
  const request = { headers, isBase64Encoded: false };
  expect(verifySlackRequest(request, [secret], now)).toMatchObject({ genuine: true });
});
