/** PagerDuty: what is sent, what each answer becomes, and the life of an incident. */
import { beforeEach, describe, expect, test } from 'vitest';
import { pagerDutyAlerts } from '../../adapters/pagerduty-alerts.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type PagerDutyStandIn, pagerDutyStandIn } from '../../sandbox/pagerduty.ts';
import { held, rotationAt, rotationId, staleKey, user } from '../builders.ts';

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

  test('that does not exist is resolved without harm', async () => {
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
