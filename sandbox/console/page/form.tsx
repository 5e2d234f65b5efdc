/** A form that Slack shows to the chosen person. It stays until it is taken, or closed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FormAnswers, PersonaKey } from '../acts.ts';
import type { FormView, Pulse } from '../view.ts';
import type { Do } from './app.tsx';

type Block = FormView['view']['blocks'][number];
type Input = Extract<Block, { type: 'input' }>;

interface Props {
  readonly form: FormView;
  readonly act: Do;
  readonly as: PersonaKey;
  readonly pulse: Pulse;
}

export function Form({ form: { index, view }, act, as, pulse }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [answers, setAnswers] = useState<FormAnswers>(() => initial(view.blocks));
  const [problems, setProblems] = useState<readonly string[]>([]);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const close = () => act({ type: 'close form', form: index });
  const send = async () => {
    const came = await act({ type: 'send', as, form: index, answers });
    setProblems(came.ok ? (came.problems ?? []) : [came.problem]);
  };
  return (
    <dialog ref={dialog} class="modal" aria-label={view.title.text} onCancel={close}>
      <h3>{view.title.text}</h3>
      {view.blocks.map((block, number) =>
        block.type === 'input' ? (
          <Field
            key={block.block_id}
            block={block}
            pulse={pulse}
            value={answers[block.block_id] ?? null}
            change={(value) => setAnswers({ ...answers, [block.block_id]: value })}
          />
        ) : (
          <p key={number} class="lines">
            {block.text?.text}
          </p>
        ),
      )}
      {problems.map((problem) => (
        <p key={problem} class="bad" role="alert">
          {problem}
        </p>
      ))}
      <div class="answers">
        <button type="button" onClick={close}>
          {view.close?.text ?? 'Cancel'}
        </button>
        <button type="button" class="slack-button primary" onClick={send}>
          {view.submit.text}
        </button>
      </div>
    </dialog>
  );
}

function initial(blocks: readonly Block[]): FormAnswers {
  return Object.fromEntries(
    blocks.flatMap((block) =>
      block.type !== 'input'
        ? []
        : [
            [
              block.block_id,
              block.element.type === 'datetimepicker'
                ? (block.element.initial_date_time ?? null)
                : null,
            ],
          ],
    ),
  );
}

interface FieldProps {
  readonly block: Input;
  readonly pulse: Pulse;
  readonly value: string | number | null;
  readonly change: (value: string | number | null) => void;
}

function Field(props: FieldProps) {
  const { label, hint, optional, element } = props.block;
  const isMoment = element.type === 'datetimepicker';
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Control is an input
    <label class="field">
      <span>
        {label.text}
        {isMoment && ' (UTC)'}
        {optional && <span class="soft"> optional</span>}
      </span>
      <Control {...props} />
      {hint !== undefined && <span class="soft">{hint.text}</span>}
    </label>
  );
}

function Control({ block: { element }, pulse, value, change }: FieldProps) {
  switch (element.type) {
    case 'datetimepicker':
      return (
        <input
          type="datetime-local"
          value={typeof value === 'number' ? new Date(value * 1000).toISOString().slice(0, 16) : ''}
          onInput={({ currentTarget }) => {
            const millis = Date.parse(`${currentTarget.value}:00Z`);
            change(Number.isNaN(millis) ? null : millis / 1000);
          }}
        />
      );
    case 'users_select':
      return (
        <select
          value={String(value ?? '')}
          onChange={({ currentTarget }) => change(currentTarget.value || null)}
        >
          <option value="">nobody</option>
          {pulse.people.map(({ slackUserId, name }) => (
            <option key={slackUserId} value={slackUserId}>
              {name}
            </option>
          ))}
        </select>
      );
    case 'plain_text_input':
      return (
        <input
          type="text"
          maxLength={element.max_length ?? 3000}
          value={String(value ?? '')}
          onInput={({ currentTarget }) => change(currentTarget.value || null)}
        />
      );
  }
}
