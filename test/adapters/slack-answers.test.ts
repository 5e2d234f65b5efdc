/**
 * Answers, the Home tab and the summary as they look: golden files, and that Slack takes each.
 * After a wanted change: `UPDATE_GOLDEN=1 npx vitest run test/adapters/slack-answers.test.ts`, then
 * read the difference.
 */
import { describe, expect, test } from 'vitest';
import { answerMessage, homeBlocks } from '../../adapters/slack-answers.ts';
import { slackLimits } from '../../adapters/slack-limits.ts';
import { observedMessage, summaryMessage } from '../../adapters/slack-summary.ts';
import { type Answer, mostTold, type Told } from '../../domain/answer.ts';
import type { Rotation } from '../../domain/case.ts';
import { plus } from '../../domain/instant.ts';
import type { ObservedKey } from '../../domain/lists.ts';
import { mostNamed, type Summary } from '../../domain/summary.ts';
import { rule, ruleHome } from '../../sandbox/slack-rules.ts';
import { held, overlapping, proposed, rotationAt, soaking, staleKey, story } from '../builders.ts';
import { expectGoldenJson } from '../golden-file.ts';

/** The id of a key that is none. */
const id = (end: string) => ['AKIA', 'IOSFODNN7', end].join('');

const now = story.opened;
const me = 'U0123OWNER';
const channel = 'C0KEYS';

const told = (rotation: Rotation, where = channel): Told => ({ rotation, channel: where });
const three = [
  told(rotationAt(held())),
  told(rotationAt(proposed())),
  { rotation: rotationAt(overlapping(), { owner: { known: false } }), channel: undefined },
];
const none = { told: [], more: 0 };
const until = plus(now, { days: 7 });

const answers: Readonly<Record<string, Answer>> = {
  stranger: { to: 'stranger' },
  help: { to: 'help' },
  'help-not-understood': { to: 'help', problem: 'status takes one key' },
  mine: { to: 'mine', told: three, more: 2 },
  'mine-none': { to: 'mine', ...none },
  due: { to: 'due', until, own: false, told: three.slice(1), more: 0 },
  'due-none-of-mine': { to: 'due', until, own: true, ...none },
  'status-one': { to: 'status', told: [told(rotationAt(soaking()))], more: 0 },
  'status-several': { to: 'status', told: three, more: 0 },
  'status-none': { to: 'status', ...none },
};

const summary: Summary = {
  day: '2026-11-23',
  at: now,
  counts: [
    { stage: 'proposed', count: 1 },
    { stage: 'held', count: 8 },
  ],
  due: { told: three.slice(1), more: 0 },
  held: { told: three.slice(0, 1), more: 7 },
  isAnyObserved: true,
  uncovered: { gaps: ['account 444455556666 was not read: no <role> lets Keyturn in'], more: 2 },
};

const observed: readonly ObservedKey[] = ['svc-billing', '<!channel>`*&'].map(
  (userName, index) => ({
    ...{ partition: 'aws', account: '111122223333', userName, seenAt: now },
    keyId: id(`EXAMP${index}L`),
  }),
);

const shown: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [name, answerMessage(answer, me)]),
  ),
  home: homeBlocks({ to: 'mine', told: three, more: 0 }, me, now),
  'home-stranger': homeBlocks({ to: 'stranger' }, 'U0STRANGER', now),
  summary: summaryMessage(summary),
  observed: observedMessage(observed),
};

test.each(Object.entries(shown))('%s looks as it is written down', (name, message) => {
  expectGoldenJson(`slack-answers/${name}.json`, message);
});

/** As large, and as hostile, as it can be. */
describe('the worst that others can name', () => {
  const hostile = `"\\<!channel><@U0X>${'&"\\<'.repeat(80)}\n\u202e`;
  const user = { ...staleKey.user, userName: hostile };
  const owner = { known: true, slackUserId: 'no id', name: hostile } as const;
  const reason = { code: 'paused', text: hostile.repeat(5) } as const;
  const worst = told(rotationAt(held({ reason }), { key: { ...staleKey, user }, owner }), hostile);
  const many = (count: number) => ({ told: Array(count).fill(worst), more: 9999 });

  test.each([
    answerMessage({ to: 'mine', ...many(mostTold) }, me),
    answerMessage({ to: 'due', until, own: false, ...many(mostTold) }, me),
    answerMessage({ to: 'status', ...many(mostTold) }, me),
    answerMessage({ to: 'status', told: [worst], more: 0 }, me),
    summaryMessage({ ...summary, due: many(mostNamed), held: many(mostNamed) }),
    observedMessage(Array(25).fill({ ...observed[0], userName: hostile })),
  ])('is taken by Slack, and stays text', (message) => {
    expect(rule(JSON.stringify(message.blocks))).toMatchObject({ ok: true });
    expect(message.text.length).toBeLessThanOrEqual(slackLimits.text);
    expect(JSON.stringify(message)).not.toMatch(/<!channel>|<@U0X>|\u202e/);
  });

  test('in the Home tab, too', () => {
    const blocks = homeBlocks({ to: 'mine', ...many(mostTold) }, me, now);
    expect(ruleHome(JSON.stringify({ type: 'home', blocks }))).toMatchObject({ ok: true });
  });
});
