/**
 * `npm start -- --interactive`: the small company with nobody in it but whoever sits at the
 * terminal. They read what Slack shows and press its buttons as anybody they like, through the same
 * signed requests that Slack would send, and let time pass.
 */

import { messageOf } from '../domain/errors.ts';
import { type Duration, plus } from '../domain/instant.ts';
import { askedForm, problemsIn } from './asked-form.ts';
import { pressAs, sendAs } from './cast.ts';
import { buttonsOf } from './clicker.ts';
import { companyAccounts, settleCompany } from './company.ts';
import { applicationRole } from './consumer.ts';
import { storyStart } from './demo.ts';
import { people } from './settings.ts';
import { clockOf, nameOf, questionOf, shownLines } from './shown-text.ts';
import type { ShownMessage } from './slack.ts';
import type { ShownModal } from './slack-views.ts';
import { type StoryLine, storyLines } from './story.ts';
import { createWorld, type World } from './world.ts';

/** Whoever sits at the terminal. */
export interface Terminal {
  /** The next line that was typed; undefined once there is none. */
  ask(prompt: string): Promise<string | undefined>;
  print(line: string): void;
  tell(lines: readonly StoryLine[]): void;
}

type Persona = keyof typeof people | 'mallory';

const personas: readonly Persona[] = ['olivia', 'omar', 'ada', 'vera', 'sam', 'mallory'];

const help = [
  'list                 the messages in #access-keys, numbered',
  'read N               the message, its buttons and its thread',
  'press N B as WHO     press button B (number or name) of message N, as olivia, omar, ada,',
  '                     vera, sam or mallory; a button that asks "are you sure?" asks you',
  'wait 30m | 6h | 2d   let time pass',
  'who                  who is there, and what they may do',
  'quit                 leave; nothing outside this process was changed',
];

/** Plays until the terminal ends or says `quit`. */
export async function playByHand(terminal: Terminal): Promise<void> {
  const world = await companyWorld();
  const company = settleCompany(world);
  const consumers = company.flatMap((settled) => settled.consumers);
  let after = plus(storyStart, { milliseconds: -1 });
  const wait = async (span: Duration): Promise<void> => {
    const until = plus(world.clock.now(), span);
    await world.runUntil(until);
    const doings = { pressed: [], consumers };
    terminal.tell(await storyLines(world, companyAccounts, doings, { after, until }));
    after = until;
  };
  terminal.print(
    'Seven users have stale keys; their findings are on their way. "help" says what you can do.',
  );
  await wait({ minutes: 30 });
  for (;;) {
    const line = await terminal.ask(`${clockOf(world.clock.now())} UTC> `);
    if (line === undefined || /^\s*(quit|exit)\s*$/.test(line)) return;
    await obey({ world, terminal, wait }, line.trim());
  }
}

async function companyWorld(): Promise<World> {
  const world = await createWorld({
    start: storyStart,
    place: { partition: 'aws', account: companyAccounts[0], region: 'us-east-1' },
    accounts: [...companyAccounts],
    mode: 'approve',
    seed: 'story',
  });
  for (const account of companyAccounts) world.cloud.createRole(account, applicationRole);
  return world;
}

interface Table {
  readonly world: World;
  readonly terminal: Terminal;
  readonly wait: (span: Duration) => Promise<void>;
}

async function obey(table: Table, line: string): Promise<void> {
  const { world, terminal, wait } = table;
  const [verb = '', ...rest] = line.split(/\s+/);
  switch (verb) {
    case '':
      return;
    case 'list':
      return list(table);
    case 'read': {
      const message = numbered(table, rest[0]);
      if (message === undefined) return;
      const replies = world.slack.messages().filter(({ threadTs }) => threadTs === message.ts);
      for (const each of shownLines(message, replies)) terminal.print(each);
      return;
    }
    case 'press':
      return pressOne(table, rest);
    case 'wait': {
      const span = spanIn(rest.join(''));
      if (span === undefined)
        return terminal.print('Wait how long? "wait 30m", "wait 6h", "wait 2d"');
      return wait(span);
    }
    case 'who':
      for (const { name, slackUserId, roles } of Object.values(people)) {
        terminal.print(`${name.padEnd(16)} ${slackUserId.padEnd(10)} ${roles.join(', ')}`);
      }
      terminal.print(
        `${'Mallory'.padEnd(16)} ${'U0MALLORY'.padEnd(10)} is in the channel, and may do nothing`,
      );
      return;
    case 'help':
      for (const each of help) terminal.print(each);
      return;
    default:
      terminal.print(`"${verb}" is nothing that can be done here. "help" says what can.`);
  }
}

