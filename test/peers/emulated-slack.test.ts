/**
 * A rotation as people see it in a Slack that was not written here: posted by the hub's own
 * notifier, read back over HTTP, pressed with signed requests made from what was read, answered by
 * the real handler.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { press } from '../../sandbox/clicker.ts';
import { integrationSecret, people, sandboxBook, slackSetup } from '../../sandbox/settings.ts';
import { rule } from '../../sandbox/slack-rules.ts';
import { givenWorld } from '../sandbox/given-world.ts';
import { type EmulatedSlack, emulatedSlack, type ReadMessage } from './emulated-slack.ts';

let slack: EmulatedSlack;
let given: Awaited<ReturnType<typeof givenWorld>>;

beforeEach(async () => {
  slack = await emulatedSlack(integrationSecret.slackBotToken);
  given = await givenWorld({
    // What uses keys changes over when the sandbox's own Slack tells it to: nothing uses this one.
    apps: [],
    book: { ...sandboxBook('approve'), people: slack.people },
    made: {
      interposed: {
        settings: (settings) => ({
          ...settings,
          slack: { teamId: slack.teamId, channel: slack.channel },
        }),
        wires: (wires) => ({ ...wires, slackFetch: slack.fetch }),
      },
    },
  });
});

afterEach(() => slack.close());

const idOf = (who: keyof typeof people | 'mallory') => {
  const name = who === 'mallory' ? '' : people[who].name;
  return slack.people.find((each) => each.name === name)?.slackUserId ?? slack.stranger;
};

/** The rotation's one message, as it stands there now. */
async function message(): Promise<ReadMessage> {
  const [newest, ...others] = await slack.history();
  if (newest === undefined || others.length > 0) throw new Error('there is not one message');
  return newest;
}

async function pressed(
  who: Parameters<typeof idOf>[0],
  button: string,
  shown?: ReadMessage,
): Promise<number> {
  const { channel, ts, text, blocks } = shown ?? (await message());
  const { world } = given;
  const now = world.clock.now();
  const seen = { channel, ts, text, blocks, threadTs: null, postedAt: now, edits: 0 };
  const [signingSecret] = integrationSecret.slackSigningSecrets;
  const { appId } = slackSetup;
  const finger = { slackUserId: idOf(who), appId, teamId: slack.teamId, signingSecret, now };
  const answer = await world.handlers.onSlackAction(press(seen, button, finger));
  await world.wake();
  await given.pass({ minutes: 2 });
  return 'statusCode' in answer ? answer.statusCode : 500;
}

const labels = ({ blocks }: ReadMessage) =>
  blocks.flatMap((each) =>
    each.type === 'actions' ? each.elements.map(({ text }) => text.text) : [],
  );

test('a rotation is approved, snoozed, paused and resumed in what is read there', async () => {
  await given.pass({ hours: 1 });
  const asked = await message();
  expect(asked.text).toContain('111122223333/svc-billing');
  expect(labels(asked)).toContain('Approve');

  expect(await pressed('ada', 'Approve')).toBe(200);
  await given.until('overlapping');
  await given.pass({ minutes: 2 });
  const told = await message();
  expect(told).toMatchObject({ ts: asked.ts, isEdited: true });
  expect(labels(told)).not.toContain('Approve');

  for (const button of ['Snooze 1 d', 'Pause', 'Resume', 'Not in use']) {
    expect(await pressed('ada', button)).toBe(200);
  }
  const thread = (await slack.thread(asked.ts)).map(({ text }) => text);
  for (const words of ['Ada Approver', 'Snoozed', 'Paused', 'Resumed']) {
    expect(thread.join('\n')).toContain(words);
  }

  await given.until('done', { days: 20 });
  await given.pass({ minutes: 2 });
  const ended = await message();
  expect(labels(ended)).toEqual([]);
  expect(given.oldKey()).toBe('Deleted');
  expect(slack.calls.filter(({ error }) => error !== null)).toEqual([]);
});

describe('a press', () => {
  beforeEach(() => given.pass({ hours: 1 }));

  test('of somebody who may not changes nothing, and is answered to them alone', async () => {
    const before = await message();
    expect(await pressed('mallory', 'Approve')).toBe(200);
    expect((await given.rotation()).stage.name).toBe('proposed');
    expect(labels(await message())).toEqual(labels(before));
    const whispered = { method: 'chat.postEphemeral', error: null };
    expect(slack.calls.at(-1)).toMatchObject(whispered);
    expect(slack.calls.at(-1)?.text).toContain('Keyturn does not know you');
  });

  test('on what somebody else has answered meanwhile is told so', async () => {
    const both = await message();
    expect(await pressed('ada', 'Approve', both)).toBe(200);
    expect(await pressed('sam', 'Approve', both)).toBe(200);
    const whispered = slack.calls.filter(({ method }) => method === 'chat.postEphemeral');
    expect(whispered.map(({ text }) => text)).toEqual([
      expect.stringContaining('Already done by Ada Approver'),
    ]);
  });

  test('counts only as it is signed', async () => {
    const shown = await message();
    const { channel, ts, text, blocks } = shown;
    const now = given.world.clock.now();
    const seen = { channel, ts, text, blocks, threadTs: null, postedAt: now, edits: 0 };
    const request = press(seen, 'Approve', {
      ...{ slackUserId: idOf('ada'), appId: slackSetup.appId, teamId: slack.teamId, now },
      signingSecret: 'another-secret',
    });
    const answer = await given.world.handlers.onSlackAction(request);
    expect(answer).toMatchObject({ statusCode: 401 });
    expect((await given.rotation()).stage.name).toBe('proposed');
  });
});

test('an archived channel stops no decision, and hears of all once it is back', async () => {
  await given.pass({ hours: 1 });
  const shown = await message();
  await slack.byHand('conversations.archive', { channel: slack.channel });
  expect(await pressed('ada', 'Approve', shown)).toBe(200);
  await given.until('overlapping');
  expect(slack.calls.map(({ error }) => error)).toContain('is_archived');
  await slack.byHand('conversations.unarchive', { channel: slack.channel });
  await given.pass({ hours: 12 });
  expect((await slack.thread(shown.ts)).map(({ text }) => text).join('\n')).toContain('Approved');
});

test('its known faults: what Slack refuses, and this peer takes', async () => {
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  const taken = async (blocks: readonly object[]) => {
    const said = { channel: slack.channel, text: 'x', blocks: JSON.stringify(blocks) };
    return slack.byHand('chat.postMessage', said);
  };
  for (const blocks of [
    Array.from({ length: 51 }, () => section('x')),
    [{ type: 'hologram' }],
    [section('x'.repeat(3001))],
  ]) {
    expect(await taken(blocks)).toMatchObject({ ok: true });
    expect(rule(JSON.stringify(blocks))).toMatchObject({ ok: false });
  }
});
