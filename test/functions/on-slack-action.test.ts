/** A press of a button, from the signed request to the journal, the whisper and the message. */
import { beforeEach, describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import { slackFieldError, slackFormOpener } from '../../adapters/slack-form-opener.ts';
import { slackNotifier } from '../../adapters/slack-notifier.ts';
import { slackPressReader } from '../../adapters/slack-request.ts';
import { advance } from '../../app/advance.ts';
import type { Rotation } from '../../domain/case.ts';
import { plus } from '../../domain/instant.ts';
import type { Person } from '../../domain/people.ts';
import type { Log } from '../../domain/ports.ts';
import type { HttpRequest } from '../../domain/requests.ts';
import { onSlackActionHandler, type SlackActionDeps } from '../../functions/on-slack-action.ts';
import { type HttpEvent, press, signed } from '../../sandbox/clicker.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { type ShownMessage, type SlackStandIn, slackStandIn } from '../../sandbox/slack.ts';
import {
  approver,
  held,
  overlapping,
  proposed,
  rotationAt,
  rotationId,
  story,
} from '../builders.ts';
import { openingEntry } from '../opening-entry.ts';

const botToken = ['xoxb', 'sandbox'].join('-');
const signingSecret = 'signing-secret '.repeat(2);
const slackApp = { appId: 'A0KEYTURN', teamId: 'T0SANDBOX' };

const people: readonly Person[] = [
  { slackUserId: 'U0123APPROVER', name: 'Ada Approver', roles: ['approver'] },
  { slackUserId: 'U0123SECOND', name: 'Sam Second', roles: ['approver'] },
  { slackUserId: 'U0123ADMIN', name: 'Noor Admin', roles: ['admin'] },
  { slackUserId: 'U0123OWNER', name: 'Olu Owner', roles: ['owner'] },
];

interface LogLine {
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

let clock: VirtualClock;
let slack: SlackStandIn;
let store: ReturnType<typeof memoryStore>;
let deps: SlackActionDeps;
let lines: LogLine[];

beforeEach(async () => {
  clock = virtualClock(plus(story.opened, { hours: 1 }));
  slack = slackStandIn({
    now: clock.now,
    botToken,
    ...slackApp,
    channel: { id: 'C0KEYS', name: 'keys' },
  });
  store = memoryStore();
  lines = [];
  const log: Log = {
    info: (message, facts) => lines.push({ level: 'info', message, facts }),
    error: (message, facts) => lines.push({ level: 'error', message, facts }),
  };
  const notifier = slackNotifier({
    botToken: async () => botToken,
    channel: 'C0KEYS',
    fetch: slack.fetch,
  });
  deps = {
    shell: { store, clock, ids: cryptoIds },
    people,
    slack: slackApp,
    messenger: notifier,
    whisper: notifier,
    stopSwitch: { read: async () => ({ stopped: false }) },
    log,
    forms: slackFormOpener({ botToken: async () => botToken, fetch: slack.fetch }),
    fieldError: slackFieldError,
    reader: slackPressReader(async () => [signingSecret]),
  };
});

/** A rotation in the store, with its message in the channel. */
async function given(stage: Rotation['stage']): Promise<ShownMessage> {
  const rotation = rotationAt(stage, { version: 1, shownVersion: 1 });
  await store.commit({ onVersion: 0, rotation, entry: openingEntry(rotation, clock.now()) });
  const notifier = slackNotifier({
    botToken: async () => botToken,
    channel: 'C0KEYS',
    fetch: slack.fetch,
  });
  const place = await notifier.post(rotation, clock.now());
  await store.rememberMessage(rotationId, place);
  return shown(place.ts);
}

function shown(ts: string): ShownMessage {
  const message = slack.message(ts);
  if (message === undefined) throw new Error('there is no such message');
  return message;
}

function request(message: ShownMessage, which: string, slackUserId: string, more = {}): HttpEvent {
  const finger = { slackUserId, ...slackApp, signingSecret, now: clock.now(), ...more };
  return press(message, which, finger);
}

async function send(event: HttpRequest): Promise<unknown> {
  const answer = await onSlackActionHandler(deps)(event);
  return 'statusCode' in answer ? answer.statusCode : answer;
}

const journal = async () =>
  (await store.journal(rotationId)).slice(1).map(({ event, actor, ignored }) => ({
    event: event.type,
    who: actor.kind === 'person' ? actor.name : actor.kind,
    ...('press' in event ? { why: event.why, press: event.press } : {}),
    ignored,
  }));

const stageNow = async () => (await store.load(rotationId))?.stage;

describe('a press that counts', () => {
  test('is journalled under the mapped name, and the message shows it at once', async () => {
    const message = await given(proposed());
    expect(await send(request(message, 'Approve', 'U0123APPROVER'))).toBe(200);
    expect(await journal()).toEqual([{ event: 'approved', who: 'Ada Approver', ignored: null }]);
    expect(await stageNow()).toMatchObject({ approval: { given: true } });
    expect(shown(message.ts).text).toContain('Approved by Ada Approver');
    expect(JSON.stringify(shown(message.ts).blocks)).toContain(`rot:${rotationId}:2`);
    expect(slack.whispers()).toEqual([]);
  });

  test('the buttons work one after the other, each on the message as shown', async () => {
    const message = await given(overlapping());
    await send(request(message, 'Snooze 1 d', 'U0123OWNER'));
    await send(request(shown(message.ts), 'Not in use', 'U0123OWNER'));
    await send(request(shown(message.ts), 'Pause', 'U0123APPROVER'));
    await send(request(shown(message.ts), 'Resume', 'U0123APPROVER'));
    await send(request(shown(message.ts), 'Force', 'U0123ADMIN'));
    await send(request(shown(message.ts), 'Abandon', 'U0123ADMIN'));
    expect((await journal()).map(({ event }) => event)).toEqual([
      'snoozed',
      'attested',
      'paused',
      'resumed',
      'forced',
      'abandoned',
    ]);
    expect(slack.whispers()).toEqual([]);
  });

  test('rolls back what may be off', async () => {
    const message = await given(held({ oldKey: 'unknown' }));
    await send(request(message, 'Roll back', 'U0123OWNER'));
    expect(await stageNow()).toMatchObject({ name: 'restoring' });
  });
});

describe('a press that does not count', () => {
  test('of a stranger is refused, journalled, and answered', async () => {
    const message = await given(proposed());
    expect(await send(request(message, 'Approve', 'U0STRANGER'))).toBe(200);
    expect(await journal()).toEqual([
      {
        event: 'press refused',
        who: 'Slack user U0STRANGER',
        press: 'approve',
        why: expect.stringContaining('Keyturn does not know you'),
        ignored: expect.any(String),
      },
    ]);
    expect(await stageNow()).toEqual(proposed());
    expect(slack.whispers()).toMatchObject([
      { slackUserId: 'U0STRANGER', text: expect.stringContaining('changed nothing') },
    ]);
    expect(shown(message.ts).edits).toBe(0);
  });

  test('leaves the message good for somebody who may', async () => {
    const message = await given(proposed());
    await send(request(message, 'Approve', 'U0STRANGER'));
    await send(request(message, 'Approve', 'U0123APPROVER'));
    expect((await journal()).map(({ event }) => event)).toEqual(['press refused', 'approved']);
  });

  test('of the owner on an approval is refused without self-approval', async () => {
    const message = await given(proposed());
    await send(request(message, 'Approve', 'U0123OWNER'));
    expect(await journal()).toMatchObject([{ event: 'press refused', who: 'Olu Owner' }]);
  });

  test('made twice counts once; the second hears who was first', async () => {
    const message = await given(proposed());
    await send(request(message, 'Approve', 'U0123APPROVER'));
    await send(request(message, 'Approve', 'U0123SECOND'));
    expect((await journal()).map(({ event }) => event)).toEqual(['approved', 'press refused']);
    expect(slack.whispers()).toMatchObject([
      {
        slackUserId: 'U0123SECOND',
        text: expect.stringMatching(
          /Already done by Ada Approver: approved at 2026-11-02 10:00 UTC/u,
        ),
      },
    ]);
  });

  test('on an outdated message is refused although it would be legal now', async () => {
    const message = await given(overlapping());
    await send(request(message, 'Snooze 4 h', 'U0123OWNER'));
    await send(request(message, 'Pause', 'U0123OWNER'));
    expect((await journal()).map(({ event }) => event)).toEqual(['snoozed', 'press refused']);
    expect(await stageNow()).toMatchObject({ name: 'overlapping' });
    expect(shown(message.ts).edits).toBe(2);
  });

  test('on a message that the system outdated says where the rotation stands', async () => {
    const message = await given(overlapping());
    await advance(deps.shell, rotationId, { type: 'key gone', what: 'user' });
    await send(request(message, 'Pause', 'U0123OWNER'));
    expect(slack.whispers()[0]?.text).toContain('moved on meanwhile. It stands at: Done');
    expect(shown(message.ts).text).toContain('was already gone');
  });

  test('on another message than the remembered one is refused', async () => {
    const message = await given(proposed());
    const copy = { ...message, ts: '1762000000.000009' };
    await send(request(copy, 'Approve', 'U0123APPROVER'));
    await send(request({ ...message, channel: 'C0OTHER' }, 'Approve', 'U0123APPROVER'));
    expect(await journal()).toMatchObject([{ event: 'press refused' }, { event: 'press refused' }]);
    expect(await stageNow()).toEqual(proposed());
  });

  test.each([
    ['app', { appId: 'A0OTHER' }],
    ['workspace', { teamId: 'T0OTHER' }],
  ])('of another %s is turned away, and journalled', async (_, other) => {
    const message = await given(proposed());
    expect(await send(request(message, 'Approve', 'U0123APPROVER', other))).toBe(403);
    expect(await journal()).toMatchObject([{ event: 'press refused' }]);
    expect(await stageNow()).toEqual(proposed());
    expect(slack.whispers()).toEqual([]);
  });

  test('on a rotation that is not known is answered', async () => {
    const message = await given(proposed());
    deps = { ...deps, shell: { ...deps.shell, store: memoryStore() } };
    expect(await send(request(message, 'Approve', 'U0123APPROVER'))).toBe(200);
    expect(slack.whispers()[0]?.text).toContain('no such rotation');
  });
});

describe('two at once', () => {
  test('one counts, the other hears of it', async () => {
    const message = await given(proposed());
    const events = [
      request(message, 'Approve', 'U0123APPROVER'),
      request(message, 'Abandon', 'U0123ADMIN'),
      request(message, 'Pause', 'U0123SECOND'),
    ];
    await Promise.all(events.map(send));
    const entries = await journal();
    expect(entries.filter(({ event }) => event !== 'press refused')).toHaveLength(1);
    expect(entries).toHaveLength(3);
    expect(slack.whispers()).toHaveLength(2);
    for (const { text } of slack.whispers()) expect(text).toContain('Already done by');
  });

  test('the version is checked when it is committed, not only before', async () => {
    const message = await given(overlapping());
    let isFirst = true;
    const rival = { type: 'snoozed', by: approver, hours: 4 } as const;
    const racing = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        if (isFirst) {
          isFirst = false;
          await advance({ ...deps.shell, store }, rotationId, rival);
        }
        await store.commit(change);
      },
    };
    deps = { ...deps, shell: { ...deps.shell, store: racing } };
    await send(request(message, 'Pause', 'U0123OWNER'));
    expect((await journal()).map(({ event }) => event)).toEqual(['snoozed', 'press refused']);
    expect(await stageNow()).toMatchObject({ name: 'overlapping' });
  });
});

