/** Block Kit as Slack's client lays it out: headers, sections with fields, context, buttons. */
import { useRef } from 'preact/hooks';
import type { ShownBlock } from '../../slack-rules.ts';
import type { PersonView } from '../view.ts';
import { drawn, Mrkdwn } from './mrkdwn.tsx';

type Button = Extract<ShownBlock, { type: 'actions' }>['elements'][number];
type Text = Button['text'] | { readonly type: 'mrkdwn'; readonly text: string };

interface Props {
  readonly blocks: readonly ShownBlock[];
  readonly people: readonly PersonView[];
  /** undefined: nobody can press here. */
  readonly press: ((actionId: string) => unknown) | undefined;
}

export function Blocks({ blocks, people, press }: Props) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <Block key={index} block={block} people={people} press={press} />
      ))}
    </div>
  );
}

function Block({ block, people, press }: Omit<Props, 'blocks'> & { readonly block: ShownBlock }) {
  switch (block.type) {
    case 'header':
      return <h4>{block.text.text}</h4>;
    case 'section':
      return (
        <>
          {block.text !== undefined && (
            <p class="section">
              <Words text={block.text} people={people} />
            </p>
          )}
          {block.fields !== undefined && (
            <div class="fields">
              {block.fields.map((field) => (
                <p key={field.text}>
                  <Words text={field} people={people} />
                </p>
              ))}
            </div>
          )}
        </>
      );
    case 'context':
      return (
        <p class="context">
          {block.elements.map((element) => (
            <span key={element.text}>
              <Words text={element} people={people} />{' '}
            </span>
          ))}
        </p>
      );
    case 'actions':
      return (
        <div class="actions">
          {block.elements.map((button) => (
            <Press key={button.action_id} button={button} press={press} />
          ))}
        </div>
      );
  }
}

/** Plain text has line breaks, and nothing else. */
function Words({ text, people }: { readonly text: Text; readonly people: readonly PersonView[] }) {
  return text.type === 'mrkdwn' ? (
    <Mrkdwn text={text.text} people={people} />
  ) : (
    <span class="lines">{drawn(text.text)}</span>
  );
}

interface PressProps {
  readonly button: Button;
  readonly press: Props['press'];
}

/** What asks "are you sure?" asks here too. */
function Press({ button, press }: PressProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { text, style = '', action_id: actionId, confirm } = button;
  const go = () => {
    dialog.current?.close();
    press?.(actionId);
  };
  return (
    <>
      <button
        type="button"
        class={`slack-button ${style}`}
        disabled={press === undefined}
        onClick={() => (confirm === undefined ? go() : dialog.current?.showModal())}
      >
        {text.text}
      </button>
      {confirm !== undefined && (
        <dialog ref={dialog} aria-label={confirm.title.text} class="modal">
          <h3>{confirm.title.text}</h3>
          <p class="lines">{confirm.text.text}</p>
          <div class="answers">
            <button type="button" onClick={() => dialog.current?.close()}>
              {confirm.deny.text}
            </button>
            <button type="button" class={`slack-button ${confirm.style ?? 'primary'}`} onClick={go}>
              {confirm.confirm.text}
            </button>
          </div>
        </dialog>
      )}
    </>
  );
}
