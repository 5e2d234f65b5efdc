/**
 * The forms: golden files, limits, hostile text, and what comes back. After a wanted change:
 * `UPDATE_GOLDEN=1 npx vitest run test/adapters/slack-forms.test.ts`, then read the difference.
 */
import { describe, expect, test } from 'vitest';
import { slackFieldError } from '../../adapters/slack-form-opener.ts';
import { formModal, readPrivateMetadata } from '../../adapters/slack-forms.ts';
import { slackLimits } from '../../adapters/slack-limits.ts';
import { parseSlackRequest } from '../../adapters/slack-request.ts';
import type { Rotation } from '../../domain/case.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { formNames } from '../../domain/press.ts';
import { submit } from '../../sandbox/form-filler.ts';
import { ruleView } from '../../sandbox/slack-rules.ts';
import {
  overlapping,
  policyWith,
  proposed,
  rotationAt,
  rotationId,
  staleKey,
  story,
  user,
} from '../builders.ts';
import { expectGoldenJson } from '../golden-file.ts';

const place = { channel: 'C0123KEYS', ts: '1762077600.000001' };
const inOverlap = plus(story.issued, { hours: 12 });

const situations: Readonly<Record<string, readonly [Rotation, Instant]>> = {
  proposed: [rotationAt(proposed()), story.opened],
  overlapping: [rotationAt(overlapping(), { version: 9, shownVersion: 7 }), inOverlap],
  'nearly-used-up': [
    rotationAt(overlapping(), {
      snoozedHours: 7 * 24 - 10,
      policy: policyWith({ exemptDays: 3 }),
    }),
    inOverlap,
  ],
};

const cases = Object.entries(situations).flatMap(([name, [rotation, now]]) =>
  formNames.map((form) => [`${form} ${name}`.replaceAll(' ', '-'), form, rotation, now] as const),
);

function accepted(modal: object) {
  const ruling = ruleView(JSON.stringify(modal));
  if (!ruling.ok) throw new Error(`${ruling.error}: ${ruling.messages.join('; ')}`);
  return ruling.view;
}

describe.each(cases)('%s', (name, form, rotation, now) => {
  const modal = formModal(form, rotation, place, now);

  test('looks as it is written down, and Slack accepts it', () => {
    expectGoldenJson(`slack/form-${name}.json`, modal);
    expect(accepted(modal)).toMatchObject({ callback_id: `keyturn:form:${form}` });
  });

  test('remembers which rotation, version and message, and no key', () => {
    expect(readPrivateMetadata(modal.private_metadata)).toEqual({
      rotationId,
      shownVersion: rotation.shownVersion,
      message: place,
    });
    expect(JSON.stringify(modal)).not.toContain('AKIA');
  });
});

test.each([
  '<!channel> <@U0123OWNER> <https://example.com|a link> *bold* `code` :skull:',
  '&'.repeat(5000),
  '\u0000\u202e\u{1F511}'.repeat(3000),
])('a hostile name stays text and within the limits', (userName) => {
  const rotation = rotationAt(overlapping(), {
    key: { ...staleKey, user: { ...user, userName } },
  });
  for (const form of formNames) {
    const view = accepted(formModal(form, rotation, place, inOverlap));
    expect(JSON.stringify(view)).not.toMatch(/<[!@h]/u);
    expect(JSON.stringify(view)).not.toContain('"mrkdwn"');
  }
});

test('a problem under a field is cut, and mentions nobody', () => {
  const said = JSON.parse(slackFieldError('until', `<!here> ${'x'.repeat(1000)}`));
  expect(said.response_action).toBe('errors');
  expect(said.errors.until).toMatch(/^&lt;!here&gt; x+…$/u);
  expect(said.errors.until.length).toBeLessThanOrEqual(slackLimits.fieldError);
});

describe('what comes back', () => {
  const [rotation, now] = [rotationAt(overlapping()), inOverlap];
  const finger = {
    slackUserId: 'U0ADA',
    appId: 'A0KEYTURN',
    teamId: 'T0SANDBOX',
    signingSecret: 'a secret',
    now,
  };
  const exempt = {
    slackUserId: 'U0ADA',
    openedAt: now,
    view: accepted(formModal('exempt', rotation, place, now)),
  };
  const answers = { reason: ' It  is\u2028a drill. ', until: 1_762_171_200 };
  const bodyOf = (event: { readonly body: string }) => Buffer.from(event.body, 'base64');

  test('says who, on what, and what was filled in, on one line', () => {
    expect(parseSlackRequest(bodyOf(submit(exempt, answers, finger)))).toEqual({
      ok: true,
      value: {
        sent: 'form',
        appId: 'A0KEYTURN',
        teamId: 'T0SANDBOX',
        slackUserId: 'U0ADA',
        rotationId,
        shownVersion: rotation.shownVersion,
        message: place,
        filled: { form: 'exempt', reason: 'It  is a drill.', until: '2025-11-03T12:00:00.000Z' },
      },
    });
  });

  test.each<[string, (payload: string) => string, RegExp]>([
    ['another form', (text) => text.replace('keyturn:form:exempt', 'other:x'), /callback_id/u],
    ['another memory', (text) => text.replace('rot:', 'key:'), /private_metadata/u],
    ['no moment', (text) => text.replace('1762171200', 'null'), /values\.until/u],
    ['a moment of eleven digits', (text) => text.replace('1762171200', '17621712000'), /until/u],
    ['another field', (text) => text.replace('"reason":{"reason"', '"x":{"reason"'), /reason/u],
    ['no workspace', (text) => text.replace('"team":{', '"other":{'), /neither team/u],
  ])('with %s is refused by its place, and nothing is quoted', (_, change, expected) => {
    const form = new URLSearchParams(bodyOf(submit(exempt, answers, finger)).toString());
    const payload = change(form.get('payload') ?? '');
    const read = parseSlackRequest(Buffer.from(new URLSearchParams({ payload }).toString()));
    const problems = read.ok ? [] : read.problems;
    expect(problems.join()).toMatch(expected);
    expect(problems.join()).not.toContain('drill');
  });

  test('nobody can send what the form does not take', () => {
    expect(() => submit(exempt, { until: 1_762_171_200 }, finger)).toThrow('"reason"');
    expect(() => submit(exempt, { ...answers, reason: 'x'.repeat(301) }, finger)).toThrow('reason');
    expect(() => submit(exempt, { ...answers, owner: 'U0ADA' }, finger)).toThrow('no field');
  });
});
