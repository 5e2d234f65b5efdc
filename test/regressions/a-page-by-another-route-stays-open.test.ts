/**
 * A team's own routing key was missing when somebody had to be paged, and the default one stood in.
 * By the time the incident was over the key had been put in: the incident was acknowledged and
 * resolved with that one, with which there was none, and stayed open.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { pagerDutyAlerts } from '../../adapters/pagerduty-alerts.ts';
import { Transient } from '../../domain/errors.ts';
import { type PagerDutyStandIn, pagerDutyStandIn } from '../../sandbox/pagerduty.ts';
import { held, policyWith, rotationAt, rotationId } from '../builders.ts';

const usual = 'sentinel'.repeat(4);
const own = 'payments'.repeat(4);
const dedupKey = `rot/${rotationId}/held`;
const rotation = rotationAt(held(), { policy: policyWith({ pagerDuty: 'payments' }) });
const incident = { dedupKey, summary: 'On hold.', severity: 'warning', rotation } as const;

let pagerDuty: PagerDutyStandIn;
let isThere: boolean;
let sent: number;
let refused: string | null;

const pager = pagerDutyAlerts({
  routingKey: async (name = 'default') => (name === 'payments' && isThere ? own : usual),
  fetch: async (url, request) => {
    sent += 1;
    if (refused !== null && request.body.includes(refused)) throw new Error('fetch failed');
    return pagerDuty.fetch(url, request);
  },
});

beforeEach(() => {
  pagerDuty = pagerDutyStandIn(usual, own);
  [isThere, sent, refused] = [false, 0, null];
});

const statuses = () => pagerDuty.incidents().map(({ status }) => status);

test.each([
  ['acknowledged', () => pager.acknowledge(dedupKey, 'payments')],
  ['resolved', () => pager.resolve(dedupKey, 'payments')],
])('it is %s, wherever it was opened', async (status, done) => {
  await pager.trigger(incident);
  isThere = true;
  await done();
  expect(pagerDuty.incidents(usual).map((each) => each.status)).toEqual([status]);
  expect(pagerDuty.incidents(own)).toEqual([]);
});

test('and one that the team was paged for is, too', async () => {
  isThere = true;
  await pager.trigger(incident);
  expect(pagerDuty.incidents(own)).toHaveLength(1);
  await pager.resolve(dedupKey, 'payments');
  expect(statuses()).toEqual(['resolved']);
});

test('where there is one routing key it is sent once', async () => {
  await pager.trigger(incident);
  await pager.resolve(dedupKey, 'payments');
  expect(sent).toBe(2);
});

describe('one that PagerDuty does not take', () => {
  test.each([
    ['the own one', own],
    ['the default one', usual],
  ])('%s: keeps the other from nothing, and is tried again', async (_, which) => {
    isThere = true;
    await pager.trigger(incident);
    isThere = false;
    await pager.trigger(incident);
    [isThere, refused] = [true, which];
    await expect(pager.resolve(dedupKey, 'payments')).rejects.toThrow(Transient);
    expect(statuses().toSorted()).toEqual(['resolved', 'triggered']);
    refused = null;
    await pager.resolve(dedupKey, 'payments');
    expect(statuses()).toEqual(['resolved', 'resolved']);
  });
});
