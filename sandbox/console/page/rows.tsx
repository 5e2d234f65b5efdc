/** The table of users. Thousands scroll smoothly: only the rows in sight, and a few more, exist. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PersonaKey } from '../acts.ts';
import type { Row } from '../view.ts';
import type { Do } from './app.tsx';
import type { Column, Order } from './order.ts';
import { RowDoings } from './row-doings.tsx';
import { Scroll } from './scroll.tsx';
import { daysBetween, distance, minuteOf, shortKey, toneOf } from './words.ts';

interface Props {
  readonly rows: readonly Row[];
  readonly now: string;
  readonly staleDays: number;
  readonly act: Do;
  readonly as: PersonaKey;
  /** null: as they came. */
  readonly order: Order | null;
  readonly sortBy: (column: Column) => void;
}

const columns: readonly (readonly [Column, string])[] = [
  ['user', 'User'],
  ['keys', 'Keys'],
  ['stage', 'Stage'],
  ['deadline', 'Next deadline'],
  ['owner', 'Owner'],
];

/** Of every row, in pixels; the style sheet says the same. */
const rowHeight = 52;
const beyond = 6;

export function Rows({ rows, now, staleDays, act, as, order, sortBy }: Props) {
  const frame = useRef<HTMLElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const room = frame.current;
    if (room === null) return;
    const look = () => setSight({ top: room.scrollTop, height: room.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(room);
    room.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      room.removeEventListener('scroll', look);
    };
  }, []);
  const count = rows.length;
  useEffect(() => {
    const room = frame.current;
    if (room !== null && room.scrollTop > count * rowHeight) room.scrollTop = 0;
  }, [count]);
  const first = Math.max(0, Math.floor(sight.top / rowHeight) - beyond);
  const last = Math.min(count, Math.ceil((sight.top + sight.height) / rowHeight) + beyond);
  return (
    <Scroll look="rows" name="Users" room={frame}>
      <table aria-rowcount={count + 1}>
        <thead>
          <tr>
            {columns.map(([column, label]) => (
              <Heading key={column} {...{ column, label, order, sortBy }} />
            ))}
            <th scope="col">
              <span class="unseen">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Gap height={first * rowHeight} />}
          {rows.slice(first, last).map((row, index) => (
            <User key={row.id} {...{ row, now, staleDays, act, as }} index={first + index + 2} />
          ))}
          {last < count && <Gap height={(count - last) * rowHeight} />}
        </tbody>
      </table>
    </Scroll>
  );
}

interface HeadingProps extends Pick<Props, 'order' | 'sortBy'> {
  readonly column: Column;
  readonly label: string;
}

function Heading({ column, label, order, sortBy }: HeadingProps) {
  const down = order?.by === column ? order.down : null;
  return (
    <th
      scope="col"
      class={column === 'deadline' || column === 'owner' ? column : undefined}
      aria-sort={down === null ? 'none' : down ? 'descending' : 'ascending'}
    >
      <button type="button" class="sort" onClick={() => sortBy(column)}>
        {label}
        <span aria-hidden="true">{down === null ? '' : down ? ' ▾' : ' ▴'}</span>
      </button>
    </th>
  );
}

function Gap({ height }: { readonly height: number }) {
  return (
    <tr>
      <td colSpan={6} class="gap" style={{ height: `${height}px` }} />
    </tr>
  );
}

interface UserProps extends Omit<Props, 'rows' | 'order' | 'sortBy'> {
  readonly row: Row;
  readonly index: number;
}

function User({ row, now, staleDays, act, as, index }: UserProps) {
  const { account, userName, rotation, stage, note, deadline, owner } = row;
  return (
    <tr aria-rowindex={index}>
      <th scope="row">
        {rotation === null ? (
          <span class="name">{userName}</span>
        ) : (
          <a class="name" href={`#rotation/${rotation}`}>
            {userName}
          </a>
        )}
        <span class="soft mono">{account}</span>
      </th>
      <td>
        {row.keys.map(({ keyId, createdAt, status }) => {
          const age = Math.floor(daysBetween(createdAt, now));
          return (
            <span key={keyId} class={`key ${age >= staleDays ? 'stale' : ''}`}>
              <span class="mono">{shortKey(keyId)}</span> <span class="days">{age} d</span>
              {status === 'Inactive' && <em> off</em>}
            </span>
          );
        })}
        {row.keys.length === 0 && <span class="soft">{row.gone ? 'user deleted' : 'no key'}</span>}
      </td>
      <td>
        {stage === null ? (
          <span class="soft">–</span>
        ) : (
          <span class={`stage ${toneOf(stage)}`}>{stage}</span>
        )}
        {note !== null && <span class="soft note">{note}</span>}
      </td>
      <td class="deadline">
        {deadline !== null && (
          <>
            <span title={minuteOf(deadline.at)}>{distance(deadline.at, now)}</span>
            <span class="soft note">{deadline.what}</span>
          </>
        )}
      </td>
      <td class="owner">{owner ?? <span class="soft">not known</span>}</td>
      <td class="doings">{!row.gone && <RowDoings row={row} act={act} as={as} />}</td>
    </tr>
  );
}
