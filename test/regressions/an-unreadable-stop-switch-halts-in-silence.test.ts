/**
 * A stop switch that cannot be read counts as pulled: rightly. But nobody was told that everything
 * stood still, and nobody had meant it.
 */
import { describe, expect, test } from 'vitest';
import { pagerDutyAlerts } from '../../adapters/pagerduty-alerts.ts';
import { stopAlarm } from '../../app/stop-alarm.ts';
import { tick } from '../../app/tick.ts';
import { type Duration, instant, millisOf } from '../../domain/instant.ts';
import type { StopState } from '../../domain/ports.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { memoryLog } from '../../sandbox/memory-log.ts';
import { pagerDutyStandIn } from '../../sandbox/pagerduty.ts';
import { givenShell } from '../app/given-shell.ts';

const unreadable: StopState = { stopped: true, why: 'parameter p cannot be read', since: null };
const pulled: StopState = { stopped: true, why: 'a drill', since: '2026-11-02T07:00:00.000Z' };
const go: StopState = { stopped: false };

function given() {
  const clock = virtualClock(instant('2026-11-02T08:00:00Z'));
  const key = 'k'.repeat(32);
  const pagerDuty = pagerDutyStandIn(key);
  let calls = 0;
  const pager = pagerDutyAlerts({
    routingKey: async () => key,
    fetch: async (...request) => {
      calls += 1;
      return pagerDuty.fetch(...request);
    },
  });
  const { lines, log } = memoryLog(clock.now);
  const begin = () => stopAlarm({ pager, clock, log, deployment: 'keyturn/prod/aws/1/eu-west-1' });
  let alarm = begin();
  return {
    pagerDuty,
    lines,
    calls: () => calls,
    /** The function's next instance knows nothing of the one before. */
    restart: () => {
      alarm = begin();
    },
    /** A tick every minute for so long, all of which read that. */
    ticks: async (stop: StopState, time: Duration) => {
      for (let minutes = millisOf(time) / 60_000; minutes > 0; minutes -= 1) {
        await alarm.heed(stop);
        await clock.sleep(60_000);
      }
    },
  };
}

const minute = { minutes: 1 };

test('unreadable: somebody is paged, once, with what to do about it', async () => {
  const { ticks, pagerDuty, calls } = given();
  await ticks(unreadable, { minutes: 60 });
  expect(calls()).toBe(1);
  expect(pagerDuty.incidents()).toMatchObject([
    {
      dedupKey: 'keyturn/prod/aws/1/eu-west-1/stop switch',
      status: 'triggered',
      severity: 'critical',
      summary: 'Keyturn is halted, and nobody stopped it: parameter p cannot be read',
      triggers: 1,
    },
  ]);
  await ticks(unreadable, minute);
  expect(calls()).toBe(2);
  expect(pagerDuty.incidents()).toHaveLength(1);
});

test.each([go, pulled])('readable again: it is cleared, once (%j)', async (stop) => {
  const { ticks, pagerDuty, calls } = given();
  await ticks(unreadable, minute);
  await ticks(stop, { hours: 3 });
  expect(pagerDuty.incidents()).toMatchObject([{ status: 'resolved' }]);
  expect(calls()).toBe(2);
});

test('a switch that somebody pulled pages nobody', async () => {
  const { ticks, pagerDuty } = given();
  await ticks(go, minute);
  await ticks(pulled, { hours: 3 });
  expect(pagerDuty.incidents()).toEqual([]);
});

test('one that comes and goes pages no more often than every hour', async () => {
  const { ticks, pagerDuty } = given();
  for (let round = 0; round < 20; round += 1) {
    await ticks(unreadable, minute);
    await ticks(go, { minutes: 2 });
  }
  expect(pagerDuty.incidents()).toHaveLength(1);
  await ticks(unreadable, minute);
  expect(pagerDuty.incidents().map(({ status }) => status)).toEqual(['resolved', 'triggered']);
});

test('what an earlier instance paged for is cleared by a later one', async () => {
  const { ticks, pagerDuty, restart } = given();
  await ticks(unreadable, minute);
  restart();
  await ticks(go, minute);
  expect(pagerDuty.incidents()).toMatchObject([{ status: 'resolved' }]);
});

describe('while PagerDuty is down', () => {
  test('paging goes on every tick until it gets through, and stops no tick', async () => {
    const { ticks, pagerDuty, lines } = given();
    pagerDuty.fail({ kind: 'unreachable' });
    await ticks(unreadable, { minutes: 2 });
    expect(lines.map(({ message }) => message)).toEqual([
      'stop alarm: paging failed',
      'stop alarm: paging failed',
    ]);
    pagerDuty.fail(null);
    await ticks(unreadable, minute);
    expect(pagerDuty.incidents()).toHaveLength(1);
  });

  test('clearing is tried again every hour', async () => {
    const { ticks, pagerDuty, calls } = given();
    await ticks(unreadable, minute);
    pagerDuty.fail({ kind: 'status', status: 500 });
    await ticks(go, { minutes: 60 });
    expect(calls()).toBe(2);
    pagerDuty.fail(null);
    await ticks(go, minute);
    expect(pagerDuty.incidents()).toMatchObject([{ status: 'resolved' }]);
  });
});

test('the tick heeds what it reads, whether it goes on or not', async () => {
  const { shell } = await givenShell();
  const heeded: StopState[] = [];
  const stopAlarm = {
    heed: async (stop: StopState) => {
      heeded.push(stop);
    },
  };
  for (const stop of [unreadable, go]) {
    await tick({ ...shell, stopAlarm, stopSwitch: { read: async () => stop } });
  }
  expect(heeded).toEqual([unreadable, go]);
});
