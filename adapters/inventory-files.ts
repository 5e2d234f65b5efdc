/**
 * Inventories as files: JSON, a user a line, so that a difference shows where it is; CSV, an Active
 * key a line, safe to open in a spreadsheet. inventory-schema.ts reads them back.
 */
import type { InventoryDay, OwnershipProblem } from '../domain/inventory-day.ts';
import type { AccountInventory } from '../domain/inventory-record.ts';
import { safeCsv } from './safe-csv.ts';

/** JSON with a line for each user. */
export function inventoryText({ users, digest, ...rest }: AccountInventory): string {
  const lines = users.map((each) => JSON.stringify(each)).join(',\n');
  return `${JSON.stringify({ ...rest, digest }).slice(0, -1)},\n"users":[\n${lines}\n]}\n`;
}

const keyColumns = [
  'userName',
  'path',
  'slot',
  'state',
  'ageDays',
  'rotatedAt',
  'lastUsed',
  'unused',
  'ownership',
  'owner',
  'team',
  'application',
  'environment',
  'staleKeyIds',
  'takenAt',
  'reportAt',
] as const;

/** A line for each Active key. Account and date are in the name of the folder, for Athena. */
export function keysCsv({ users, takenAt, reportAt }: AccountInventory): string {
  const rows = users.flatMap(({ keys, staleKeyIds, ...user }) =>
    keys.map((key) => ({
      ...user,
      ...key,
      staleKeyIds: staleKeyIds?.join(' ') ?? '',
      takenAt,
      reportAt,
    })),
  );
  return safeCsv(keyColumns, rows);
}

export function dayText(day: InventoryDay): string {
  return `${JSON.stringify(day, null, 1)}\n`;
}

const ownerColumns = ['problem', 'userName', 'account', 'tag', 'value'] as const;

/** The users who should say whose they are, a line for each account that says something. */
export function ownersCsv({ ownership }: InventoryDay): string {
  return safeCsv(ownerColumns, ownership.listed.flatMap(ownerRows));
}

function ownerRows(each: OwnershipProblem): readonly Readonly<Record<string, unknown>>[] {
  const { problem, userName } = each;
  if (each.problem !== 'contradicts') {
    return [{ problem, userName, account: each.account, tag: 'owner', value: each.owner ?? '' }];
  }
  return each.says.map((said) => ({ problem, userName, tag: each.tag, ...said }));
}
