/** The story that the terminal tells: what was so at each moment, each thing once, in order. */
import { beforeAll, describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { companyAccounts } from '../../sandbox/company.ts';
import { type Demo, playDemo } from '../../sandbox/demo.ts';
import { type StoryLine, storyLines } from '../../sandbox/story.ts';
import { account, givenWorld } from './given-world.ts';

let demo: Demo;
let lines: StoryLine[];

beforeAll(async () => {
  const told: StoryLine[] = [];
  demo = await playDemo({
    onProgress: (_, more) => {
      told.push(...more);
      return true;
    },
  });
  lines = told;
});

const update = 'BatchUpdateFindings';

const of = (kind: StoryLine['kind'], including = '') =>
  lines.filter((line) => line.kind === kind && line.text.includes(including));

describe('the story', () => {
  test('is told in the order of time, and nothing of it twice', async () => {
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted());
    const whole = lines.map(({ at, kind, text }) => `${at} ${kind} ${text}`);
    expect(whole.filter((line, index) => whole.indexOf(line) !== index)).toEqual([]);
  });

  test('leaves nothing out between one look and the next', async () => {
    const { world, cast, company } = demo;
    const span = { after: plus(world.clock.now(), { days: -90 }), until: world.clock.now() };
    const consumers = company.flatMap((settled) => settled.consumers);
    const doings = { pressed: cast.pressed, consumers };
    const again = await storyLines(world, companyAccounts, doings, span);
    expect(lines).toHaveLength(again.length);
    const parts = ({ at, kind }: StoryLine) => `${at} ${kind}`;
    expect(lines.map(parts)).toEqual(again.map(parts));
  });

  test('tells of every kind of thing', () => {
    for (const kind of [
      'event',
      'press',
      'decision',
      'runbook',
      'slack',
      'pager',
      'hub',
    ] as const) {
      expect(of(kind).length, kind).toBeGreaterThan(2);
    }
  });
});

describe('what Slack showed', () => {
  test('is what it said when it was posted, not what it says now', () => {
    const heads = of('slack', '#access-keys: ');
    expect(heads).toHaveLength(7);
    for (const { text } of heads) expect(text).toContain('Approval wanted by');
  });

  test('is told of every reply, with whose thread it stands in', () => {
    const replies = demo.world.slack.messages().filter(({ threadTs }) => threadTs !== null);
    expect(of('slack', 'thread of ')).toHaveLength(replies.length);
    expect(of('slack', 'thread of svc-legacy-sync: On hold.')).toHaveLength(1);
    expect(of('slack', 'deleted message')).toEqual([]);
  });

  test('is not told of updates', () => {
    const { messages, whispers, history } = demo.world.slack;
    expect(of('slack')).toHaveLength(messages().length + whispers().length);
    expect(history().some(({ how }) => how === 'updated')).toBe(true);
  });

  test('is named where only one person saw it', () => {
    expect(of('slack', 'only to U0MALLORY: ')).toHaveLength(1);
  });
});

describe('a press', () => {
  test('comes before what it led to', () => {
    const press = lines.findIndex(({ text }) => text.includes('Mallory (a stranger) presses'));
    const whisper = lines.findIndex(({ text }) => text.startsWith('only to U0MALLORY'));
    expect(press).toBeGreaterThan(0);
    expect(press).toBeLessThan(whisper);
  });
});

describe('a form', () => {
  test('is opened by a press, sent as Slack shows it, and counts', () => {
    const { modals } = demo.world.slack;
    expect(modals().map(({ slackUserId, view }) => [slackUserId, view.title.text])).toEqual([
      ['U0OLIVIA', 'Snooze until'],
    ]);
    expect(of('press', 'svc-nightly-report').map(({ text }) => text)).toEqual([
      'Ada Approver presses Approve on svc-nightly-report (HTTP 200)',
      'Olivia Owens presses Custom… on svc-nightly-report (HTTP 200)',
      'Olivia Owens sends the form "Snooze until" about svc-nightly-report: ' +
        '2026-11-07 12:15 UTC (HTTP 200)',
    ]);
    const snoozed = 'thread of svc-nightly-report: Snoozed by Olivia Owens for 24 h';
    expect(of('slack', snoozed).map(({ text }) => text)).toEqual([
      `${snoozed}: now due 2026-11-07 12:15 UTC.`,
    ]);
    const did = lines.findIndex(({ text }) => text.startsWith('Olivia Owens sends'));
    const heard = lines.findIndex(({ text }) => text.includes(snoozed));
    expect(heard).toBeGreaterThan(did);
    const deleted = of('decision', 'svc-nightly-report').at(-1);
    expect(deleted).toMatchObject({ at: expect.stringMatching(/^2026-11-07T12:15/) });
  });
});

describe('what Security Hub holds', () => {
  test('is told with user, workflow and the first words of the note', () => {
    expect(of('hub', '111122223333/svc-billing-export').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Security Hub has \S+ as NOTIFIED, "New: access key .* …"$/),
      expect.stringContaining('as NOTIFIED, "Joined the rotation'),
      expect.stringContaining('as NOTIFIED, "Issuing a new key.'),
      expect.stringContaining('as NOTIFIED, "New key …'),
      expect.stringContaining('as NOTIFIED, "Switching old key …'),
      expect.stringContaining('as NOTIFIED, "Old key …'),
      expect.stringContaining('as NOTIFIED, "Deleting old key …'),
      expect.stringContaining('as RESOLVED, "Done: access key …'),
    ]);
  });

  test('is told again only when it has changed', async () => {
    const { world } = await givenWorld({ apps: [] });
    await world.runUntil(plus(world.clock.now(), { hours: 1 }));
    const first = world.cloud.history.find((call) => call.operation === update);
    for (const note of ['Same.', 'Same.', 'Other.', 'Same.']) {
      await world.cloud.call({
        service: 'securityhub',
        operation: update,
        input: { ...first?.input, Note: { Text: note, UpdatedBy: 'somebody' } },
        region: world.place.region,
        credentials: world.cloud.roleCredentials(account, 'operator', 'somebody'),
      });
    }
    const span = { after: plus(world.clock.now(), { days: -1 }), until: world.clock.now() };
    const told = (await storyLines(world, [account], { pressed: [], consumers: [] }, span)).filter(
      ({ kind }) => kind === 'hub',
    );
    expect(told.map(({ text }) => text.split('"')[1]).slice(-3)).toEqual([
      'Same.',
      'Other.',
      'Same.',
    ]);
    expect(told.filter(({ text }) => text.includes('Same.'))).toHaveLength(2);
  });

  test('is told briefly', () => {
    for (const { text } of of('hub')) expect(text.length).toBeLessThan(150);
  });

  test('ends as the account has it', () => {
    for (const { userName, workflow } of demo.report.findings) {
      expect(of('hub', `/${userName} `).at(-1)?.text).toContain(`as ${workflow}`);
    }
  });
});

describe('pages', () => {
  test('are told with why, and their ends with whose they were', () => {
    const opened = of('pager', 'PagerDuty opens');
    expect(opened).toHaveLength(demo.world.pagerDuty.incidents().length);
    expect(opened.some(({ text }) => text.includes('svc-legacy-sync: '))).toBe(true);
    const closed = of('pager', 'PagerDuty closes');
    const resolved = demo.world.pagerDuty.incidents().filter(({ status }) => status === 'resolved');
    expect(closed).toHaveLength(resolved.length);
    expect(closed[0]?.text).toContain('444455556666/svc-mobile-push');
  });
});
