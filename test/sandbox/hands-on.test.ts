/** Whoever sits at the terminal reads messages and presses buttons as Slack would sign them. */
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { playByHand } from '../../sandbox/hands-on.ts';

/** What a terminal shows of that. */
async function typed(...lines: readonly string[]): Promise<string> {
  const shown: string[] = [];
  const left = lines.values();
  await playByHand({
    ask: async (prompt) => {
      const { value, done } = left.next();
      shown.push(`${prompt}${value ?? ''}`);
      return done ? undefined : value;
    },
    print: (line) => shown.push(line),
    tell: (told) => shown.push(...told.map(({ kind, text }) => `${kind} ${text}`)),
  });
  return stripVTControlCharacters(shown.join('\n'));
}

test('an approver approves by what the message offers, and a key is issued', async () => {
  const shown = await typed(
    'list',
    'read 1',
    'press 1 approve as ada',
    'wait 2h',
    'read 1',
    'quit',
  );
  expect(shown).toMatch(/ 1 {2}Approval wanted .*svc-billing-export.*\(\d+ buttons\)/);
  expect(shown).toMatch(/Owner +@Olivia Owens/);
  expect(shown).toContain('[1 Approve]');
  expect(shown).toContain('ada presses Approve: Keyturn answers HTTP 200');
  expect(shown).toMatch(/decides|decision .*overlapping/);
  expect(shown).toMatch(/Old key deactivated at +2026-11-04/);
});

test('a stranger’s press changes nothing, and only they read why', async () => {
  const shown = await typed('press 1 1 as mallory', 'read 1', 'quit');
  expect(shown).toContain('only U0MALLORY sees: Your press (approve) changed nothing');
  expect(shown).toContain('▶️ Approve');
});

test('a button that asks first is not pressed by a no', async () => {
  const before = ['press 1 approve as ada', 'wait 1h'] as const;
  const no = await typed(...before, 'press 1 abandon as sam', 'n', 'quit');
  expect(no).toContain('Are you sure? y/n> n');
  expect(no).not.toContain('sam presses');
  const yes = await typed(...before, 'press 1 abandon as sam', 'y', 'quit');
  expect(yes).toContain('sam presses Abandon: Keyturn answers HTTP 200');
  expect(yes).toContain('Abandoned by Sam Oncall');
});

test.each([
  ['press 1 approve', 'As whom? End with "as olivia|omar|ada|vera|sam|mallory".'],
  ['press 99 approve as ada', 'There is no message 99'],
  ['read', 'There is no message without a number'],
  ['press 1 explode as ada', 'No button "explode" there, only: 1 Approve'],
  [`press 1 "not in use" as vera`, `No button "not in use" there, only: 1 Approve`],
  ['press 1 as ada', 'No button "" there, only: 1 Approve'],
  ['wait', 'Wait how long?'],
  ['wait 99d', 'Wait how long?'],
  ['dance', '"dance" is nothing that can be done here'],
  ['who', 'Ada Approver'],
  ['help', 'press N B as WHO'],
])('%s is answered in words', async (line, answer) => {
  expect(await typed(line, 'quit')).toContain(answer);
});

test('a form says what it does not take, and comes to nothing once closed', async () => {
  const open = 'press 1 custom as olivia';
  const shown = await typed(
    open,
    'someday',
    '2027-01-01 00:00',
    '2026-11-10 12:00',
    'read 1',
    'quit',
  );
  expect(shown).toContain('Form: Snooze until');
  expect(shown).toContain('Slack does not let this be sent');
  expect(shown).toMatch(/until: the latest that it can be snoozed to is 2026-11-16/);
  expect(shown).toContain('Keyturn has taken the form.');
  expect(shown).toMatch(/Put on hold unless approved by +2026-11-10 12:00 UTC/);
  expect(await typed(open, 'cancel', 'quit')).toContain('The form is closed; nothing was sent.');
});
