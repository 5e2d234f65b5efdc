/** The sandbox's Slack is as strict as Slack: what Slack refuses, it refuses by the same name. */
import { LogLevel, WebClient } from '@slack/web-api';
import { beforeEach, describe, expect, test } from 'vitest';
import { slackLimits } from '../../adapters/slack-limits.ts';
import { buttonsOf, press } from '../../sandbox/clicker.ts';
import { type SlackStandIn, slackStandIn } from '../../sandbox/slack.ts';
import { story } from '../builders.ts';

const botToken = ['xoxb', 'sandbox'].join('-');
let slack: SlackStandIn;
let client: WebClient;

beforeEach(() => {
  slack = slackStandIn({
    now: () => story.opened,
    botToken,
    appId: 'A0KEYTURN',
    teamId: 'T0SANDBOX',
    channel: { id: 'C0KEYS', name: 'keys' },
  });
  client = clientWith(botToken);
});

function clientWith(token: string | undefined): WebClient {
  return new WebClient(token, {
    fetch: slack.fetch,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
}

const plain = (text: string) => ({ type: 'plain_text', text });
const section = (text: string) => ({ type: 'section', text: plain(text) });
const button = (changes: object = {}) => ({
  type: 'button',
  text: plain('Go'),
  action_id: 'go',
  ...changes,
});
const actions = (...elements: object[]) => ({ type: 'actions', block_id: 'b', elements });

/** The error that Slack answers, or 'ok'. */
async function outcome(method: string, given: Record<string, unknown>): Promise<string> {
  const error: unknown = await client.apiCall(method, given).then(
    () => 'ok',
    (thrown: unknown) => thrown,
  );
  return error === 'ok' ? 'ok' : String((error as { data?: { error?: string } }).data?.error);
}

const post = (blocks: unknown, text = 'x') =>
  outcome('chat.postMessage', { channel: 'C0KEYS', text, blocks });

describe('blocks', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => section(`${index}`));

  test.each([
    ['50 blocks', many(50), 'ok'],
    ['51 blocks', many(51), 'invalid_blocks'],
    ['no blocks', [], 'invalid_blocks'],
    ['3000 characters', [section('x'.repeat(slackLimits.sectionText))], 'ok'],
    ['3001 characters', [section('x'.repeat(slackLimits.sectionText + 1))], 'invalid_blocks'],
    ['an empty text', [section('')], 'invalid_blocks'],
    ['a header of 151', [{ type: 'header', text: plain('x'.repeat(151)) }], 'invalid_blocks'],
    ['an unknown block', [{ type: 'marquee', text: plain('x') }], 'invalid_blocks'],
    ['an unknown field', [{ ...section('x'), colour: 'red' }], 'invalid_blocks'],
    ['a section of nothing', [{ type: 'section' }], 'invalid_blocks'],
    [
      '11 fields',
      [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('x')) }],
      'invalid_blocks',
    ],
    [
      'a mrkdwn button',
      [actions(button({ text: { type: 'mrkdwn', text: 'x' } }))],
      'invalid_blocks',
    ],
    ['a label of 76', [actions(button({ text: plain('x'.repeat(76)) }))], 'invalid_blocks'],
    ['a value of 2001', [actions(button({ value: 'x'.repeat(2001) }))], 'invalid_blocks'],
    ['a wrong style', [actions(button({ style: 'shiny' }))], 'invalid_blocks'],
    ['two equal action ids', [actions(button(), button())], 'invalid_blocks'],
    [
      'two equal block ids',
      [actions(button()), actions(button({ action_id: 'other' }))],
      'invalid_blocks',
    ],
    [
      'too much together',
      Array.from({ length: 5 }, () => section('x'.repeat(3000))),
      'msg_blocks_too_long',
    ],
  ])('%s', async (_, blocks, expected) => {
    expect(await post(blocks)).toBe(expected);
  });
});

describe('methods', () => {
  test('say who we are', async () => {
    expect(await client.auth.test()).toMatchObject({ ok: true, team_id: 'T0SANDBOX' });
  });

  test.each([
    ['chat.postMessage', { channel: 'C0OTHER', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: 'C0KEYS' }, 'no_text'],
    ['chat.postMessage', { channel: 'C0KEYS', text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['chat.postMessage', { channel: 'C0KEYS', text: 'x', thread_ts: '1.1' }, 'thread_not_found'],
    ['chat.postMessage', { channel: 'C0KEYS', text: 'x', as_user: true }, 'invalid_arguments'],
    ['chat.update', { channel: '#keys', ts: '1.1', text: 'x' }, 'channel_not_found'],
    ['chat.update', { channel: 'C0KEYS', ts: '1.1', text: 'x' }, 'message_not_found'],
    ['chat.delete', { channel: 'C0KEYS', ts: '1.1' }, 'unknown_method'],
  ])('%s %j', async (method, given, expected) => {
    expect(await outcome(method, given)).toBe(expected);
  });

  test('a text alone takes the blocks away', async () => {
    const { ts = '' } = await client.chat.postMessage({
      channel: 'C0KEYS',
      text: 'x',
      blocks: [actions(button())] as never,
    });
    expect(buttonsOf({ blocks: slack.message(ts)?.blocks ?? [] })).toHaveLength(1);
    await client.chat.update({ channel: 'C0KEYS', ts, text: 'y' });
    expect(slack.message(ts)).toMatchObject({ text: 'y', blocks: [], edits: 1 });
  });

  test('a wrong token, or none, gets nowhere', async () => {
    client = clientWith('xoxb-other');
    expect(await outcome('auth.test', {})).toBe('invalid_auth');
    client = clientWith(undefined);
    expect(await outcome('auth.test', {})).toBe('not_authed');
  });
});

test('nobody presses a button that is not there', async () => {
  const { ts = '' } = await client.chat.postMessage({
    channel: 'C0KEYS',
    text: 'x',
    blocks: [actions(button())] as never,
  });
  const message = slack.message(ts);
  const finger = {
    slackUserId: 'U1',
    appId: 'A1',
    teamId: 'T1',
    signingSecret: 's',
    now: story.opened,
  };
  if (message === undefined) throw new Error('the message is gone');
  expect(() => press(message, 'Approve', finger)).toThrow('no button "Approve", only: Go');
  expect(press(message, 'Go', finger).isBase64Encoded).toBe(true);
});

describe('the history', () => {
  test('keeps what was shown when, although it is edited and deleted', async () => {
    await post(undefined, 'first');
    const [message] = slack.messages();
    const ts = message?.ts ?? '';
    await outcome('chat.update', { channel: 'C0KEYS', ts, text: 'second' });
    await outcome('chat.postMessage', { channel: 'C0KEYS', text: 'reply', thread_ts: ts });
    slack.remove(ts);
    expect(slack.history()).toEqual([
      { at: story.opened, ts, threadTs: null, text: 'first', how: 'posted' },
      { at: story.opened, ts, threadTs: null, text: 'second', how: 'updated' },
      { at: story.opened, ts: expect.any(String), threadTs: ts, text: 'reply', how: 'posted' },
    ]);
  });
});
