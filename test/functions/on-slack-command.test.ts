/** A question in Slack, from the signed request to the answer and the Home tab. */
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { answerMessage } from '../../adapters/slack-answers.ts';
import { slackHome } from '../../adapters/slack-home.ts';
import { slackInquiryReader } from '../../adapters/slack-inquiry.ts';
import type { Rotation } from '../../domain/case.ts';
import { plus } from '../../domain/instant.ts';
import type { Person } from '../../domain/people.ts';
import type { RotationStore } from '../../domain/ports.ts';
import type { HttpRequest } from '../../domain/requests.ts';
import { onSlackCommandHandler, type SlackCommandDeps } from '../../functions/on-slack-command.ts';
import { anEvent, challenged, homeOpened, typed } from '../../sandbox/asker.ts';
import { type SlackStandIn, slackStandIn } from '../../sandbox/slack.ts';
import { rule } from '../../sandbox/slack-rules.ts';
import {
  done,
  held,
  inUse,
  overlapping,
  proposed,
  soaking,
  staleKey,
  story,
  use,
  user,
} from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';

/** The id of a key that is none. */
const id = (end: string) => ['AKIA', 'IOSFODNN7', end].join('');

const botToken = ['xoxb', 'sandbox'].join('-');
const signingSecret = 'signing-secret '.repeat(2);
const app = { appId: 'A0KEYTURN', teamId: 'T0SANDBOX' };
const now = plus(story.opened, { hours: 1 });

const people: readonly Person[] = [
  { slackUserId: 'U0OLU', name: 'Olu Owner', roles: ['owner'] },
  { slackUserId: 'U0OMAR', name: 'Omar Owner', roles: ['owner'] },
  { slackUserId: 'U0VERA', name: 'Vera Viewer', roles: ['viewer'] },
  { slackUserId: 'U0ADA', name: 'Ada Approver', roles: ['approver'] },
  { slackUserId: 'U0NOOR', name: 'Noor Admin', roles: ['admin'] },
  { slackUserId: 'U0NONE', name: 'No Roles', roles: [] },
];

let store: RotationStore;
let slack: SlackStandIn;
let deps: SlackCommandDeps;
let lines: string[];

beforeEach(() => {
  store = memoryStore();
  slack = slackStandIn({
    now: () => now,
    botToken,
    ...app,
    channel: { id: 'C0KEYS', name: 'keys' },
  });
  lines = [];
  const note = (message: string, facts: object) =>
    void lines.push(JSON.stringify([message, facts]));
  deps = {
    store,
    people,
    slack: app,
    clock: { now: () => now },
    log: { info: note, error: note },
    reader: slackInquiryReader(async () => [signingSecret]),
    publishHome: slackHome({ botToken: async () => botToken, fetch: slack.fetch }),
    render: answerMessage,
  };
});

const finger = (slackUserId: string) => ({ slackUserId, ...app, signingSecret, now });

async function send(event: HttpRequest) {
  const answer = await onSlackCommandHandler(deps)(event);
  if (!('statusCode' in answer)) throw new Error('no answer');
  return answer;
}

/** What somebody is told; Slack would take it, and shows it to nobody else. */
async function ask(slackUserId: string, text: string): Promise<{ text: string; shown: string }> {
  const { statusCode, body, headers } = await send(typed(text, finger(slackUserId)));
  expect([statusCode, headers['content-type']]).toEqual([200, 'application/json']);
  const { response_type, text: said, blocks, ...others } = JSON.parse(body);
  expect([response_type, others]).toEqual(['ephemeral', {}]);
  expect(rule(JSON.stringify(blocks))).toMatchObject({ ok: true });
  return { text: said, shown: JSON.stringify(blocks) };
}

const owner = (slackUserId: string) =>
  ({ known: true, slackUserId, name: slackUserId.toLowerCase() }) as const;
const later = (hours: number) => plus(now, { hours });

async function given(
  id: string,
  keyId: string,
  stage: Rotation['stage'],
  changes: Partial<Rotation> = {},
) {
  const key = { ...staleKey, keyId };
  const made = unopened(id, { owner: owner('U0OLU'), key, ...changes }, stage);
  await commit(store, made);
  await store.rememberMessage(id, { channel: 'C0KEYS', ts: '1.2' });
}

