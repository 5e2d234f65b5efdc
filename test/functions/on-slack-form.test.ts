/**
 * Forms, end to end at the endpoint: pressed as Slack sends it, shown by views.open, filled in as
 * Slack's client lets people, sent back signed, counted like any other press.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import { slackFieldError, slackFormOpener } from '../../adapters/slack-form-opener.ts';
import { slackNotifier } from '../../adapters/slack-notifier.ts';
import { slackPressReader } from '../../adapters/slack-request.ts';
import type { Rotation } from '../../domain/case.ts';
import { plus, toMillis } from '../../domain/instant.ts';
import type { Person } from '../../domain/people.ts';
import { onSlackActionHandler, type SlackActionDeps } from '../../functions/on-slack-action.ts';
import { press } from '../../sandbox/clicker.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { type Answers, submit } from '../../sandbox/form-filler.ts';
import { type ShownMessage, type SlackStandIn, slackStandIn } from '../../sandbox/slack.ts';
import {
  approvedProposal,
  overlapping,
  proposed,
  rotationAt,
  rotationId,
  story,
} from '../builders.ts';
import { openingEntry } from '../opening-entry.ts';

const signingSecret = 'signing-secret-of-a-test';
const botToken = ['xoxb', 'test', 'token'].join('-');
const slackApp = { appId: 'A0KEYTURN', teamId: 'T0SANDBOX' };
const owner = 'U0123OWNER';

const people: readonly Person[] = [
  { slackUserId: owner, name: 'Olivia Owens', roles: ['owner'] },
  { slackUserId: 'U0OMAR', name: 'Omar Haddad', roles: ['owner'] },
  { slackUserId: 'U0ADA', name: 'Ada Approver', roles: ['approver'] },
  { slackUserId: 'U0SAM', name: 'Sam Oncall', roles: ['admin'] },
  { slackUserId: 'U0VERA', name: 'Vera Viewer', roles: ['viewer'] },
];

let clock: VirtualClock;
let slack: SlackStandIn;
let store: ReturnType<typeof memoryStore>;
let deps: SlackActionDeps;

beforeEach(() => {
  clock = virtualClock(plus(story.opened, { hours: 1 }));
  const channel = { id: 'C0KEYS', name: 'keys' };
  slack = slackStandIn({ now: clock.now, botToken, ...slackApp, channel });
  store = memoryStore();
  const settings = { botToken: async () => botToken, channel: 'C0KEYS', fetch: slack.fetch };
  const notifier = slackNotifier({ ...settings, retries: 0 });
  deps = {
    shell: { store, clock, ids: cryptoIds },
    people,
    slack: slackApp,
    messenger: notifier,
    whisper: notifier,
    forms: slackFormOpener(settings),
    fieldError: slackFieldError,
    stopSwitch: { read: async () => ({ stopped: false }) },
    log: { info: () => undefined, error: () => undefined },
    reader: slackPressReader(async () => [signingSecret]),
  };
});

async function given(
  stage: Rotation['stage'],
  changes: Partial<Omit<Rotation, 'stage'>> = {},
): Promise<ShownMessage> {
  const rotation = rotationAt(stage, { ...changes, version: 1, shownVersion: 1 });
  await store.commit({ onVersion: 0, rotation, entry: openingEntry(rotation, clock.now()) });
  const notifier = slackNotifier({
    botToken: async () => botToken,
    channel: 'C0KEYS',
    fetch: slack.fetch,
  });
  await store.rememberMessage(rotationId, await notifier.post(rotation, clock.now()));
  return shown();
}

function shown(): ShownMessage {
  const message = slack.messages().find(({ threadTs }) => threadTs === null);
  if (message === undefined) throw new Error('no message');
  return message;
}

const finger = (slackUserId: string) => ({
  slackUserId,
  ...slackApp,
  signingSecret,
  now: clock.now(),
});

async function handled(event: ReturnType<typeof press>) {
  const answer = await onSlackActionHandler(deps)(event);
  if (!('statusCode' in answer)) throw new Error('kept as a dead letter');
  return answer;
}

async function opens(message: ShownMessage, label: string, who: string) {
  const answer = await handled(press(message, label, finger(who)));
  expect(answer).toEqual({ statusCode: 200, body: '' });
  return slack.modals().at(-1);
}

/** Opens the form as one person and sends it as the same, or as somebody else. */
async function sends(
  label: string,
  who: string,
  answers: Answers,
  { opener = who }: { readonly opener?: string } = {},
) {
  const form = await opens(shown(), label, opener);
  if (form === undefined) throw new Error('no form was shown');
  return handled(submit(form, answers, finger(who)));
}

async function stored(): Promise<Rotation> {
  const rotation = await store.load(rotationId);
  if (rotation === undefined) throw new Error('no rotation');
  return rotation;
}

