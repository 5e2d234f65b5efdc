/** A press as Slack reports it: read whole, or refused with every problem and no quotation. */
import { describe, expect, test } from 'vitest';
import { parseSlackRequest, slackPressReader } from '../../adapters/slack-request.ts';
import { plus } from '../../domain/instant.ts';
import { signed } from '../../sandbox/clicker.ts';
import { rotationId, story } from '../builders.ts';

const payload = {
  type: 'block_actions',
  api_app_id: 'A0KEYTURN',
  team: { id: 'T0SANDBOX', domain: 'sandbox' },
  enterprise: null,
  user: { id: 'U0123OWNER', username: 'olu' },
  channel: { id: 'C0KEYS', name: 'keys' },
  container: { type: 'message', message_ts: '1762077600.000001', channel_id: 'C0KEYS' },
  actions: [
    {
      type: 'button',
      action_id: 'keyturn:snooze 24 h',
      block_id: `rot:${rotationId}:4`,
      value: rotationId,
    },
  ],
};

const form = (value: unknown) =>
  Buffer.from(new URLSearchParams({ payload: JSON.stringify(value) }).toString());

const [action] = payload.actions;
const withAction = (changes: object) => ({ ...payload, actions: [{ ...action, ...changes }] });

function problems(body: Buffer): readonly string[] {
  const read = parseSlackRequest(body);
  return read.ok ? [] : read.problems;
}

test('a press says who, where, on what, and at which version', () => {
  expect(parseSlackRequest(form(payload))).toEqual({
    ok: true,
    value: {
      sent: 'press',
      appId: 'A0KEYTURN',
      teamId: 'T0SANDBOX',
      message: { channel: 'C0KEYS', ts: '1762077600.000001' },
      slackUserId: 'U0123OWNER',
      press: { type: 'snooze', hours: 24 },
      rotationId,
      shownVersion: 4,
    },
  });
});

test('an app of the whole organisation belongs to no single workspace', () => {
  const given = { ...payload, team: null, enterprise: { id: 'E0ORG' } };
  expect(parseSlackRequest(form(given))).toMatchObject({ ok: true, value: { teamId: 'E0ORG' } });
});

describe('refused', () => {
  test.each([
    ['nothing', Buffer.alloc(0), /exactly one field/u],
    ['JSON instead of a form', Buffer.from('{"a":1}'), /exactly one field/u],
    ['two payloads', Buffer.from('payload={}&payload={}'), /exactly one field/u],
    ['what is no JSON', Buffer.from('payload={'), /is not JSON/u],
    ['what is no UTF-8', Buffer.from([0x70, 0xff, 0xfe]), /UTF-8/u],
    ['a list', form([]), /^the payload as a whole|^type/u],
    ['another kind of interaction', form({ ...payload, type: 'view_closed' }), /^type is/u],
    ['two actions', form({ ...payload, actions: [action, action] }), /^actions is/u],
    ['no workspace', form({ ...payload, team: null }), /neither team nor enterprise/u],
    ['another button', form(withAction({ action_id: 'other:approve' })), /action_id is none/u],
    ['an unknown press', form(withAction({ action_id: 'keyturn:explode' })), /action_id is none/u],
    ['no version', form(withAction({ block_id: `rot:${rotationId}` })), /block_id names no/u],
    ['version 0', form(withAction({ block_id: `rot:${rotationId}:0` })), /block_id names no/u],
    ['a value that disagrees', form(withAction({ value: 'x' })), /different rotations/u],
    [
      'two channels',
      form({ ...payload, channel: { id: 'C0OTHER' } }),
      /channel.id and container.channel_id differ/u,
    ],
  ])('%s', (_, body, expected) => {
    const [first] = problems(body);
    expect(first).toMatch(expected);
  });

  test('with every problem at once, and no value quoted', () => {
    const found = problems(form({ ...payload, user: { id: 'sentinel' }, channel: 'sentinel' }));
    expect(found).toHaveLength(2);
    expect(found.join()).toMatch(/user\.id.*channel/u);
    expect(found.join()).not.toContain('sentinel');
  });
});

test('a request is read only once it is known to be genuine', async () => {
  const signingSecret = 'signing '.repeat(4);
  const reader = slackPressReader(async () => [signingSecret]);
  const event = signed(form(payload).toString(), { signingSecret, now: story.opened });
  expect(await reader.read(event, story.opened)).toMatchObject({
    genuine: true,
    sent: { ok: true },
  });
  const forged = signed(form(payload).toString(), { signingSecret: 'no', now: story.opened });
  expect(await reader.read(forged, story.opened)).toMatchObject({ genuine: false });
});

test('a secret that was exchanged since is found where none that is kept matches', async () => {
  const [before, now_] = ['before '.repeat(4), 'exchanged '.repeat(4)];
  let asked = 0;
  const reader = slackPressReader(
    async () => [before],
    async () => {
      asked += 1;
      return [now_, before];
    },
  );
  const by = (signingSecret: string) =>
    reader.read(
      signed(form(payload).toString(), { signingSecret, now: story.opened }),
      story.opened,
    );
  expect(await by(before)).toMatchObject({ genuine: true });
  expect(asked).toBe(0);
  expect(await by(now_)).toMatchObject({ genuine: true, sent: { ok: true } });
  expect(await by('no')).toMatchObject({ genuine: false });
  expect(asked).toBe(2);
});

test('nothing is asked for anew for what is unsigned, too old, or of another version', async () => {
  const signingSecret = 'signing '.repeat(4);
  const reader = slackPressReader(
    async () => ['another'],
    () => Promise.reject(new Error('it was asked')),
  );
  const request = signed(form(payload).toString(), { signingSecret, now: story.opened });
  const { 'x-slack-signature': signature } = request.headers;
  const asV1 = { ...request.headers, 'x-slack-signature': signature?.replace('v0', 'v1') };
  for (const headers of [{}, { ...request.headers, 'x-slack-signature': undefined }, asV1]) {
    expect(await reader.read({ ...request, headers }, story.opened)).toMatchObject({
      genuine: false,
    });
  }
  const later = plus(story.opened, { minutes: 6 });
  expect(await reader.read(request, later)).toMatchObject({ genuine: false });
});
