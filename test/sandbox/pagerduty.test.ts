/** The sandbox's PagerDuty is as strict as the real one: what it has to refuse, and its answers. */
import { describe, expect, test } from 'vitest';
import { pagerDutyStandIn } from '../../sandbox/pagerduty.ts';

const routingKey = 'r'.repeat(32);
const paths = { event: '/v2/enqueue', change: '/v2/change/enqueue' } as const;

async function sent(path: string, body: unknown) {
  const pagerDuty = pagerDutyStandIn(routingKey);
  const { status, text } = await pagerDuty.fetch(`https://events.pagerduty.com${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(1000),
  });
  return { status, answer: JSON.parse(await text()), pagerDuty };
}

const payload = { summary: 'On hold.', source: 'account', severity: 'warning' };
const trigger = { routing_key: routingKey, event_action: 'trigger', dedup_key: 'k', payload };
const acknowledge = { routing_key: routingKey, event_action: 'acknowledge', dedup_key: 'k' };
const change = { routing_key: routingKey, payload: { summary: 'Done.' } };

const timestamp = '2026-11-02T08:00:00.000Z';

describe('takes', () => {
  test.each([
    ['a trigger', paths.event, trigger],
    ['a summary of 1024', paths.event, withPayload({ summary: 'x'.repeat(1024) })],
    ['a dedup key of 255', paths.event, { ...trigger, dedup_key: 'k'.repeat(255) }],
    ['to acknowledge what is not open', paths.event, acknowledge],
    ['to resolve what is not open', paths.event, { ...acknowledge, event_action: 'resolve' }],
    ['a change', paths.change, change],
    ['a change with all', paths.change, changed({ timestamp, source: 'x', custom_details: {} })],
  ])('%s', async (_, path, event) => {
    expect(await sent(path, event)).toMatchObject({ status: 202, answer: { status: 'success' } });
  });
});

describe('refuses', () => {
  test.each([
    ['what is no JSON', paths.event, 'x'],
    ['another action', paths.event, { ...trigger, event_action: 'escalate' }],
    ['no action', paths.event, { ...trigger, event_action: undefined }],
    ['a trigger without a payload', paths.event, { ...trigger, payload: undefined }],
    ['a routing key of 31', paths.event, { ...trigger, routing_key: 'r'.repeat(31) }],
    ['another one’s routing key', paths.event, { ...trigger, routing_key: 's'.repeat(32) }],
    ['a dedup key of 256', paths.event, { ...trigger, dedup_key: 'k'.repeat(256) }],
    ['to acknowledge nothing', paths.event, { ...acknowledge, dedup_key: undefined }],
    ['a summary of 1025', paths.event, withPayload({ summary: 'x'.repeat(1025) })],
    ['an empty summary', paths.event, withPayload({ summary: '' })],
    ['another severity', paths.event, withPayload({ severity: 'fatal' })],
    ['no source', paths.event, withPayload({ source: undefined })],
    ['a link that is none', paths.event, { ...trigger, links: [{ href: 'here' }] }],
    ['a change without a summary', paths.change, changed({ summary: undefined })],
    ['a change with a summary of 1025', paths.change, changed({ summary: 'x'.repeat(1025) })],
    ['a change with a severity', paths.change, changed({ severity: 'info' })],
    ['a change with a dedup key', paths.change, { ...change, dedup_key: 'k' }],
    ['a change at no moment', paths.change, changed({ timestamp: 'now' })],
    ['a change for another one', paths.change, { ...change, routing_key: 's'.repeat(32) }],
  ])('%s', async (_, path, event) => {
    const { status, answer, pagerDuty } = await sent(path, event);
    expect(status).toBe(400);
    expect(answer).toMatchObject({ status: 'invalid event', errors: expect.any(Array) });
    expect([...pagerDuty.incidents(), ...pagerDuty.changes()]).toEqual([]);
  });

  test.each([paths.event, paths.change])('more than 512 KB at %s', async (path) => {
    const custom_details = { text: 'x'.repeat(512 * 1024) };
    const event =
      path === paths.event ? withPayload({ custom_details }) : changed({ custom_details });
    expect((await sent(path, event)).status).toBe(413);
  });

  test('other addresses', async () => {
    expect((await sent('/v2/incidents', trigger)).status).toBe(404);
  });
});

function withPayload(changes: object): object {
  return { ...trigger, payload: { ...payload, ...changes } };
}

function changed(changes: object): object {
  return { ...change, payload: { ...change.payload, ...changes } };
}
