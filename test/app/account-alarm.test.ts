/** An account that lets nobody in is told of once, and once more when it does again. */
import { describe, expect, test } from 'vitest';
import { accountAlarm } from '../../app/account-alarm.ts';
import { Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';

const start = instant('2026-11-02T08:00:00Z');
const account = '444455556666';
const reader = 'keyturn-reader';
const launcher = 'keyturn-launcher';

const refused = () => Promise.reject(new Error('an alarm has no use for that'));

function givenAlarm() {
  const clock = virtualClock(start);
  const said: string[] = [];
  const logged: unknown[] = [];
  const down = { pager: false, slack: false };
  const alarm = accountAlarm({
    clock,
    deployment: 'keyturn/dev/aws/111122223333/eu-west-1',
    log: { info: () => undefined, error: (message, facts) => logged.push({ message, ...facts }) },
    messenger: {
      tellTeam: async (news) => {
        if (down.slack) throw new Transient('Slack is down');
        said.push(`team: ${news}`);
      },
    },
    pager: {
      trigger: async ({ dedupKey, severity }) => {
        if (down.pager) throw new Transient('PagerDuty is down');
        said.push(`page ${severity}: ${dedupKey}`);
      },
      resolve: async (dedupKey) => {
        if (down.pager) throw new Transient('PagerDuty is down');
        said.push(`clear: ${dedupKey}`);
      },
      acknowledge: refused,
      reportChange: refused,
    },
  });
  const minutes = async (count: number, refuses: readonly string[]) => {
    for (let minute = 0; minute < count; minute++) {
      await clock.runUntil(plus(clock.now(), { minutes: 1 }));
      for (const role of [reader, launcher]) {
        if (refuses.includes(role)) alarm.refused(account, role, `${role} is missing`);
        else alarm.opened(account, role);
      }
      await alarm.heed();
    }
  };
  return { alarm, said, logged, down, minutes, clock };
}

const key = `keyturn/dev/aws/111122223333/eu-west-1/account/${account}`;
const broken = (what: string) =>
  `team: Rotations of account ${account} wait, those of all others go on: ${what}.`;
const mended = `team: Account ${account} lets Keyturn in again: its rotations go on.`;

describe('an account that lets nobody in', () => {
  test('is told of once, however often it is tried', async () => {
    const { minutes, said, logged } = givenAlarm();
    await minutes(600, [reader]);
    expect(said).toEqual([`page error: ${key}`, broken('keyturn-reader is missing')]);
    expect(logged).toEqual([
      {
        message: 'account not entered',
        account,
        role: reader,
        problem: 'keyturn-reader is missing',
      },
    ]);
  });

  test('is told of once although several roles are missing; over when all are back', async () => {
    const { minutes, said } = givenAlarm();
    await minutes(60, [reader, launcher]);
    await minutes(60, [launcher]);
    expect(said).toEqual([
      `page error: ${key}`,
      broken('keyturn-reader is missing; keyturn-launcher is missing'),
    ]);
    await minutes(60, []);
    expect(said.slice(2)).toEqual([mended, `clear: ${key}`]);
  });

  test('again is another incident', async () => {
    const { minutes, said } = givenAlarm();
    await minutes(5, [reader]);
    await minutes(5, []);
    await minutes(5, [reader]);
    expect(said.filter((each) => each.startsWith('page'))).toHaveLength(2);
    expect(said.filter((each) => each.startsWith('team: Rotations'))).toHaveLength(2);
  });

  test('of which nobody can be told is tried again in an hour, and never throws', async () => {
    const { minutes, said, down, logged } = givenAlarm();
    down.slack = true;
    await minutes(59, [reader]);
    expect(said).toEqual([`page error: ${key}`]);
    expect(logged).toHaveLength(2);
    down.slack = false;
    await minutes(10, [reader]);
    expect(said).toEqual([`page error: ${key}`, broken('keyturn-reader is missing')]);
  });
});

describe('an account that lets Keyturn in', () => {
  test('has an incident of an earlier instance cleared, once, and nobody is told', async () => {
    const { minutes, said } = givenAlarm();
    await minutes(200, []);
    expect(said).toEqual([`clear: ${key}`]);
  });

  test('many of them are cleared some at a time', async () => {
    const { alarm, said, clock } = givenAlarm();
    for (let index = 0; index < 50; index++) alarm.opened(String(index).padStart(12, '0'), reader);
    await alarm.heed();
    expect(said).toHaveLength(20);
    await clock.runUntil(plus(clock.now(), { minutes: 1 }));
    await alarm.heed();
    expect(said).toHaveLength(40);
  });
});
