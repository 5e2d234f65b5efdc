/** In which order the users of the fleet stand: by a column of their table, or as they came. */
import type { Row } from '../view.ts';
import { stages } from './words.ts';

export type Column = 'user' | 'keys' | 'stage' | 'deadline' | 'owner';

export interface Order {
  readonly by: Column;
  readonly down: boolean;
}

/** What a press on a column's heading makes of the order: up, then down, then as they came. */
export function pressed(order: Order | null, by: Column): Order | null {
  if (order?.by !== by) return { by, down: false };
  return order.down ? null : { by, down: true };
}

/** A copy in that order. Whoever has nothing in the column comes last, up or down. */
export function ordered(rows: readonly Row[], order: Order | null): readonly Row[] {
  if (order === null) return rows;
  const { by, down } = order;
  const named = rows.map((row) => ({ row, value: sortedBy(row, by) }));
  named.sort((a, b) => {
    if (a.value === null || b.value === null)
      return Number(a.value === null) - Number(b.value === null);
    if (a.value === b.value) return a.row.userName < b.row.userName ? -1 : 1;
    return a.value < b.value === down ? 1 : -1;
  });
  return named.map(({ row }) => row);
}

/** Of one type in each column. The oldest key stands for all keys of a user. */
function sortedBy(row: Row, by: Column): string | number | null {
  switch (by) {
    case 'user':
      return row.userName;
    case 'keys':
      return row.keys.map(({ createdAt }) => createdAt).toSorted()[0] ?? null;
    case 'stage':
      return row.stage === null ? null : stages.indexOf(row.stage);
    case 'deadline':
      return row.deadline?.at ?? null;
    case 'owner':
      return row.owner;
  }
}
