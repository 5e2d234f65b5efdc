/** What PagerDuty tells: read as it documents it, with nothing of it quoted. */
import { describe, expect, test } from 'vitest';
import { pagerDutyReader, parseIncident } from '../../adapters/pagerduty-webhook.ts';
import { dedupKey } from '../../domain/incident.ts';
import { signedByAll, told, webhookOf } from '../../sandbox/on-call.ts';
import { rotationId, story } from '../builders.ts';

const answer = {
  what: 'acknowledged',
  dedupKey: dedupKey({ rotationId, about: 'held', occasion: 1 }),
  who: { id: 'PLH1HKV', name: 'Tenex Engineer' },
  at: story.deactivated,
  eventId: '01BUZY0X7GD8O8V0ZSG6CVUBQX',
} as const;

const webhookAgent = { id: 'PLH1HKV', type: 'user_reference', summary: 'Tenex Engineer' };

type Webhook = { event: Record<string, unknown> & { data: Record<string, unknown> } };

function parsedWith(change: (webhook: Webhook) => void) {
  const webhook = structuredClone(webhookOf(answer)) as Webhook;
  change(webhook);
  return parseIncident(Buffer.from(JSON.stringify(webhook)));
}

test('an acknowledgement says which incident, who, when, and its own id', () => {
  expect(parsedWith(() => undefined)).toEqual({
    ok: true,
    value: {
      rotationId,
      occasion: 1,
      answered: {
        type: 'incident answered',
        about: 'held',
        what: 'acknowledged',
        by: { kind: 'person', id: 'pagerduty:PLH1HKV', name: 'Tenex Engineer' },
        at: story.deactivated,
        eventId: answer.eventId,
      },
    },
  });
});

describe('what concerns no rotation is nothing', () => {
  test.each([
    ['another kind of event', ({ event }: Webhook) => (event.event_type = 'incident.annotated')],
    ['a new incident', ({ event }: Webhook) => (event.event_type = 'incident.triggered')],
    ['the test of a subscription', ({ event }: Webhook) => (event.event_type = 'pagey.ping')],
    ['an incident of others', ({ event }: Webhook) => (event.data.incident_key = 'cpu/web-1')],
    ['one without a key', ({ event }: Webhook) => (event.data.incident_key = null)],
  ])('%s', (_, change) => {
    expect(parsedWith(change)).toEqual({ ok: true, value: null });
  });
});

test.each(['unacknowledged', 'resolved', 'reopened'])('%s is told, whoever did it', (what) => {
  for (const agent of [webhookAgent, { id: 'PSVC', type: 'service_reference' }, null]) {
    const parsed = parsedWith(({ event }) => {
      event.event_type = `incident.${what}`;
      event.agent = agent;
    });
    expect(parsed).toMatchObject({ ok: true, value: { answered: { what } } });
  }
});

test.each([
  ['nobody', null, 'pagerduty', 'PagerDuty itself'],
  [
    'a service',
    { id: 'PSVC', type: 'service_reference', summary: 'Zap' },
    'pagerduty:PSVC',
    'PagerDuty itself',
  ],
  ['an odd id', { id: 'P/../X', type: 'user_reference', summary: ' ' }, 'pagerduty', 'somebody'],
  [
    'a long name of two lines',
    { id: 'P1', type: 'user_reference', summary: `A\nB${'x'.repeat(300)}` },
    'pagerduty:P1',
    `A B${'x'.repeat(36)}…`,
  ],
])('%s has a name to show', (_, agent, id, name) => {
  const parsed = parsedWith(({ event }) => (event.agent = agent));
  expect(parsed).toMatchObject({ ok: true, value: { answered: { by: { id, name } } } });
});

describe('what is not as documented is refused, and nothing of it quoted', () => {
  test.each([
    ['no event', (webhook: Partial<Webhook>) => delete webhook.event, ['event']],
    ['no id', ({ event }: Webhook) => delete event.id, ['event.id']],
    ['an id of many lines', ({ event }: Webhook) => (event.id = 'sentinel\n'), ['event.id']],
    ['no type', ({ event }: Webhook) => delete event.event_type, ['event.event_type']],
    ['no time', ({ event }: Webhook) => (event.occurred_at = 'sentinel'), ['event.occurred_at']],
    ['no incident', ({ event }: Webhook) => (event.data = [] as never), []],
    ['an agent that is text', ({ event }: Webhook) => (event.agent = 'sentinel'), ['event.agent']],
  ])('%s', (_, change, places) => {
    const parsed = parsedWith(change as (webhook: Webhook) => void);
    const problems = parsed.ok ? [] : parsed.problems;
    if (places.length > 0) expect(parsed.ok).toBe(false);
    expect(problems).toEqual(
      places.map((place) => `${place} is missing or not as PagerDuty sends it`),
    );
  });

  test.each([
    ['no JSON', Buffer.from('sentinel')],
    ['no UTF-8', Buffer.from([0xff, 0xfe])],
  ])('%s', (_, body) => {
    expect(parseIncident(body)).toEqual({
      ok: false,
      problems: ['the body is not JSON in UTF-8'],
    });
  });
});

describe('the reader', () => {
  test('asks for no secret for what carries no signature', async () => {
    const reader = pagerDutyReader(() => Promise.reject(new Error('it was asked')));
    const unsigned = { headers: {}, body: '{}', isBase64Encoded: false };
    expect(await reader.read(unsigned)).toEqual({ genuine: false });
  });

  test('reads nothing of what is not signed with a secret of ours', async () => {
    const reader = pagerDutyReader(async () => ['ours']);
    expect(await reader.read(told(answer, ['theirs']))).toEqual({ genuine: false });
    expect(await reader.read(signedByAll('sentinel', ['theirs']))).toEqual({ genuine: false });
    expect(await reader.read(told(answer, ['ours']))).toMatchObject({
      genuine: true,
      told: { ok: true },
    });
  });

  test('finds a secret that was exchanged since', async () => {
    const reader = pagerDutyReader(
      async () => ['before'],
      async () => ['ours', 'before'],
    );
    for (const secret of ['before', 'ours']) {
      expect(await reader.read(told(answer, [secret]))).toMatchObject({ genuine: true });
    }
    expect(await reader.read(told(answer, ['theirs']))).toEqual({ genuine: false });
  });
});
