/** Slack as the chosen person sees it: channel, threads, what only they read, and forms. */

import { useState } from 'preact/hooks';
import type { PersonaKey } from '../acts.ts';
import type { MessageView, Pulse, SlackView } from '../view.ts';
import type { Do } from './app.tsx';
import { Blocks } from './blocks.tsx';
import { Form } from './form.tsx';
import { useView } from './live.ts';
import { Mrkdwn } from './mrkdwn.tsx';
import { Scroll } from './scroll.tsx';
import { minuteOf } from './words.ts';

interface Props {
  readonly pulse: Pulse;
  readonly act: Do;
  readonly as: PersonaKey;
  readonly setAs: (as: PersonaKey) => void;
  /** The rotation that is looked at. */
  readonly rotation: string | null;
}

export function SlackPane({ pulse, act, as, setAs, rotation }: Props) {
  const [all, setAll] = useState(false);
  const about = rotation === null || all ? '' : `&rotation=${encodeURIComponent(rotation)}`;
  const seen = useView<SlackView>(`/api/slack?as=${as}${about}`, `${pulse.world}.${pulse.version}`);
  const person = pulse.people.find(({ key }) => key === as);
  return (
    <section class="slack" aria-labelledby="slack-title">
      <div class="title">
        <h2 id="slack-title">Slack</h2>
        <label class="persona">
          as{' '}
          <select
            value={as}
            onChange={({ currentTarget }) => setAs(currentTarget.value as PersonaKey)}
          >
            {pulse.people.map(({ key, name, roles }) => (
              <option key={key} value={key}>
                {name}: {roles}
              </option>
            ))}
          </select>
        </label>
      </div>
      {seen !== undefined && (
        <Scroll look="messages" name="Messages">
          <Alone seen={seen} name={person?.name ?? ''} people={pulse.people} />
          <div class="title">
            <h3>#access-keys</h3>
            {rotation !== null && (
              <label class="check">
                <input
                  type="checkbox"
                  checked={!all}
                  onChange={({ currentTarget }) => setAll(!currentTarget.checked)}
                />
                only this rotation
              </label>
            )}
          </div>
          {seen.messages.length === 0 && (
            <p class="soft">No message yet. Findings arrive as time passes: press Play.</p>
          )}
          {seen.messages.map((message) => (
            <Message key={message.ts} {...{ message, act, as }} people={pulse.people} />
          ))}
          {seen.older > 0 && <p class="soft">{seen.older} older messages are not shown.</p>}
        </Scroll>
      )}
      {seen?.form && (
        <Form key={seen.form.index} form={seen.form} act={act} as={as} pulse={pulse} />
      )}
    </section>
  );
}

interface AloneProps {
  readonly seen: SlackView;
  readonly name: string;
  readonly people: Pulse['people'];
}

function Alone({ seen, name, people }: AloneProps) {
  if (seen.alone.length === 0) return null;
  return (
    <section class="alone" aria-label={`Only ${name} sees`}>
      <h3>Only {name} sees</h3>
      {seen.alone.slice(0, 4).map(({ at, how, text, blocks }) => (
        <article key={`${at}${text}`} class={`message ${how}`}>
          <p class="soft meta">
            {how === 'ephemeral' ? 'whispered' : 'direct message'} {minuteOf(at)}
          </p>
          {blocks.length > 0 ? (
            <Blocks blocks={blocks} people={people} press={undefined} />
          ) : (
            <p>
              <Mrkdwn text={text} people={people} />
            </p>
          )}
        </article>
      ))}
      {seen.alone.length > 4 && <p class="soft">{seen.alone.length - 4} earlier ones</p>}
    </section>
  );
}

interface MessageProps {
  readonly message: MessageView;
  readonly act: Do;
  readonly as: PersonaKey;
  readonly people: Pulse['people'];
}

function Message({ message, act, as, people }: MessageProps) {
  const { ts, at, blocks, edits, rotation, replies } = message;
  const [open, setOpen] = useState(false);
  const latest = open ? replies : replies.slice(-1);
  return (
    <article class="message">
      <p class="soft meta">
        <b>Keyturn</b> {minuteOf(at)} {edits > 0 && '(edited)'}{' '}
        {rotation !== null && <a href={`#rotation/${rotation}`}>Rotation</a>}
      </p>
      <Blocks
        blocks={blocks}
        people={people}
        press={(actionId) => act({ type: 'press', as, ts, actionId })}
      />
      {replies.length > 0 && (
        <div class="thread">
          {replies.length > 1 && (
            <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Only the latest reply' : `All ${replies.length} replies`}
            </button>
          )}
          {latest.map((reply) => (
            <p key={reply.ts}>
              <span class="soft">{minuteOf(reply.at)}</span>{' '}
              <Mrkdwn text={reply.text} people={people} />
            </p>
          ))}
        </div>
      )}
    </article>
  );
}
