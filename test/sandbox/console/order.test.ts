/** The order of the fleet's table: by any column, both ways, and whoever has nothing in it last. */
import { expect, test } from 'vitest';
import { type Column, type Order, ordered, pressed } from '../../../sandbox/console/page/order.ts';
import type { Row } from '../../../sandbox/console/view.ts';

const row = (userName: string, more: Partial<Row>): Row => ({
  id: `111122223333/${userName}`,
  account: '111122223333',
  userName,
  gone: false,
  owner: null,
  about: '',
  forgetful: false,
  keys: [],
  rotation: null,
  stage: null,
  note: null,
  deadline: null,
  ...more,
});

const key = (createdAt: string) =>
  ({ keyId: 'AKIAIOSFODNN7EXAMPLE', createdAt, status: 'Active', lastUsedAt: null }) as const;

const rows = [
  row('b', {
    owner: 'Omar',
    stage: 'held',
    keys: [key('2026-09-01T00:00:00Z'), key('2025-01-01T00:00:00Z')],
  }),
  row('a', { deadline: { what: 'off', at: '2026-11-05T00:00:00Z' }, stage: 'overlapping' }),
  row('d', { owner: 'Olivia', keys: [key('2026-01-01T00:00:00Z')] }),
  row('c', { deadline: { what: 'gone', at: '2026-11-04T00:00:00Z' }, stage: 'proposed' }),
];

const names = (by: Column, down: boolean) =>
  ordered(rows, { by, down })
    .map(({ userName }) => userName)
    .join('');

test.each([
  ['user', 'abcd', 'dcba'],
  ['keys', 'bdac', 'dbac'],
  ['stage', 'cabd', 'bacd'],
  ['deadline', 'cabd', 'acbd'],
  ['owner', 'dbac', 'bdac'],
] as const)('by %s they stand %s, and down %s', (column, up, down) => {
  expect(names(column, false)).toBe(up);
  expect(names(column, true)).toBe(down);
});

test('a heading is pressed for up, down, and as they came', () => {
  let order: Order | null = null;
  const seen = ['stage', 'stage', 'stage', 'user', 'owner'].map((column) => {
    order = pressed(order, column as Column);
    return order;
  });
  expect(seen).toEqual([
    { by: 'stage', down: false },
    { by: 'stage', down: true },
    null,
    { by: 'user', down: false },
    { by: 'owner', down: false },
  ]);
  expect(ordered(rows, null)).toBe(rows);
});
