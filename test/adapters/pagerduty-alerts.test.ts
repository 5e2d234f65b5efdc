/** PagerDuty: what is sent, what each answer becomes, and the life of an incident. */
import { beforeEach, describe, expect, test } from 'vitest';
import { pagerDutyAlerts } from '../../adapters/pagerduty-alerts.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type PagerDutyStandIn, pagerDutyStandIn } from '../../sandbox/pagerduty.ts';
import { held, policyWith, rotationAt, rotationId, staleKey, story, user } from '../builders.ts';

const routingKey = 'sentinel'.repeat(4);
const dedupKey = `rot/${rotationId}/held`;
const rotation = rotationAt(held());
const incident = { dedupKey, summary: 'On hold.', severity: 'warning', rotation } as const;

let pagerDuty: PagerDutyStandIn;
const pagerWith = (key = routingKey) =>
  pagerDutyAlerts({ routingKey: async () => key, fetch: pagerDuty.fetch });

beforeEach(() => {
  pagerDuty = pagerDutyStandIn(routingKey);
});

test('a team has its own routing key, for triggering and for resolving', async () => {
  const asked: (string | undefined)[] = [];
  const pager = pagerDutyAlerts({
    routingKey: async (name) => {
      asked.push(name);
      return routingKey;
    },
    fetch: pagerDuty.fetch,
  });
  const policy = policyWith({ pagerDuty: 'payments' });
  await pager.trigger({ ...incident, rotation: { ...rotation, policy } });
  expect(asked).toEqual(['payments']);
  await pager.resolve(dedupKey, 'payments');
  expect(asked.slice(1), 'there it is looked for, and by default').toContain('payments');
  asked.length = 0;
  await pager.trigger({ dedupKey, summary: 'Halted.', severity: 'error', deployment: 'keyturn' });
  expect(asked).toEqual([undefined]);
});

describe('an incident', () => {
  test('is triggered with what the one on call needs, and resolved', async () => {
    await pagerWith().trigger(incident);
    expect(pagerDuty.incidents()).toEqual([
      {
        dedupKey,
        status: 'triggered',
        severity: 'warning',
        summary: 'On hold.',
        links: [
          { href: expect.stringContaining('https://eu-west-1.console'), text: expect.any(String) },
        ],
        triggers: 1,
      },
    ]);
    await pagerWith().resolve(dedupKey);
    expect(pagerDuty.incidents()).toMatchObject([{ status: 'resolved' }]);
  });

  test('stays one while it is open, acknowledged or not, and is new afterwards', async () => {
    const pager = pagerWith();
    await pager.trigger(incident);
    pagerDuty.acknowledge(dedupKey);
    await pager.trigger({ ...incident, severity: 'critical' });
    expect(pagerDuty.incidents()).toMatchObject([
      { status: 'acknowledged', severity: 'critical', triggers: 2 },
    ]);
    await pager.resolve(dedupKey);
    await pager.trigger(incident);
    expect(pagerDuty.incidents()).toMatchObject([{ status: 'resolved' }, { status: 'triggered' }]);
  });

  test('is acknowledged, and closed by that no more than it is opened', async () => {
    const pager = pagerWith();
    await pager.trigger(incident);
    await pager.acknowledge(dedupKey);
    expect(pagerDuty.incidents()).toMatchObject([{ status: 'acknowledged', triggers: 1 }]);
    await pager.resolve(dedupKey);
    await pager.acknowledge(dedupKey);
    expect(pagerDuty.incidents()).toMatchObject([{ status: 'resolved' }]);
  });

  test('that does not exist is acknowledged and resolved without harm', async () => {
    await pagerWith().acknowledge('rot/unknown/held');
    await pagerWith().resolve('rot/unknown/held');
    expect(pagerDuty.incidents()).toEqual([]);
  });

  test('is never too long, nor broken into lines', async () => {
    const key = { ...staleKey, user: { ...user, userName: '🔑'.repeat(2000) } };
    const long = { ...incident, summary: 'a\n'.repeat(2000), rotation: { ...rotation, key } };
    await pagerWith().trigger(long);
    expect(pagerDuty.incidents()[0]?.summary).toMatch(/^a a a .*…$/u);
    expect(pagerDuty.incidents()[0]?.summary.length).toBeLessThanOrEqual(1024);
  });
});

