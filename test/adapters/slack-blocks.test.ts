/**
 * The rotation's message: golden files for the stages, hostile text, limits. After a wanted change:
 * `UPDATE_GOLDEN=1 npx vitest run test/adapters/slack-blocks.test.ts`, then read the difference.
 */
import { describe, expect, test } from 'vitest';
import { newsMessage, rotationMessage } from '../../adapters/slack-blocks.ts';
import { formOf, pressOfAction, readBlockId } from '../../adapters/slack-buttons.ts';
import { slackDate } from '../../adapters/slack-date.ts';
import { slackLimits } from '../../adapters/slack-limits.ts';
import type { SlackMessage } from '../../adapters/slack-message.ts';
import type { Rotation } from '../../domain/case.ts';
import { legalPresses, openForms } from '../../domain/press.ts';
import { buttonsOf } from '../../sandbox/clicker.ts';
import { rule } from '../../sandbox/slack-rules.ts';
import {
  held,
  inUse,
  issued,
  overlapping,
  rotationAt,
  rotationId,
  staleKey,
  story,
  use,
  user,
} from '../builders.ts';
import { expectGoldenJson } from '../golden-file.ts';
import { situations } from './slack-situations.ts';

function accepted(message: SlackMessage) {
  const ruling = rule(JSON.stringify(message.blocks));
  if (!ruling.ok) throw new Error(`${ruling.error}: ${ruling.messages.join('; ')}`);
  return ruling.blocks;
}

describe.each(Object.entries(situations))('%s', (name, [rotation, now]) => {
  const message = rotationMessage(rotation, now);

  test('looks as it is written down', () => {
    expectGoldenJson(`slack/${name}.json`, message);
  });

  test('is accepted by Slack, with the buttons that are legal', () => {
    const buttons = buttonsOf({ blocks: accepted(message) });
    const ids = buttons.map(({ button }) => button.action_id);
    const offered = ids.flatMap((id) => pressOfAction(id) ?? []);
    expect(ids.flatMap((id) => formOf(id) ?? [])).toEqual(openForms(rotation, now));
    expect(ids.length).toBe(offered.length + openForms(rotation, now).length);
    const legal = legalPresses(rotation, now);
    expect(legal).toEqual(expect.arrayContaining(offered));
    const types = (presses: readonly ({ type: string } | undefined)[]) =>
      new Set(presses.map((press) => press?.type));
    expect(types(offered)).toEqual(types(legal));
    for (const { button, blockId } of buttons) {
      expect(button.value).toBe(rotationId);
      expect(readBlockId(blockId)).toEqual({ rotationId, shownVersion: rotation.shownVersion });
    }
  });

  test('shows keys by their last letters alone', () => {
    expect(JSON.stringify(message)).not.toContain('AKIA');
  });
});

test('danger is asked about twice, and says which key', () => {
  const { blocks } = rotationMessage(rotationAt(held({ oldKey: 'unknown' })), story.deactivateAt);
  const dangerous = buttonsOf({ blocks: accepted({ text: '', blocks }) }).filter(
    ({ button }) => button.style === 'danger',
  );
  expect(dangerous.map(({ label }) => label)).toEqual(['Roll back', 'Abandon']);
  for (const { button } of dangerous) expect(button.confirm?.text.text).toContain('…MPLE');
});

test('snoozes show the deadline that the cap leaves, and none twice', () => {
  const [rotation, now] = situations['overlapping-snooze-nearly-used-up'] ?? [];
  if (rotation === undefined || now === undefined) throw new Error('no such situation');
  const buttons = buttonsOf({ blocks: accepted(rotationMessage(rotation, now)) });
  const labels = buttons.map(({ label }) => label).filter((label) => label.startsWith('Snooze'));
  expect(labels).toEqual(['Snooze 4 h → 11-04 15:00 UTC', 'Snooze 1 d → 11-04 21:00 UTC']);
});