const last = async () => (await store.journal(rotationId)).at(-1);
const seconds = (moment: Parameters<typeof toMillis>[0]) => toMillis(moment) / 1000;
const closed = { statusCode: 200, body: '' } as const;

function errorsIn(answer: { readonly body: string }): Record<string, string> {
  const said = JSON.parse(answer.body);
  expect(said.response_action).toBe('errors');
  return said.errors;
}

describe('a snooze until a moment', () => {
  test('moves the deadline to that very minute and closes the form', async () => {
    await given(overlapping());
    const { deactivateAt } = overlapping();
    const until = plus(deactivateAt, { hours: 31, minutes: 17 });
    expect(await sends('Custom…', owner, { until: seconds(until) })).toEqual(closed);
    expect((await stored()).stage).toMatchObject({ deactivateAt: until });
    expect(await last()).toMatchObject({
      event: { type: 'snoozed until', until },
      actor: { id: owner, name: 'Olivia Owens' },
      ignored: null,
    });
    expect(shown().edits).toBe(1);
  });

  test('beyond the cap is refused under the field, which names the latest moment', async () => {
    await given(overlapping());
    const { deactivateAt } = overlapping();
    const cap = plus(deactivateAt, { days: 7 });
    const until = seconds(plus(cap, { minutes: 1 }));
    const answer = await sends('Custom…', owner, { until });
    expect(errorsIn(answer).until).toContain('2026-11-11');
    expect(await stored()).toMatchObject({ snoozedHours: 0 });
    expect(await last()).toMatchObject({ event: { type: 'press refused', by: { id: owner } } });
  });

  test('up to the cap takes all that is left of it', async () => {
    await given(overlapping());
    const cap = plus(overlapping().deactivateAt, { days: 7 });
    expect(await sends('Custom…', owner, { until: seconds(cap) })).toEqual(closed);
    expect(await stored()).toMatchObject({ snoozedHours: 168 });
    expect(() => press(shown(), 'Custom…', finger(owner))).toThrow('no button');
  });
});

describe('not mine', () => {
  test('of the owner, who does not know whose it is, asks the team', async () => {
    await given(proposed());
    expect(await sends('Not mine…', owner, { owner: null })).toEqual(closed);
    expect(await stored()).toMatchObject({
      owner: { known: false },
      handover: { assigned: false, givenUpBy: [owner] },
    });
    expect(JSON.stringify(shown().blocks)).toContain('unknown: please say who owns it');
  });

  test('of the owner names another, who has no rights yet', async () => {
    await given(proposed());
    expect(await sends('Not mine…', owner, { owner: 'U0OMAR' })).toEqual(closed);
    expect(JSON.stringify(shown().blocks)).toContain('<@U0OMAR>');
    await handled(press(shown(), 'Pause', finger('U0OMAR')));
    expect((await stored()).stage.name).toBe('proposed');
    expect(slack.whispers().at(-1)?.text).toContain("the key's owner");
  });

  test('of an approver gives the rights, and of an admin confirms them', async () => {
    await given(proposed());
    await sends('Not mine…', owner, { owner: 'U0OMAR' });
    expect(await sends('Not mine…', 'U0SAM', { owner: 'U0OMAR' })).toEqual(closed);
    await handled(press(shown(), 'Pause', finger('U0OMAR')));
    expect((await stored()).stage.name).toBe('held');
  });

  test('nobody outside of the configuration can be named', async () => {
    await given(proposed());
    const answer = await sends('Not mine…', 'U0ADA', { owner: 'U0MALLORY' });
    expect(errorsIn(answer).owner).toContain('does not know them');
    expect((await stored()).owner).toMatchObject({ slackUserId: owner });
    expect(await last()).toMatchObject({ event: { type: 'press refused', press: 'not mine' } });
  });

  test('who gave their key up still may not approve it', async () => {
    deps = {
      ...deps,
      people: people.map((each) =>
        each.slackUserId === owner ? { ...each, roles: ['owner', 'approver'] } : each,
      ),
    };
    await given(proposed());
    expect(await sends('Not mine…', owner, { owner: 'U0OMAR' })).toEqual(closed);
    await handled(press(shown(), 'Approve', finger(owner)));
    expect((await stored()).stage).toMatchObject({ approval: { given: false } });
    expect(slack.whispers().at(-1)?.text).toContain('Nobody approves the rotation of their own');
  });
});

