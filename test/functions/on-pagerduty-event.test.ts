/** An answer to a page, from the signed request to the journal and the message in Slack. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { onPagerDutyEventHandler } from '../../functions/on-pagerduty-event.ts';
import { buttonsOf, type HttpEvent } from '../../sandbox/clicker.ts';
import { type PageAnswer, signedByAll, told } from '../../sandbox/on-call.ts';
import { webhookSecret } from '../../sandbox/settings.ts';
import { type GivenUser, givenUser } from '../sandbox/given-user.ts';

const secrets = webhookSecret.signingSecrets;
const who = { id: 'PNIGHT', name: '<!channel> *Noa*' };

let given: GivenUser;

/** On hold, with a page that nobody has answered: nobody approved in time. */
beforeEach(async () => {
  given = await givenUser({ keys: [{ ageDays: 120, program: {} }], mode: 'approve' });
  await given.pass({ days: 8 });
  expect(await given.stage()).toMatchObject({ name: 'held', reason: { code: 'unanswered' } });
});

async function acknowledged(more: Partial<PageAnswer> = {}): Promise<PageAnswer> {
  const { id } = await given.rotation();
  const at = given.world.clock.now();
  const first = { what: 'acknowledged', dedupKey: `rot/${id}/held`, eventId: 'ONE' } as const;
  return { ...first, who, at, ...more };
}

async function send(event: HttpEvent): Promise<number> {
  const answer = await given.world.handlers.onPagerDutyEvent(event);
  return 'statusCode' in answer ? answer.statusCode : 0;
}

const journal = async () => given.world.store.journal((await given.rotation()).id);

test('an acknowledgement shows in Slack within a minute, and is journalled', async () => {
  const before = await given.buttons();
  expect(await send(told(await acknowledged(), secrets))).toBe(200);
  await given.pass({ minutes: 1 });
  const said = 'Acknowledged in PagerDuty by';
  expect(await given.thread()).toContain(said);
  const message = await given.message();
  expect(JSON.stringify(message.blocks)).toContain(`${said} &lt;!channel&gt; *Noa*`);
  expect(message.text).toContain(said);
  expect(await given.buttons()).toEqual(before);
  const entry = (await journal()).find(({ event }) => event.type === 'incident answered');
  expect(entry).toMatchObject({
    actor: { kind: 'person', id: 'pagerduty:PNIGHT' },
    from: 'held',
    to: 'held',
    ignored: null,
  });
});

test('whoever looks at the message as it was may press all the same', async () => {
  const offered = buttonsOf(await given.message()).length;
  expect(offered).toBeGreaterThan(0);
  await send(told(await acknowledged(), secrets));
  await given.press('ada', 'Approve');
  expect((await given.stage()).name).not.toBe('held');
});

test('told twice, late or out of order, only news is written down', async () => {
  const event = told(await acknowledged(), secrets);
  await send(event);
  const noted = await journal();
  expect(await send(event)).toBe(200);
  const older = plus(given.world.clock.now(), { hours: -1 });
  expect(await send(told(await acknowledged({ at: older, eventId: 'TWO' }), secrets))).toBe(200);
  expect(await journal()).toEqual(noted);
});

test('once it goes on, nothing of it is shown any more', async () => {
  await send(told(await acknowledged(), secrets));
  await given.press('ada', 'Approve');
  await given.pass({ minutes: 1 });
  expect((await given.rotation()).incidents).toEqual([]);
  const noted = await journal();
  expect(await send(told(await acknowledged({ eventId: 'LATE' }), secrets))).toBe(200);
  expect(await journal()).toEqual(noted);
});

describe('nothing comes of', () => {
  test.each<[string, number, () => Promise<HttpEvent>]>([
    ['a forged request', 401, async () => told(await acknowledged(), ['theirs'])],
    ['an unsigned one', 401, async () => ({ ...told(await acknowledged(), secrets), headers: {} })],
    ['no JSON', 400, async () => signedByAll('sentinel', secrets)],
    ['another format', 400, async () => signedByAll('{"messages":[]}', secrets)],
    [
      'a ping',
      200,
      async () => signedByAll('{"event":{"id":"1","event_type":"pagey.ping"}}', secrets),
    ],
    [
      'an incident of others',
      200,
      async () => told(await acknowledged({ dedupKey: 'x' }), secrets),
    ],
    [
      'a rotation that there is not',
      200,
      async () => {
        const dedupKey = 'rot/00000000-0000-5000-8000-000000000000/held';
        return told(await acknowledged({ dedupKey }), secrets);
      },
    ],
  ])('%s', async (_, status, event) => {
    const before = await journal();
    const slackCalls = given.world.slack.calls();
    expect(await send(await event())).toBe(status);
    expect(await journal()).toEqual(before);
    expect(given.world.slack.calls()).toBe(slackCalls);
    expect(JSON.stringify(given.world.log)).not.toContain('sentinel');
  });
});

test('what cannot be noted now is thrown, so that PagerDuty tells it again', async () => {
  const down = { ...given.world.store, load: () => Promise.reject(new Transient('it is down')) };
  const { clock, hub } = given.world;
  const handle = onPagerDutyEventHandler({
    shell: { ...hub.slackAction.shell, clock, store: down },
    log: hub.slackAction.log,
    reader: {
      read: async () => ({
        genuine: true,
        told: {
          ok: true,
          value: {
            rotationId: 'any',
            occasion: 1,
            answered: {
              ...{ type: 'incident answered', about: 'held', what: 'acknowledged' },
              ...{ by: { kind: 'keyturn' }, at: clock.now(), eventId: 'ONE' },
            },
          },
        },
      }),
    },
  });
  await expect(handle(told(await acknowledged(), secrets))).rejects.toBeInstanceOf(Transient);
});
