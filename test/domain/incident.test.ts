/** Incidents follow the machine's own orders; what people answer is shown and moves nothing. */
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import type { Effect } from '../../domain/effect.ts';
import type { HumanEvent } from '../../domain/event.ts';
import {
  type Concern,
  dedupKey,
  type IncidentAnswered,
  incidentAfter,
  incidentNamed,
  withIncidents,
} from '../../domain/incident.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import { answersInWords, wholeSentence } from '../../domain/status-text.ts';
import { admin, approver, held, overlapping, rotationAt, rotationId, story } from '../builders.ts';

const night = { kind: 'person', id: 'pagerduty:PNIGHT', name: 'Noa Night' } as const;

function answered(at: Instant, more: Partial<IncidentAnswered> = {}): IncidentAnswered {
  const type = 'incident answered';
  const first = { about: 'held', what: 'acknowledged', eventId: 'ONE' } as const;
  return { type, ...first, by: night, at, ...more };
}

const page = (about: Concern): Effect => ({
  type: 'page',
  about,
  severity: 'warning',
  summary: 'somebody look',
});
const clear = (about: Concern): Effect => ({ type: 'clear page', about });

/** On hold, with somebody paged. */
function paged(stage = held()): Rotation {
  return withIncidents(rotationAt(stage, { shownVersion: 3 }), [page('held')], story.deactivateAt);
}

const { deactivated: now } = story;

describe('incidents', () => {
  test('are opened by a page and closed when it is cleared, each for itself', () => {
    const both = withIncidents(paged(), [page('old-key-used')], now);
    expect(both.incidents?.map(({ about }) => about)).toEqual(['held', 'old-key-used']);
    const one = withIncidents(both, [clear('held')], now);
    expect(one.incidents).toEqual([{ about: 'old-key-used', since: now, answer: null }]);
    expect(withIncidents(one, [clear('old-key-used')], now).incidents).toEqual([]);
  });

  test('that nobody opened leave the rotation as it is', () => {
    const rotation = rotationAt(overlapping());
    expect(withIncidents(rotation, [clear('held'), clear('old-key-used')], now)).toBe(rotation);
    const open = paged();
    expect(withIncidents(open, [page('held')], now)).toBe(open);
  });

  test('begin and end with the hold that they tell of', () => {
    const rotation = rotationAt(overlapping());
    const failed = decide(rotation, { type: 'paused', by: approver }, now);
    expect('incidents' in failed.rotation, 'whoever pauses it need not be woken').toBe(false);
    const resumed = decide(paged(), { type: 'resumed', by: approver }, now);
    expect(resumed.effects).toContainEqual(clear('held'));
    expect(resumed.rotation.incidents).toEqual([]);
  });

  test('have a name in PagerDuty that leads back to them', () => {
    for (const about of ['held', 'old-key-used'] as const) {
      for (const occasion of [1, 2, 10, 999_999]) {
        const incident = { rotationId, about, occasion };
        expect(incidentNamed(dedupKey(incident))).toEqual(incident);
      }
    }
    expect(dedupKey({ rotationId, about: 'held', occasion: 1 })).toBe(`rot/${rotationId}/held`);
    expect(dedupKey({ rotationId, about: 'held', occasion: 2 })).toBe(`rot/${rotationId}/held/2`);
    const numbers = ['0', '1', '01', '-2', 'x', '2/3'].map(
      (each) => `rot/${rotationId}/held/${each}`,
    );
    const others = ['', 'rot', `rot/${rotationId}`, `rot/${rotationId}/deadline`, `x${rotationId}`];
    for (const name of [
      ...others,
      `rot/${rotationId}/held/`,
      ...numbers,
      'prod/account/111122223333',
    ]) {
      expect(incidentNamed(name), name).toBeUndefined();
    }
  });
});