describe('what is not from Slack', () => {
  test('is turned away, and nothing of it is kept', async () => {
    const message = await given(proposed());
    const event = request(message, 'Approve', 'U0123APPROVER', { signingSecret: 'forged' });
    expect(await send(event)).toBe(401);
    expect(await send({ ...event, headers: {} })).toBe(401);
    expect(await send({ headers: {}, isBase64Encoded: false })).toBe(401);
    expect(await journal()).toEqual([]);
    expect(slack.whispers()).toEqual([]);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(JSON.stringify(lines)).not.toMatch(/U0123APPROVER|approve/u);
  });

  test('nor is a replay of it taken ten minutes later', async () => {
    const message = await given(proposed());
    const event = request(message, 'Approve', 'U0123APPROVER');
    await clock.sleep(600_000);
    expect(await send(event)).toBe(401);
  });

  test('what is signed but no press of ours is logged by its problems alone', async () => {
    const body = new URLSearchParams({ payload: '{"type":"sentinel"}' }).toString();
    expect(await send(signed(body, { signingSecret, now: clock.now() }))).toBe(400);
    expect(lines.some(({ facts }) => Array.isArray(facts.problems))).toBe(true);
    expect(JSON.stringify(lines)).not.toContain('sentinel');
  });
});

describe('when something is down', () => {
  test('a press counts although Slack takes no answer', async () => {
    const message = await given(proposed());
    slack.fail({ kind: 'error', error: 'internal_error' });
    expect(await send(request(message, 'Approve', 'U0123APPROVER'))).toBe(200);
    expect(await stageNow()).toMatchObject({ approval: { given: true } });
    expect(lines.map((line) => line.message)).toContain('Slack could not be told about a press');
  });

  test('Slack gets its answer although telling takes for ever', async () => {
    const message = await given(proposed());
    const never = () => new Promise<never>(() => undefined);
    deps = { ...deps, messenger: { update: never }, patienceMillis: 1 };
    expect(await send(request(message, 'Approve', 'U0123APPROVER'))).toBe(200);
  });

  test('whoever pressed hears when the records cannot be reached', async () => {
    const message = await given(proposed());
    const broken = { ...store, load: () => Promise.reject(new Error('store down')) };
    deps = { ...deps, shell: { ...deps.shell, store: broken } };
    expect(await send(request(message, 'Approve', 'U0123APPROVER'))).toBe(200);
    expect(slack.whispers()[0]?.text).toContain('could not reach its records');
    expect(lines.map(({ message: line }) => line)).toContain('a press could not be decided');
  });
});
