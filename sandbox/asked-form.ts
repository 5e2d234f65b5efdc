/** A form that Slack shows, filled in at the terminal: a question for each of its fields. */
import { parseInstant, toMillis } from '../domain/instant.ts';
import type { Answers } from './form-filler.ts';
import { people } from './settings.ts';
import { textLines } from './shown-text.ts';
import type { ShownView } from './slack-rules.ts';
import type { ShownModal } from './slack-views.ts';

type Input = Extract<ShownView['blocks'][number], { type: 'input' }>;

interface Asking {
  ask(prompt: string): Promise<string | undefined>;
  print(line: string): void;
}

/** What somebody fills in; undefined once they cancel. */
export async function askedForm(
  terminal: Asking,
  { view }: Pick<ShownModal, 'view'>,
): Promise<Answers | undefined> {
  terminal.print(`Form: ${view.title.text} ("cancel" closes it)`);
  const answers: Record<string, string | number | null> = {};
  for (const block of view.blocks) {
    if (block.type === 'input') {
      const said = await terminal.ask(`${promptOf(block)}> `);
      if (said === undefined || said.trim() === 'cancel') return undefined;
      answers[block.block_id] = answerOf(block, said.trim());
    } else if (block.type === 'section') {
      for (const line of textLines(block.text?.text ?? '')) terminal.print(line);
    }
  }
  return answers;
}

function promptOf({ label, hint, element, optional }: Input): string {
  const initial =
    element.type === 'datetimepicker' && element.initial_date_time !== undefined
      ? new Date(element.initial_date_time * 1000).toISOString().slice(0, 16).replace('T', ' ')
      : undefined;
  const usual = initial === undefined ? '' : ` [${initial} UTC]`;
  const how = {
    datetimepicker: 'as 2026-11-05 12:00, UTC',
    users_select: `one of ${Object.keys(people).join(', ')}${optional ? ', or nobody' : ''}`,
    plain_text_input: 'in words',
  }[element.type];
  return `${label.text} (${hint === undefined ? how : `${hint.text} ${how}`})${usual}`;
}

/** What cannot be understood goes to the form as it is, which refuses it. */
function answerOf({ element }: Input, said: string): string | number | null {
  if (said === '') return null;
  switch (element.type) {
    case 'datetimepicker': {
      const at = parseInstant(`${said.replace(' ', 'T')}:00Z`);
      return at === undefined ? said : toMillis(at) / 1000;
    }
    case 'users_select': {
      const one = Object.entries(people).find(([key]) => key === said.toLowerCase());
      return one?.[1].slackUserId ?? said;
    }
    case 'plain_text_input':
      return said;
  }
}

/** What Slack shows under the fields of a form that was not taken; empty once it was. */
export function problemsIn(body: string): readonly string[] {
  if (body === '') return [];
  const { errors = {} } = JSON.parse(body) as { errors?: Readonly<Record<string, string>> };
  return Object.entries(errors).map(([field, problem]) => `${field}: ${problem}`);
}