test('a date is absolute, with UTC for whoever cannot show it', () => {
  const seconds = Date.UTC(2026, 10, 4, 11) / 1000;
  expect(slackDate(story.deactivateAt)).toBe(
    `<!date^${seconds}^{date_short_pretty} at {time}|2026-11-04 11:00 UTC>`,
  );
});

/** A rotation in which all outside text is `text`. */
function hostile(text: string): Rotation {
  const evil = use(story.issued, { service: text, userAgent: text, sourceIp: text, region: text });
  const uses = Array.from({ length: 10 }, () => evil);
  const secretArn = `${issued.secretArn.slice(0, -6)}${text}-AbCdEf`;
  const kept = overlapping({
    issued: { ...issued, secretArn },
    evidence: inUse({ at: story.deactivateAt, uses }),
  });
  const answer = {
    what: 'acknowledged',
    by: { kind: 'person', id: text, name: text },
    at: story.deactivated,
    eventId: text,
  } as const;
  return rotationAt(held({ kept, reason: { code: 'still in use', text } }), {
    incidents: [{ about: 'held', since: story.deactivateAt, answer }],
    key: { ...staleKey, user: { ...user, userName: text, account: text } },
    owner: { known: true, slackUserId: text, name: text },
  });
}

test('what is to be done is never cut for the names of those who answered', () => {
  const [rotation, now] = situations['held-acknowledged'] ?? [];
  if (rotation === undefined || now === undefined) throw new Error('no such situation');
  const [incident] = rotation.incidents ?? [];
  const name = '&'.repeat(1000);
  const by = { kind: 'person', id: 'pagerduty:P1', name } as const;
  const answered = incident?.answer && { ...incident, answer: { ...incident.answer, by } };
  if (answered == null) throw new Error('nobody answered');
  const incidents = [answered, { ...answered, about: 'old-key-used' } as const];
  const { text, blocks } = rotationMessage({ ...rotation, incidents }, now);
  for (const each of [text, JSON.stringify(blocks)]) {
    expect(each).toContain('Nothing more happens until somebody presses a button.');
  }
});

describe('hostile text', () => {
  const attacks = '<!channel> <@U0000EVIL> <https://evil.example|here> `*_~\n• ✅ :skull: &lt;';

  test('mentions nobody, links nowhere, formats nothing', () => {
    const { text, blocks } = rotationMessage(hostile(attacks), story.deactivateAt);
    const json = JSON.stringify(blocks);
    const parsedBySlack = [...`${text}${json}`.matchAll(/<([^>]*)>/gu)].map(([, inner]) => inner);
    expect(parsedBySlack).toEqual([]);
    for (const block of accepted({ text, blocks })) {
      const texts = block.type === 'section' ? [block.text, ...(block.fields ?? [])] : [];
      for (const each of texts.filter((one) => one?.type === 'mrkdwn')) {
        const outsideCode = each?.text.replaceAll(/`[^`]*`/gu, '') ?? '';
        expect(outsideCode).not.toMatch(/skull|channel|evil\.example\|/u);
        expect(each).toMatchObject({ verbatim: true });
      }
    }
    expect(json).not.toContain('"emoji":true');
  });

  test.each(['<', '&', '🔑', 'x', '`', '"', '\\', '\n'])(
    'of any length keeps to the limits: %j',
    (one) => {
      const message = rotationMessage(hostile(one.repeat(5000)), story.deactivateAt);
      accepted(message);
      expect(message.text.length).toBeLessThanOrEqual(slackLimits.text);
      expect(message.text.isWellFormed()).toBe(true);
      expect(JSON.stringify(message.blocks).isWellFormed()).toBe(true);
    },
  );
});

test('news is one section of plain text', () => {
  const { text, blocks } = newsMessage('New: <b> & more.\nSecond line.');
  expect(text).toBe('New: &lt;b&gt; &amp; more. Second line.');
  expect(blocks).toEqual([{ type: 'section', text: { type: 'plain_text', text, emoji: false } }]);
  accepted(newsMessage(''));
  accepted(newsMessage('é'.repeat(9999)));
});
