/** A plan as one HTML page for people: what would happen to which key, and when. */

import { section, table } from '../adapters/evidence-page-parts.ts';
import { htmlPage } from '../adapters/html-page.ts';
import { html } from '../adapters/html-text.ts';
import { type Instant, inUtcWords } from '../domain/instant.ts';
import { shortKey } from '../domain/key.ts';
import { type KeyReport, type PlanReport, type Totals, whenOf } from './plan-report.ts';

export function planPage(report: PlanReport): string {
  const { at, policy, keys, unreadable } = report;
  const title = `What Keyturn would do: plan of ${inUtcWords(at)}`;
  const acted = keys.filter(({ action }) => action !== 'none');
  const rest = keys.filter(({ action }) => action === 'none');
  const body = [
    html`<header><h1>${title}</h1>
<p>If all were reported at that moment, under ${policy}; nothing is changed. Times are in UTC and
the earliest possible ones: evidence, windows and people may put them off.</p></header>
<main>
`,
    section('totals', 'In all', totalsTable(report.totals)),
    section('keys', 'Keys that something happens to', keyTable('acted', acted)),
    section('left', 'Keys that nothing happens to', keyTable('left-alone', rest)),
    section(
      'unread',
      'What could not be read',
      table(
        'unread-table',
        unreadable.length === 0 ? 'Everything was read' : 'What could not be read, and why',
        [{ name: 'Account' }, { name: 'User' }, { name: 'Problem' }],
        unreadable.map(({ account, userName, problem }) => [account, userName ?? 'all', problem]),
      ),
    ),
    html`</main>
`,
  ];
  return htmlPage(title, body);
}

const number = 'number' as const;

function totalsTable({ accounts, users, keys, ...counts }: Totals) {
  const names: Readonly<Record<keyof typeof counts, string>> = {
    replace: 'Replaced',
    retire: 'Retired',
    decide: 'A person has to decide',
    exempt: 'Exempt',
    none: 'Left alone',
    unknown: 'Not known',
    unreadable: 'Problems',
  };
  const rows = Object.entries(names).map(([name, words]) => [
    words,
    Object.entries(counts).find(([each]) => each === name)?.[1] ?? 0,
  ]);
  const caption = `${keys} keys of ${users} users in ${accounts} accounts`;
  return table('totals-table', caption, [{ name: 'What' }, { name: 'Keys', kind: number }], rows);
}

function keyTable(id: string, keys: readonly KeyReport[]) {
  const heads = [
    { name: 'User' },
    { name: 'Account' },
    { name: 'Key' },
    { name: 'Status' },
    { name: 'Age in days', kind: number },
    { name: 'Last used' },
    { name: 'What' },
    { name: 'First' },
    { name: 'Then' },
    { name: 'Why' },
    { name: 'Owner' },
    { name: 'Mode' },
  ];
  const rows = keys.map((key) => {
    const when = whenOf(key);
    return [
      `${key.path}${key.userName}`,
      key.account,
      shortKey(key.keyId),
      key.status,
      key.ageDays,
      usedText(key),
      key.action,
      when === null ? '–' : minutes(when),
      key.steps.map(({ what, at }) => `${what} ${minutes(at)}`).join(', '),
      key.standsInTheWay === null ? key.because : `${key.because} ${key.standsInTheWay}`,
      key.owner ?? 'unknown',
      key.exempt ? 'exempt' : `${key.mode} (${key.policy.decidedBy})`,
    ];
  });
  return table(id, `${keys.length} keys`, heads, rows);
}

function usedText({ lastUsed }: KeyReport): string {
  if (lastUsed === null) return 'never';
  return lastUsed === 'unknown' ? 'not known' : lastUsed.slice(0, 10);
}

function minutes(at: Instant): string {
  return inUtcWords(at).slice(0, 16);
}