describe('a change', () => {
  test('is reported with whose key it was, and when, and is no incident', async () => {
    await pagerWith().reportChange({ summary: 'Done.', at: story.deleted, rotation });
    const source = '111122223333/svc-billing';
    expect(pagerDuty.changes()).toEqual([{ summary: 'Done.', source, timestamp: story.deleted }]);
    expect(pagerDuty.incidents()).toEqual([]);
  });

  test('is never too long, nor broken into lines', async () => {
    const key = { ...staleKey, user: { ...user, userName: '🔑'.repeat(2000) } };
    const long = { summary: 'a\n'.repeat(2000), at: story.deleted, rotation: { ...rotation, key } };
    await pagerWith().reportChange(long);
    expect(pagerDuty.changes()[0]?.summary).toMatch(/^a a a .*…$/u);
  });

  test.each([
    [429, Transient],
    [500, Transient],
    [400, Permanent],
  ])('answered with %i is tried again or not, as incidents are', async (status, kind) => {
    pagerDuty.fail({ kind: 'status', status });
    const attempt = pagerWith().reportChange({ summary: 'x', at: story.deleted, rotation });
    await expect(attempt).rejects.toBeInstanceOf(kind);
    await expect(attempt).rejects.toThrow(/report the change of rotation/u);
  });
});

describe('a routing key that PagerDuty refuses', () => {
  const before = 'revoked!'.repeat(4);
  const withKeys = (again: () => Promise<string>) =>
    pagerDutyAlerts({
      routingKey: async () => before,
      routingKeyAgain: again,
      fetch: pagerDuty.fetch,
    });

  test('is read again, and the event is sent with the new one', async () => {
    const pager = withKeys(async () => routingKey);
    await pager.trigger(incident);
    await pager.reportChange({ summary: 'Done.', at: story.deleted, rotation });
    expect(pagerDuty.incidents()).toHaveLength(1);
    expect(pagerDuty.changes()).toHaveLength(1);
  });

  test('and is the same still is told, without the key', async () => {
    const attempt = withKeys(async () => before).trigger(incident);
    await expect(attempt).rejects.toThrow(/400 \(Invalid routing key\); check the routing key/u);
    await expect(attempt).rejects.not.toThrow('revoked!');
  });

  test('is not asked for where PagerDuty is down', async () => {
    const pager = withKeys(() => Promise.reject(new Error('nobody asks')));
    for (const status of [429, 408, 500, 503]) {
      pagerDuty.fail({ kind: 'status', status });
      await expect(pager.resolve(dedupKey)).rejects.toBeInstanceOf(Transient);
    }
  });
});

describe('failures', () => {
  test.each([429, 500, 502, 503, 408])('%i may pass', async (status) => {
    pagerDuty.fail({ kind: 'status', status });
    await expect(pagerWith().trigger(incident)).rejects.toBeInstanceOf(Transient);
  });

  test('so may no answer at all', async () => {
    pagerDuty.fail({ kind: 'unreachable' });
    await expect(pagerWith().resolve(dedupKey)).rejects.toBeInstanceOf(Transient);
  });

  test.each([400, 401, 403, 404, 413, 200])('%i does not pass by itself', async (status) => {
    pagerDuty.fail({ kind: 'status', status });
    await expect(pagerWith().trigger(incident)).rejects.toBeInstanceOf(Permanent);
  });

  test('a refused event says why, without the routing key', async () => {
    const attempt = pagerWith('short-sentinel').trigger(incident);
    await expect(attempt).rejects.toThrow(/400 \(Length of 'routing_key' is incorrect/u);
    await expect(attempt).rejects.not.toThrow('sentinel');
  });

  test('an answer that echoes the routing key does not get it into the error', async () => {
    const pager = pagerDutyAlerts({
      routingKey: async () => routingKey,
      fetch: async () => ({
        status: 400,
        text: async () => JSON.stringify({ errors: [`unknown key ${routingKey}`] }),
      }),
    });
    await expect(pager.trigger(incident)).rejects.toThrow('unknown key (routing key)');
  });

  test('a dedup key that PagerDuty would refuse is not sent', async () => {
    const attempt = pagerWith().resolve('x'.repeat(256));
    await expect(attempt).rejects.toBeInstanceOf(Permanent);
    await expect(pagerWith().resolve('')).rejects.toBeInstanceOf(Permanent);
  });
});
