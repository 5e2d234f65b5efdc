/**
 * A team's routing key that PagerDuty refuses paged nobody: the default one stood in for a missing
 * key alone. And a default one that it refuses had every end of a team's incident tried again for a
 * month, although the team's own had taken it.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { pagerDutyAlerts } from '../../adapters/pagerduty-alerts.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type PagerDutyStandIn, pagerDutyStandIn } from '../../sandbox/pagerduty.ts';
import { held, policyWith, rotationAt, rotationId, story } from '../builders.ts';

const usual = 'sentinel'.repeat(4);
const own = 'payments'.repeat(4);
const dedupKey = `rot/${rotationId}/held`;
const rotation = rotationAt(held(), { policy: policyWith({ pagerDuty: 'payments' }) });
const incident = { dedupKey, summary: 'On hold.', severity: 'warning', rotation } as const;

let refused: (readonly [string, string])[];

beforeEach(() => {
  refused = [];
});

const pagerFor = (pagerDuty: PagerDutyStandIn) =>
  pagerDutyAlerts({
    routingKey: async (name = 'default') => (name === 'payments' ? own : usual),
    fetch: pagerDuty.fetch,
    onRefused: (name, problem) => refused.push([name, problem]),
  });

describe('the team’s own is refused', () => {
  test('whoever has the default one is paged at once, and that is said', async () => {
    const pagerDuty = pagerDutyStandIn(usual);
    await pagerFor(pagerDuty).trigger(incident);
    expect(pagerDuty.incidents(usual)).toMatchObject([{ status: 'triggered', triggers: 1 }]);
    expect(refused).toEqual([['payments', expect.stringContaining('check the routing key')]]);
    expect(JSON.stringify(refused)).not.toContain(own);
  });

  test('changes are reported there, too', async () => {
    const pagerDuty = pagerDutyStandIn(usual);
    await pagerFor(pagerDuty).reportChange({ summary: 'Done.', at: story.deleted, rotation });
    expect(pagerDuty.changes()).toHaveLength(1);
    expect(refused.map(([name]) => name)).toEqual(['payments']);
  });

  test('the incident ends there; the own one may hold it still, and is tried', async () => {
    const pagerDuty = pagerDutyStandIn(usual);
    await pagerFor(pagerDuty).trigger(incident);
    await expect(pagerFor(pagerDuty).resolve(dedupKey, 'payments')).rejects.toThrow(Permanent);
    expect(pagerDuty.incidents(usual)).toMatchObject([{ status: 'resolved' }]);
  });

  test('what may pass waits for the team’s own: nobody else is woken', async () => {
    const pagerDuty = pagerDutyStandIn(usual, own);
    pagerDuty.fail({ kind: 'status', status: 503 });
    await expect(pagerFor(pagerDuty).trigger(incident)).rejects.toThrow(Transient);
    expect(refused).toEqual([]);
  });
});

describe('the default one is refused', () => {
  test.each([
    ['acknowledge', 'acknowledged'],
    ['resolve', 'resolved'],
  ] as const)('%s: the own one took it', async (action, status) => {
    const pagerDuty = pagerDutyStandIn(own);
    const pager = pagerFor(pagerDuty);
    await pager.trigger(incident);
    await pager[action](dedupKey, 'payments');
    expect(pagerDuty.incidents(own)).toMatchObject([{ status }]);
    expect(refused.map(([name]) => name)).toEqual(['default']);
  });

  test('and the own one, too: then it has failed', async () => {
    const pager = pagerFor(pagerDutyStandIn());
    await expect(pager.trigger(incident)).rejects.toThrow(Permanent);
    await expect(pager.resolve(dedupKey, 'payments')).rejects.toThrow(Permanent);
    expect(refused).toEqual([]);
  });
});
