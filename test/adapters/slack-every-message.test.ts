/**
 * The message at every stage, end and reason, and what each role may do with it: one page that a
 * reviewer reads, and the limits for all of them. After a wanted change:
 * `UPDATE_GOLDEN=1 npx vitest run test/adapters/slack-every-message.test.ts`, then read the
 * difference. How a message is laid out, test/golden/slack/ shows.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rotationMessage, rotationSentence } from '../../adapters/slack-blocks.ts';
import { formOf, pressOfAction } from '../../adapters/slack-buttons.ts';
import { slackLimits } from '../../adapters/slack-limits.ts';
import type { Rotation } from '../../domain/case.ts';
import { type Person, roles } from '../../domain/people.ts';
import { mayPress } from '../../domain/permission.ts';
import { offers, pressName } from '../../domain/press.ts';
import { whatToDo } from '../../domain/status-text.ts';
import { buttonsOf } from '../../sandbox/clicker.ts';
import { rule } from '../../sandbox/slack-rules.ts';
import { proposed, rotationAt, staleKey, user } from '../builders.ts';
import { atEveryEnd, atEveryStage, heldEverywhere, type Situation } from './every-situation.ts';

const file = join(import.meta.dirname, '../golden/slack-every-message.md');
const all: readonly Situation[] = [
  ...atEveryStage,
  ...atEveryEnd,
  ...heldEverywhere.flatMap(({ forEach }) => forEach),
];

const labelsOf = ({ rotation, now }: Situation) =>
  buttonsOf(rotationMessage(rotation, now)).map(({ label }) => label.replace(/ → .*/, ''));

/** Who is in the page's columns; the owner's key it is. */
const persons: readonly (readonly [string, Person | undefined])[] = [
  ['stranger', undefined],
  ...roles.map((role) => [role, personAs(role === 'owner', role)] as const),
  ['another owner', personAs(false, 'owner')],
  ['owner who is an approver', personAs(true, 'owner', 'approver')],
];

function personAs(isOwner: boolean, ...given: Person['roles']): Person {
  return { slackUserId: isOwner ? 'U0123OWNER' : 'U0123OTHER', name: 'Somebody', roles: given };
}

function page(): string {
  const section = (situation: Situation) => [
    `## ${situation.name}`,
    '',
    rotationSentence(situation.rotation),
    '',
    `Buttons: ${labelsOf(situation).join(', ') || 'none'}.`,
    '',
  ];
  const lines = [
    '# What Slack shows of a rotation, and to whom it answers',
    '',
    'Written by test/adapters/slack-every-message.test.ts.',
    '',
    ...[...atEveryStage, ...atEveryEnd].flatMap(section),
    '## Each reason for being on hold, in the words of its message',
    '',
    ...(heldEverywhere[0]?.forEach ?? []).map(
      ({ code, rotation }) => `- ${code}: ${rotationSentence(rotation)}`,
    ),
    '',
    '## What is offered on hold',
    '',
    ...heldEverywhere.flatMap(({ where, forEach }) => [
      `### ${where}`,
      '',
      ...grouped(forEach, (each) => `${labelsOf(each).join(', ')}. – ${whatToDo(each.rotation)}`),
      '',
    ]),
    '## Who may press what, and what everybody else hears',
    '',
    ...persons.flatMap(([name, person]) => [`### ${name}`, '', ...verdicts(person), '']),
  ];
  return `${lines.join('\n').trim()}\n`;
}

/** Reasons that come to the same stand together. */
function grouped(
  situations: (typeof heldEverywhere)[number]['forEach'],
  comesTo: (situation: Situation) => string,
): readonly string[] {
  const groups = Object.entries(Object.groupBy(situations, comesTo));
  return groups.map(([what, members = []]) =>
    groups.length === 1
      ? `- any reason: ${what}`
      : `- ${members.map(({ code }) => code).join(', ')}: ${what}`,
  );
}

function verdicts(person: Person | undefined): readonly string[] {
  const rotation = rotationAt(proposed());
  return offers.map((offer) => {
    const verdict = mayPress(person, offer, rotation);
    const name = typeof offer === 'string' ? offer : pressName(offer);
    return `- ${name}: ${verdict.ok ? 'yes' : `no – ${verdict.why}`}`;
  });
}

test('the page is as it is written down', () => {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, page());
  const golden = existsSync(file) ? readFileSync(file, 'utf8') : 'no file';
  expect(page(), 'see the head of this test for what to do').toBe(golden);
});

/** The same rotation, in which everything that outsiders name is `text`. */
function named(rotation: Rotation, text: string): Rotation {
  return {
    ...rotation,
    key: { ...staleKey, user: { ...user, userName: text, account: text, tags: { team: text } } },
    owner: { known: true, slackUserId: text, name: text },
  };
}

describe.each(all.map((each) => [each.name, each] as const))('%s', (_, { rotation, now }) => {
  test('is accepted by Slack, says what to do, and shows no whole key', () => {
    const { text, blocks } = rotationMessage(rotation, now);
    expect(rule(JSON.stringify(blocks))).toMatchObject({ ok: true });
    expect(text).toContain(whatToDo(rotation));
    expect(JSON.stringify({ text, blocks })).not.toContain('AKIA');
  });

  test.each([
    '<!channel> <@U0000EVIL> <https://evil.example|here> & `*_~',
    '&'.repeat(5000),
    '🔑'.repeat(2500),
  ])('hostile names stay text, within the limits: %#', (evil) => {
    const { text, blocks } = rotationMessage(named(rotation, evil), now);
    const ruling = rule(JSON.stringify(blocks));
    expect(ruling).toMatchObject({ ok: true });
    expect(text.length).toBeLessThanOrEqual(slackLimits.text);
    for (const shown of [text, JSON.stringify(blocks)]) {
      expect(shown).not.toMatch(/<!channel|<@U0000EVIL|<https:\/\/evil/u);
      expect(shown.isWellFormed()).toBe(true);
    }
  });
});

test('every button that is offered anywhere is a press or form that permissions know', () => {
  for (const { rotation, now } of all) {
    for (const { button } of buttonsOf(rotationMessage(rotation, now))) {
      const offer = pressOfAction(button.action_id) ?? formOf(button.action_id);
      expect(offer, button.action_id).toBeDefined();
      if (offer !== undefined) expect(mayPress(undefined, offer, rotation).ok).toBe(false);
    }
  }
});