describe('an acknowledgement', () => {
  test('is shown and told in the thread, and every button stays as it is', () => {
    const before = paged();
    const decision = decide(before, answered(now), now);
    expect(decision.ignored).toBeUndefined();
    expect(decision.effects).toEqual([
      {
        type: 'update message',
        news: 'Acknowledged in PagerDuty by Noa Night (on hold).',
      },
    ]);
    expect({ ...decision.rotation, incidents: [] }).toEqual({ ...before, incidents: [] });
    expect(wholeSentence(decision.rotation)).toContain(
      'Acknowledged in PagerDuty by Noa Night (on hold) at 2026-11-04 11:05 UTC.',
    );
  });

  test('told twice, or after something newer, tells nothing', () => {
    const once = decide(paged(), answered(now), now).rotation;
    expect(decide(once, answered(now), now).ignored).toBeDefined();
    const older = answered(plus(now, { hours: -1 }), { eventId: 'ZERO', what: 'unacknowledged' });
    expect(decide(once, older, now)).toMatchObject({ rotation: once, effects: [] });
  });

  test('told again about an incident that is opened anew, tells nothing of that', () => {
    const again = plus(now, { hours: 1 });
    const cleared = withIncidents(
      decide(paged(), answered(now), now).rotation,
      [clear('held')],
      now,
    );
    const anew = withIncidents(cleared, [page('held')], again);
    expect(decide(anew, answered(now), again).ignored).toBe(
      'that was about an incident before this one',
    );
    expect(decide(anew, answered(again), again).ignored).toBeUndefined();
  });

  test('of one moment come to the same in whatever order they are told, and end', () => {
    const [one, two] = [answered(now), answered(now, { eventId: 'TWO', what: 'resolved' })];
    const orders = [
      [one, two, one, two],
      [two, one, two, one],
    ];
    const ends = orders.map((told) =>
      told.reduce((rotation, each) => decide(rotation, each, now).rotation, paged()),
    );
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]?.incidents?.[0]?.answer?.eventId).toBe('TWO');
  });

  test('of no open incident tells nothing', () => {
    const rotation = rotationAt(overlapping());
    expect(decide(rotation, answered(now), now)).toEqual({
      rotation,
      effects: [],
      ignored: 'no such incident is open',
    });
    expect(decide(paged(), answered(now, { about: 'old-key-used' }), now).ignored).toBeDefined();
  });

  test('that runs out is shown as well', () => {
    const once = decide(paged(), answered(now), now).rotation;
    const later = answered(plus(now, { hours: 1 }), { eventId: 'TWO', what: 'unacknowledged' });
    const again = decide(once, later, now).rotation;
    expect(answersInWords(again)).toEqual([
      'No longer acknowledged in PagerDuty (on hold) at 2026-11-04 12:05 UTC.',
    ]);
  });

  test('lasts through another page, but what somebody resolved is opened anew', () => {
    const once = decide(paged(), answered(now), now).rotation;
    expect(withIncidents(once, [page('held')], now)).toBe(once);
    const resolved = decide(paged(), answered(now, { what: 'resolved' }), now).rotation;
    expect(answersInWords(resolved)[0]).toContain('Resolved in PagerDuty by Noa Night');
    const again = plus(now, { hours: 1 });
    expect(withIncidents(resolved, [page('held')], again).incidents).toEqual([
      { about: 'held', since: again, answer: null },
    ]);
  });

  test('counts at the end too, where a page is left to be answered', () => {
    const stage = held({ oldKey: 'unknown' });
    const exempt = decide(paged(stage), { type: 'exempted', why: 'It is exempt.' }, now);
    expect(exempt.rotation.stage.name).toBe('done');
    expect(exempt.rotation.incidents).toMatchObject([{ about: 'held', answer: null }]);
    const noted = decide(exempt.rotation, answered(now), now);
    expect(noted.ignored).toBeUndefined();
  });

  test('authorises nothing: presses are legal as before', () => {
    const once = decide(paged(), answered(now), now).rotation;
    const forced = { type: 'forced', by: admin } as const;
    expect(decide(once, forced, now).effects).toEqual(decide(paged(), forced, now).effects);
  });
});

describe('whoever acts in Slack', () => {
  const attested = { type: 'attested', by: approver } as const;
  const acknowledged = (about: Concern): Effect => ({ type: 'acknowledge page', about });
  const acks = (rotation: Rotation, by: HumanEvent) =>
    decide(rotation, by, now).effects.filter(({ type }) => type === 'acknowledge page');

  test('has in hand what is open: it is acknowledged, and not closed', () => {
    const both = withIncidents(paged(), [page('old-key-used')], now);
    const { effects, rotation } = decide(both, attested, now);
    expect(effects.slice(-2)).toEqual([acknowledged('held'), acknowledged('old-key-used')]);
    expect(rotation.incidents).toEqual(both.incidents);
    expect(effects.map(({ type }) => type)).not.toContain('clear page');
  });

  test('and ends the hold has it closed instead', () => {
    const { effects } = decide(paged(), { type: 'resumed', by: approver }, now);
    expect(effects).toContainEqual(clear('held'));
    expect(acks(paged(), { type: 'resumed', by: approver })).toEqual([]);
  });

  test('after somebody did in PagerDuty, or said that it is over, orders nothing', () => {
    for (const what of ['acknowledged', 'resolved'] as const) {
      expect(acks(decide(paged(), answered(now, { what }), now).rotation, attested)).toEqual([]);
    }
    const ranOut = answered(now, { what: 'unacknowledged' });
    expect(acks(decide(paged(), ranOut, now).rotation, attested)).toEqual([acknowledged('held')]);
  });

  test('in vain, or where nobody was paged, orders nothing', () => {
    const refused = { type: 'press refused', by: approver, press: 'Force', why: 'no' } as const;
    expect(acks(paged(), refused)).toEqual([]);
    expect(acks(paged(), { type: 'snoozed', by: approver, hours: 24 })).toEqual([]);
    expect(acks(rotationAt(held()), attested)).toEqual([]);
    expect(acks(rotationAt(overlapping()), { type: 'paused', by: approver })).toEqual([]);
  });

  test('is a person: the machine’s own events acknowledge nothing', () => {
    const { effects } = decide(paged(), { type: 'deadline passed' }, plus(now, { days: 2 }));
    expect(effects).toEqual([]);
  });
});

test('the incident that an order is about follows from the orders before it', () => {
  const [held_, used] = [page('held'), page('old-key-used')];
  const occasions = (orders: readonly Effect[]) => incidentAfter(orders, 'held').occasion;
  expect(occasions([])).toBe(1);
  expect(occasions([held_, held_])).toBe(1);
  expect(occasions([held_, clear('held')])).toBe(2);
  expect(occasions([held_, clear('held'), clear('held'), held_])).toBe(2);
  expect(occasions([clear('held'), clear('held')]), 'nothing was open').toBe(1);
  expect(occasions([used, clear('old-key-used'), held_])).toBe(1);
  expect(occasions([held_, clear('held'), held_, clear('held')])).toBe(3);
});
