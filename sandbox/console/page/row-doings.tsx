/** What can happen to one user by hand: a finding, a forgetful program, a person at its keys. */
import { useRef } from 'preact/hooks';
import type { Act, PersonaKey } from '../acts.ts';
import type { Row } from '../view.ts';
import type { Do } from './app.tsx';
import { shortKey } from './words.ts';

interface Props {
  readonly row: Row;
  readonly act: Do;
  readonly as: PersonaKey;
}

export function RowDoings({ row, act, as }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const name = row.userName;
  const doAndClose = (asked: Act) => {
    dialog.current?.close();
    void act(asked);
  };
  const choices: readonly (readonly [string, Act])[] = [
    ['Report it by Security Hub', { type: 'report', row: row.id, by: 'security hub' }],
    ['Report it by AWS Config', { type: 'report', row: row.id, by: 'config' }],
    ['Send it by custom action', { type: 'report', row: row.id, by: 'custom action' }],
    [
      row.forgetful ? 'Its programs change over again' : 'Its programs forget to change over',
      { type: 'forgetful', row: row.id, on: !row.forgetful },
    ],
    ...row.keys.flatMap(({ keyId, status }) => {
      const key = { type: 'change key', row: row.id, keyId, as } as const;
      const other = status === 'Active' ? 'Inactive' : 'Active';
      return [
        [`Make ${shortKey(keyId)} ${other} by hand`, { ...key, to: other }],
        [`Delete ${shortKey(keyId)} by hand`, { ...key, to: 'Deleted' }],
      ] as const;
    }),
  ];
  return (
    <>
      <button
        type="button"
        class="more"
        aria-label={`What to do with ${name}`}
        onClick={() => dialog.current?.showModal()}
      >
        ⋯
      </button>
      <dialog ref={dialog} aria-label={`What to do with ${name}`} class="menu">
        <h3>{name}</h3>
        <p class="soft">{row.about}</p>
        {choices.map(([label, asked]) => (
          <button key={label} type="button" onClick={() => doAndClose(asked)}>
            {label}
          </button>
        ))}
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </dialog>
    </>
  );
}
