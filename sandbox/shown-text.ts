/** A message in Slack as a terminal shows it: what people read, and the buttons under it. */
import { styleText } from 'node:util';
import { visible, wrapped } from '../commands/terminal-text.ts';
import { buttonsOf, type ShownButton } from './clicker.ts';
import { people } from './settings.ts';
import type { ShownMessage } from './slack.ts';
import type { ShownBlock } from './slack-rules.ts';

const width = 100;

/** The message and its thread, line by line. Buttons are numbered from 1. */
export function shownLines(
  message: ShownMessage,
  replies: readonly ShownMessage[],
): readonly string[] {
  const buttons = buttonsOf(message).map(({ label }, index) => `[${index + 1} ${visible(label)}]`);
  return [
    ...message.blocks.flatMap(blockLines),
    ...(buttons.length === 0 ? ['(nothing to press)'] : [styleText('bold', buttons.join(' '))]),
    ...(replies.length === 0 ? [] : ['', 'In the thread:']),
    ...replies.flatMap(({ postedAt, text }) =>
      wrapped(`${clockOf(postedAt)} ${inWords(text)}`, '  ', width),
    ),
  ];
}

/** What a button asks before it does anything; undefined: nothing. */
export function questionOf({ button }: ShownButton): string | undefined {
  return button.confirm === undefined ? undefined : visible(button.confirm.text.text);
}

/** A moment as people in this sandbox read it. */
export function clockOf(moment: string): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)}`;
}

function blockLines(block: ShownBlock): readonly string[] {
  switch (block.type) {
    case 'header':
      return [styleText('bold', visible(block.text.text))];
    case 'section':
      return [...textLines(block.text?.text ?? ''), ...(block.fields ?? []).map(fieldLine)];
    case 'context':
      return block.elements.flatMap(({ text }) => textLines(text));
    case 'actions':
      return [];
  }
}

/** Text of a message or form, line by line. */
export function textLines(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => wrapped(inWords(line), '', width));
}

/** `*Owner*` above its value, in one line. */
function fieldLine({ text }: { readonly text: string }): string {
  const [label = '', ...value] = text.split('\n');
  return `  ${visible(inWords(label)).padEnd(32)}${visible(inWords(value.join(' ')))}`;
}

/** Slack's own marks as words: dates by their fallback, links by their text, escapes undone. */
function inWords(text: string): string {
  return text
    .replaceAll(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<(?:https?:)[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<@([A-Z0-9]+)>/g, (_, id: string) => `@${nameOf(id)}`)
    .replaceAll(/[*`]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Somebody in Slack by name, as people see a mention. */
export function nameOf(slackUserId: string): string {
  const known = Object.values(people).find((each) => each.slackUserId === slackUserId);
  return known?.name ?? slackUserId;
}