describe('an exemption', () => {
  const until = plus(story.opened, { days: 20 });
  const answers = { reason: 'The vendor replaces the device in May.', until: seconds(until) };

  test('ends the rotation with reason and end', async () => {
    await given(approvedProposal());
    expect(await sends('Exempt…', 'U0ADA', answers)).toEqual(closed);
    expect((await stored()).stage).toMatchObject({
      name: 'done',
      outcome: 'exempt',
      exemption: { reason: answers.reason, by: 'Ada Approver', until },
    });
    expect(shown().text).toContain('The vendor replaces the device in May.');
  });

  test('is nobody’s own to give', async () => {
    const own = { known: true, slackUserId: 'U0ADA', name: 'Ada Approver' } as const;
    await given(approvedProposal(), { owner: own });
    await opens(shown(), 'Exempt…', 'U0ADA');
    expect(slack.modals()).toEqual([]);
    expect(slack.whispers().at(-1)?.text).toContain('Nobody exempts their own key');
  });

  test.each([
    ['later than the policy allows', { until: seconds(plus(story.opened, { days: 91 })) }, 'until'],
    ['of the past', { until: seconds(story.opened) }, 'until'],
    ['of blanks', { reason: ' \u2003 ' }, 'reason'],
    [
      'with a secret in it',
      { reason: `it is ${'wJalrXUtnFEMI/K7MDENG'.padEnd(40, 'x')}` },
      'reason',
    ],
  ])('%s is refused under its field', async (_, changes, field) => {
    await given(approvedProposal());
    const answer = await sends('Exempt…', 'U0ADA', { ...answers, ...changes });
    expect(Object.keys(errorsIn(answer))).toEqual([field]);
    expect((await stored()).stage.name).toBe('proposed');
    const journal = JSON.stringify(await store.journal(rotationId));
    expect(journal).not.toContain('wJalr');
    expect(await last()).toMatchObject({ event: { type: 'press refused' } });
  });
});

describe('whoever may not press', () => {
  test.each(['U0MALLORY', 'U0VERA', 'U0OMAR'])('%s is shown no form', async (who) => {
    await given(overlapping());
    for (const label of ['Custom…', 'Not mine…', 'Exempt…']) await opens(shown(), label, who);
    expect(slack.modals()).toEqual([]);
    expect(slack.whispers()).toHaveLength(3);
    const refused = (await store.journal(rotationId)).slice(1).map(({ event }) => event);
    expect(refused).toMatchObject(
      ['snooze until', 'not mine', 'exempt'].map((form) => ({
        type: 'press refused',
        press: form,
        by: { id: who },
      })),
    );
  });

  test('cannot send one that somebody else opened', async () => {
    await given(overlapping());
    const until = seconds(plus(overlapping().deactivateAt, { hours: 2 }));
    const answer = await sends('Custom…', 'U0OMAR', { until }, { opener: owner });
    expect(errorsIn(answer).until).toContain('takes');
    expect(await stored()).toMatchObject({ snoozedHours: 0 });
  });
});

describe('a form that comes late', () => {
  test('sent twice counts once, and the second hears who was first', async () => {
    await given(overlapping());
    const until = seconds(plus(overlapping().deactivateAt, { hours: 2 }));
    const form = await opens(shown(), 'Custom…', owner);
    if (form === undefined) throw new Error('no form');
    const event = submit(form, { until }, finger(owner));
    expect(await handled(event)).toEqual(closed);
    expect(errorsIn(await handled(event)).until).toContain('Already done by Olivia Owens');
    expect(await stored()).toMatchObject({ snoozedHours: 2 });
  });

  test('of another message, another workspace, forged, or while stopped does nothing', async () => {
    await given(overlapping());
    const until = seconds(plus(overlapping().deactivateAt, { hours: 2 }));
    const form = await opens(shown(), 'Custom…', owner);
    if (form === undefined) throw new Error('no form');
    const moved = form.view.private_metadata?.replace('C0KEYS', 'C0OTHER') ?? '';
    const elsewhere = { ...form, view: { ...form.view, private_metadata: moved } };
    const answer = await handled(submit(elsewhere, { until }, finger(owner)));
    expect(errorsIn(answer).until).toContain('not the current message');
    const strange = { ...finger(owner), teamId: 'T0OTHER' };
    expect(await handled(submit(form, { until }, strange))).toEqual({ statusCode: 403, body: '' });
    const forged = { ...finger(owner), signingSecret: 'a guess' };
    expect(await handled(submit(form, { until }, forged))).toEqual({ statusCode: 401, body: '' });
    deps = {
      ...deps,
      stopSwitch: { read: async () => ({ stopped: true, why: 'a drill', since: null }) },
    };
    const stopped = await handled(submit(form, { until }, finger(owner)));
    expect(errorsIn(stopped).until).toContain('Keyturn is stopped: a drill');
    expect(await stored()).toMatchObject({ snoozedHours: 0 });
    expect((await store.journal(rotationId)).slice(1).map(({ event }) => event.type)).toEqual([
      'press refused',
      'press refused',
      'press refused',
    ]);
  });

  test('that Slack does not show is told to whoever pressed', async () => {
    await given(overlapping());
    const event = press(shown(), 'Custom…', finger(owner));
    await clock.sleep(4000);
    expect(await handled(event)).toEqual(closed);
    expect(slack.modals()).toEqual([]);
    expect(slack.whispers().at(-1)?.text).toContain('Slack did not show the form');
  });
});