/** The rotations' own messages, oldest first. */
function messagesIn({ world }: Table): readonly ShownMessage[] {
  return world.slack.messages().filter(({ threadTs }) => threadTs === null);
}

function list(table: Table): void {
  const messages = messagesIn(table);
  if (messages.length === 0) table.terminal.print('No message yet: wait a while.');
  for (const [index, { text, blocks }] of messages.entries()) {
    const buttons = buttonsOf({ blocks }).length;
    table.terminal.print(
      `${String(index + 1).padStart(2)}  ${text}${buttons > 0 ? ` (${buttons} buttons)` : ''}`,
    );
  }
}

function numbered(table: Table, number: string | undefined): ShownMessage | undefined {
  const messages = messagesIn(table);
  const message = /^\d+$/.test(number ?? '') ? messages[Number(number) - 1] : undefined;
  if (message === undefined) {
    table.terminal.print(
      `There is no message ${number ?? 'without a number'}: "list" shows ${messages.length}.`,
    );
  }
  return message;
}

async function pressOne(table: Table, words: readonly string[]): Promise<void> {
  const { world, terminal } = table;
  const as = words.indexOf('as');
  const who = as < 0 ? undefined : personas.find((each) => each === words[as + 1]?.toLowerCase());
  if (who === undefined) return terminal.print(`As whom? End with "as ${personas.join('|')}".`);
  const message = numbered(table, words[0]);
  if (message === undefined) return;
  // People write a name of two words in quotes.
  const wanted = words.slice(1, as).join(' ').replaceAll('"', '');
  const buttons = buttonsOf(message);
  const found = buttons.find(({ label }, index) => isMeant(wanted, label, index));
  if (found === undefined) {
    const labels = buttons.map(({ label }, index) => `${index + 1} ${label}`).join(', ');
    return terminal.print(`No button "${wanted}" there, only: ${labels || 'none at all'}.`);
  }
  const question = questionOf(found);
  if (question !== undefined && !(await isSure(terminal, question))) return;
  const before = world.slack.whispers().length;
  const forms = world.slack.modals().length;
  const status = await pressAs(world, who, message, found.button.action_id);
  terminal.print(`${who} presses ${found.label}: Keyturn answers HTTP ${status}`);
  const form = world.slack.modals()[forms];
  if (form !== undefined) await fillIn(table, who, form);
  for (const { slackUserId, text } of world.slack.whispers().slice(before)) {
    terminal.print(`  only ${nameOf(slackUserId)} sees: ${text}`);
  }
  await table.wait({ minutes: 1 });
}

/** Until it is taken, or closed. */
async function fillIn({ world, terminal }: Table, who: Persona, form: ShownModal): Promise<void> {
  for (;;) {
    const answers = await askedForm(terminal, form);
    if (answers === undefined) return terminal.print('The form is closed; nothing was sent.');
    try {
      const problems = problemsIn(await sendAs(world, who, form, answers));
      if (problems.length === 0) return terminal.print('Keyturn has taken the form.');
      for (const problem of problems) terminal.print(`  ${problem}`);
    } catch (error) {
      terminal.print(`  Slack does not let this be sent: ${messageOf(error)}`);
    }
  }
}

/** By its number, or by how its label begins. */
function isMeant(wanted: string, label: string, index: number): boolean {
  if (wanted === '') return false;
  return String(index + 1) === wanted || label.toLowerCase().startsWith(wanted.toLowerCase());
}

async function isSure(terminal: Terminal, question: string): Promise<boolean> {
  terminal.print(question);
  const said = await terminal.ask('Are you sure? y/n> ');
  return said?.trim().toLowerCase().startsWith('y') ?? false;
}

function spanIn(text: string): Duration | undefined {
  const [, count, unit] = /^(\d{1,4})(m|h|d)$/.exec(text) ?? [];
  const number = Number(count);
  if (unit === 'm') return { minutes: number };
  if (unit === 'h') return { hours: number };
  return unit === 'd' && number <= 60 ? { days: number } : undefined;
}
