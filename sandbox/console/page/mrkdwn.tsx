/**
 * Slack's markup as elements: bold, code, mentions, dates, links. All text is text: nothing in it
 * becomes markup of the page, and only http links are links.
 */
import type { ComponentChildren } from 'preact';
import type { PersonView } from '../view.ts';

interface Props {
  readonly text: string;
  readonly people: readonly PersonView[];
}

const marks = /`([^`\n]+)`|\*([^*\n]+)\*|<([^<>\n]+)>|\n/g;

export function Mrkdwn({ text, people }: Props) {
  return <>{parts(text, people)}</>;
}

function parts(text: string, people: readonly PersonView[]): ComponentChildren[] {
  const made: ComponentChildren[] = [];
  let at = 0;
  for (const match of text.matchAll(marks)) {
    const [whole, code, bold, marked] = match;
    made.push(drawn(plain(text.slice(at, match.index))));
    at = match.index + whole.length;
    const key = match.index;
    if (code !== undefined) made.push(<code key={key}>{plain(code)}</code>);
    else if (bold !== undefined) made.push(<b key={key}>{parts(bold, people)}</b>);
    else if (marked !== undefined) made.push(special(marked, people, key));
    else made.push(<br key={key} />);
  }
  made.push(drawn(plain(text.slice(at))));
  return made;
}

/** `@U0ADA`, `!date^…|2026-11-02 08:00 UTC`, `https://…|text`. */
function special(marked: string, people: readonly PersonView[], key: number): ComponentChildren {
  const [target = '', ...rest] = marked.split('|');
  const label = rest.join('|');
  if (target.startsWith('@')) {
    const known = people.find(({ slackUserId }) => slackUserId === target.slice(1));
    return (
      <span key={key} class="mention">
        @{known?.name ?? target.slice(1)}
      </span>
    );
  }
  if (target.startsWith('!date^')) return plain(label);
  if (!/^https?:\/\//.test(target)) return plain(`<${marked}>`);
  return (
    <a key={key} href={plain(target)} target="_blank" rel="noreferrer">
      {plain(label === '' ? target : label)}
    </a>
  );
}

/** Slack draws emoji itself; here those that Keyturn uses, for machines whose fonts lack them. */
const emoji: Readonly<Record<string, string>> = { '✅': '✓', '▶️': '▶', '⏳': '○', '⏸️': '‖' };

export function drawn(text: string): ComponentChildren {
  const pieces = text.split(/(✅|▶️|⏳|⏸️)/u);
  if (pieces.length === 1) return text;
  return pieces.map((piece, index) => {
    const mark = emoji[piece];
    if (mark === undefined) return piece;
    return (
      <span key={`${index} ${piece}`} class={`mark ${piece === '✅' ? 'good' : ''}`}>
        {mark}
      </span>
    );
  });
}

/** Slack's three entities undone. */
function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
