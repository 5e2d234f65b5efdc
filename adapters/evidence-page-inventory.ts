/** The part of a page of evidence that tells of inventories: keys by age, and whose they are. */
import type { ReportHead } from '../domain/evidence-report.ts';
import type { OwnershipProblem } from '../domain/inventory-day.ts';
import { table } from './evidence-page-parts.ts';
import { html, type Markup } from './html-text.ts';

const number = 'number' as const;

/** Each report tells of the last inventory of its period; whose users are, the last report. */
export function inventories(reports: readonly ReportHead[]): Markup {
  const told = reports.flatMap(({ inventory, period }) =>
    inventory === undefined ? [] : [{ name: period.name, inventory }],
  );
  if (told.length === 0)
    return html`<p>No report tells of an inventory.</p>
`;
  const heads = [
    { name: 'Report' },
    { name: 'Inventory of' },
    ...['Accounts', 'Users', 'Active keys', 'Stale', 'Soon stale', 'Age unknown', 'Unused'].map(
      (name) => ({ name, kind: number }),
    ),
    ...['Without an owner', 'Owner nobody knows', 'Accounts not kept'].map((name) => ({
      name,
      kind: number,
    })),
  ];
  const cells = told.map(({ name, inventory: { date, accounts, sums, notKept } }) => [
    ...[name, date, accounts, sums.users, sums.activeKeys, sums.stale, sums.nearing],
    ...[sums.unknownAge, sums.unused, sums.ownerMissing, sums.ownerNobodyKnown, notKept],
  ]);
  const listed = told.at(-1)?.inventory.ownership.listed ?? [];
  const caption = 'All accounts together, by the last inventory of each period';
  return html`${table('inventory-table', caption, heads, cells)}${owners(listed)}`;
}

function owners(listed: readonly OwnershipProblem[]): Markup | '' {
  if (listed.length === 0) return '';
  const heads = ['User', 'Account', 'What is wrong'].map((name) => ({ name }));
  const caption = 'Users who do not say whose they are, or of whom accounts say different things';
  return table(
    'owners-table',
    caption,
    heads,
    listed.map((each) =>
      each.problem === 'contradicts'
        ? [
            each.userName,
            each.says.map(({ account }) => account).join(', '),
            `tag keyturn:${each.tag} says ${each.says.map(({ value }) => value).join(', ')}`,
          ]
        : [each.userName, each.account, ownerText(each.owner)],
    ),
  );
}

function ownerText(owner: string | null): string {
  return owner === null
    ? 'it has no tag keyturn:owner'
    : `tag keyturn:owner says ${owner}, whom the policy does not know`;
}