describe('mine', () => {
  test('lists the rotations of the asker: held first, then by deadline', async () => {
    await given('a', id('AAAAAAA'), overlapping({ deactivateAt: later(30) }));
    await given('b', id('BBBBBBB'), proposed({ answerBy: later(3) }));
    await given('c', id('CCCCCCC'), held({ since: later(-1) }));
    await given('d', id('DDDDDDD'), soaking(), { owner: owner('U0OMAR') });
    await given('e', id('EEEEEEE'), done());
    const { text, shown } = await ask('U0OLU', 'mine');
    expect(text).toContain('Of your keys 3 are being rotated.');
    const order = ['…CCCC', '…BBBB', '…AAAA'].map((key) => shown.indexOf(key));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(Math.min(...order)).toBeGreaterThan(0);
    expect(shown).not.toMatch(/…DDDD|…EEEE/);
    const seconds = Date.parse(later(3)) / 1000;
    expect(shown).toContain(`<!date^${seconds}^{date_short_pretty} at {time}|`);
    expect(shown).toContain('<#C0KEYS>');
  });

  test('tells how many more there are, and when there is nothing to do', async () => {
    for (let index = 10; index < 22; index += 1) {
      await given(`r${index}`, id(`AAAAA${index}`), proposed({ answerBy: later(index) }));
    }
    const { text, shown } = await ask('U0OLU', 'mine');
    expect(text).toContain('Of your keys 12 are being rotated.');
    expect(text).toContain('And 2 more.');
    expect(shown).toContain('…AA19');
    expect(shown).not.toContain('…AA20');
    expect((await ask('U0OMAR', 'mine')).text).toContain('there is nothing to do');
  });
});

describe('status', () => {
  beforeEach(async () => {
    const evidence = inUse({ at: now, uses: [use(now)] });
    await given('a', id('AAAWXYZ'), overlapping({ evidence }));
    await given('b', id('BBBWXYZ'), held(), { owner: owner('U0OMAR') });
    await given('c', id('CCCDONE'), done());
  });

  test.each([id('AAAWXYZ'), id('AAAWXYZ').toLowerCase(), `\`${id('AAAWXYZ')}\``, 'wxyz', '…WXYZ'])(
    'tells an owner by %s how the key stands, without anything to press',
    async (named) => {
      const { text, shown } = await ask('U0OLU', `status ${named}`);
      expect(text).toContain('Both keys work: old key …WXYZ');
      expect(shown).toContain('▶️ Overlap: both keys work');
      expect(shown).toContain('The old key was last used by');
      expect(shown).not.toContain('"actions"');
    },
  );

  test('lists several that are meant; owners see their own, all other roles see all', async () => {
    for (const who of ['U0VERA', 'U0ADA', 'U0NOOR']) {
      const { text } = await ask(who, 'status WXYZ');
      expect(text).toContain('2 rotations are meant');
      expect((await ask(who, `status ${id('BBBWXYZ')}`)).text).toContain('On hold since');
    }
    const none = 'No rotation of such a key is there, or none that you may see.';
    expect((await ask('U0OLU', `status ${id('BBBWXYZ')}`)).text).toBe(none);
    expect((await ask('U0VERA', 'status QQQQ')).text).toBe(none);
    expect((await ask('U0NONE', `status ${id('BBBWXYZ')}`)).text).toBe(none);
  });

  test('of a key that is done, and by the id of a rotation', async () => {
    expect((await ask('U0OLU', `status ${id('CCCDONE')}`)).text).toContain('Done at');
    expect((await ask('U0OLU', 'status done')).text).toContain('Done at');
    const rotationId = '0191d6a2-1111-5222-8333-444455556666';
    await given(rotationId, id('DDDDDDD'), soaking());
    expect((await ask('U0VERA', `status ${rotationId.toUpperCase()}`)).text).toContain('is off');
  });
});

describe('due', () => {
  beforeEach(async () => {
    await given('a', id('AAAAAAA'), overlapping({ deactivateAt: later(30) }));
    await given('b', id('BBBBBBB'), proposed({ answerBy: later(3) }), {
      owner: owner('U0OMAR'),
    });
    await given('c', id('CCCCCCC'), soaking({ deleteAt: later(24 * 7 + 1) }));
    await given('d', id('DDDDDDD'), held());
  });

  test('tells whose deadline comes within seven days, soonest first', async () => {
    const { text, shown } = await ask('U0VERA', 'due');
    expect(text).toMatch(/^Deadlines until .* UTC, over all keys: 2\./);
    expect(shown.indexOf('…BBBB')).toBeGreaterThan(0);
    expect(shown.indexOf('…AAAA')).toBeGreaterThan(shown.indexOf('…BBBB'));
    expect(shown).not.toMatch(/…CCCC|…DDDD/);
  });

  test('tells an owner of their own only', async () => {
    const { text, shown } = await ask('U0OLU', 'due');
    expect(text).toMatch(/of your keys: 1\./);
    expect(shown).not.toContain('…BBBB');
  });
});

describe('who asks', () => {
  test('and is not among the people learns how to get in, whatever is asked', async () => {
    await given('a', id('AAAAAAA'), overlapping());
    for (const text of ['mine', 'due', 'status AAAA', 'help', 'nonsense', '']) {
      const { text: said } = await ask('U0MALLORY', text);
      expect(said).toBe(
        'Keyturn does not know you: ask an admin to add you to its people and roles. ' +
          'Your Slack user id is U0MALLORY.',
      );
    }
  });

  test('for help, or for what there is not, is told what there is', async () => {
    for (const text of ['', 'help', ' HELP ']) {
      expect((await ask('U0NONE', text)).text).toContain('/keyturn status KEY');
    }
    const hostile = 'status <!channel> *all* <https://example.com|key>';
    const { text, shown } = await ask('U0VERA', hostile);
    expect(text).toContain('Not understood: status takes one key.');
    expect(`${text}${shown}`).not.toMatch(/channel|example\.com/);
  });

  test('in another workspace, or by another app, gets nothing', async () => {
    const other = { ...finger('U0VERA'), teamId: 'T0OTHER' };
    expect(await send(typed('due', other))).toMatchObject({ statusCode: 403, body: '' });
    expect((await send(homeOpened(other))).statusCode).toBe(403);
    const stranger = { ...finger('U0VERA'), appId: 'A0OTHER' };
    expect((await send(typed('due', stranger))).statusCode).toBe(403);
  });

  test('without a signature of ours gets nothing, a challenge included', async () => {
    const forged = { ...finger('U0VERA'), signingSecret: 'guessed' };
    for (const event of [typed('due', forged), homeOpened(forged), challenged('x', forged)]) {
      expect(await send(event)).toMatchObject({ statusCode: 401, body: '' });
    }
    const late = { ...finger('U0VERA'), now: plus(now, { minutes: -6 }) };
    expect((await send(typed('due', late))).statusCode).toBe(401);
    expect(slack.calls()).toBe(0);
  });
});

describe('the Home tab', () => {
  test('shows the rotations of whoever opens it, however often the event comes', async () => {
    await given('a', id('AAAAAAA'), overlapping());
    for (const _ of [1, 2]) {
      expect(await send(homeOpened(finger('U0OLU')))).toMatchObject({ statusCode: 200, body: '' });
    }
    const shown = JSON.stringify(slack.home('U0OLU'));
    expect(shown).toContain('My key rotations');
    expect(shown).toContain('…AAAA');
    expect(shown).not.toContain('"button"');
    expect(slack.messages()).toEqual([]);
  });

  test('says to a stranger how to get in', async () => {
    await send(homeOpened(finger('U0MALLORY')));
    expect(JSON.stringify(slack.home('U0MALLORY'))).toContain('Your Slack user id is U0MALLORY');
  });

  test('is sent again by Slack while that may help, and only then', async () => {
    slack.fail({ kind: 'unreachable' });
    expect((await send(homeOpened(finger('U0OLU')))).statusCode).toBe(503);
    slack.fail({ kind: 'error', error: 'not_enabled' });
    const { statusCode, headers } = await send(homeOpened(finger('U0OLU')));
    expect([statusCode, headers['x-slack-no-retry']]).toEqual([200, '1']);
    expect(lines.join()).toContain('not_enabled');
  });

  test('answers the challenge of Slack, and hears other events in silence', async () => {
    const answer = await send(challenged('3eZbrw1aBm2rZgRNFdxV', finger('U0OLU')));
    expect(JSON.parse(answer.body)).toEqual({ challenge: '3eZbrw1aBm2rZgRNFdxV' });
    const other = { type: 'event_callback', team_id: app.teamId, event: { type: 'message' } };
    expect((await send(anEvent(other, finger('U0OLU')))).statusCode).toBe(200);
    expect(slack.calls()).toBe(0);
  });
});

describe('what goes wrong', () => {
  test('is said to who asked by command, and nothing of the body is logged', async () => {
    deps = { ...deps, store: { ...store, ownedBy: () => Promise.reject(new Error('table down')) } };
    const { body, statusCode } = await send(typed('mine', finger('U0OLU')));
    expect(statusCode).toBe(200);
    expect(body).toContain('Ask again in a minute');
    expect(lines.join()).toContain('table down');
    expect(lines.join()).not.toMatch(/mine|U0OLU|hooks\.slack/);
  });

  test('a store that does not answer does not outlast the patience of Slack', async () => {
    const stuck = { ...store, ownedBy: () => new Promise<never>(() => undefined) };
    deps = { ...deps, store: stuck, patienceMillis: 5 };
    expect((await send(typed('mine', finger('U0OLU')))).body).toContain('Ask again in a minute');
    expect((await send(homeOpened(finger('U0OLU')))).statusCode).toBe(503);
  });

  test('hostile names stay text', async () => {
    const userName = '<!channel>`*_&x'.repeat(4);
    const key = { ...staleKey, keyId: id('AAAAAAA'), user: { ...user, userName } };
    await given('a', key.keyId, overlapping(), { key });
    for (const text of ['mine', 'due', 'status AAAA']) {
      const answer = await ask('U0OLU', text);
      expect(`${answer.text}${answer.shown}`, text).not.toContain('<!channel>');
    }
  });
});
