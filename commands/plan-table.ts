/** A plan as a table for people: at most 100 columns wide, the same in a terminal and in a pipe. */
import { styleText } from 'node:util';
import type { Unreadable } from '../app/plan.ts';
import type { ForeseenStep } from '../domain/foresight.ts';
import { type Instant, inUtcWords } from '../domain/instant.ts';
import { shortKey } from '../domain/key.ts';
import type { PlannedAction } from '../domain/key-plan.ts';
import { type KeyReport, type PlanReport, type Totals, whenOf } from './plan-report.ts';
import { cell, firmSpace, visible, wrapped } from './terminal-text.ts';

export const tableWidth = 100;
const indent = '    ';

const widths = { when: 16, account: 12, user: 27, key: 5, age: 6, used: 10, what: 12 } as const;

const actions: Readonly<Record<PlannedAction, string>> = {
  replace: 'replaced',
  retire: 'retired',
  decide: 'to decide',
  none: 'nothing',
  unknown: 'not known',
};

/** `all`: also the keys that nothing happens to. */
export function planTable(report: PlanReport, all: boolean): readonly string[] {
  const shown = report.keys.filter(({ action }) => all || action !== 'none');
  return [
    ...legend(report, all),
    '',
    styleText('bold', row('WHEN (UTC)', 'ACCOUNT', 'USER', 'KEY', 'AGE', 'LAST USED', 'WHAT')),
    ...shown.flatMap(lines),
    ...report.unreadable.flatMap(unreadableLines),
    '',
    ...wrapped(totalsLine(report.totals), '', tableWidth),
  ];
}

function legend({ at, policy }: PlanReport, all: boolean): readonly string[] {
  const text =
    `What would happen to which key, if all were reported at ${inUtcWords(at)}, under ` +
    `${policy}; nothing is changed. Times are the earliest possible ones: evidence, windows and ` +
    `people may put them off. to decide: a person has to.` +
    (all ? '' : ' Keys that nothing happens to: --all.');
  return wrapped(text, '', tableWidth);
}

function row(...[when, account, user, key, age, used, what]: readonly string[]): string {
  const cells = [
    cell(when ?? '', widths.when),
    cell(account ?? '', widths.account),
    cell(user ?? '', widths.user),
    cell(key ?? '', widths.key),
    (age ?? '').padStart(widths.age),
    cell(used ?? '', widths.used),
    what ?? '',
  ];
  return cells.join('  ').trimEnd();
}

function lines(key: KeyReport): readonly string[] {
  const { account, userName, keyId, ageDays, action } = key;
  const when = whenOf(key);
  const head = row(
    when === null ? '–' : inUtcWords(when).slice(0, 16),
    account,
    userName,
    shortKey(keyId),
    `${ageDays} d`,
    usedText(key),
    actions[action],
  );
  const details = [stepsText(key), reasons(key), people(key)].filter((text) => text !== '');
  return [head, ...details.flatMap((text) => wrapped(text, indent, tableWidth))];
}

function usedText({ lastUsed }: KeyReport): string {
  if (lastUsed === null) return 'never';
  return lastUsed === 'unknown' ? 'not known' : lastUsed.slice(0, 10);
}

function stepsText({ steps, approvers }: KeyReport): string {
  return steps.map((step) => stepText(step, approvers)).join(', ');
}

function stepText({ what, at }: ForeseenStep, approvers: readonly string[]): string {
  const who = approvers.length === 0 ? 'somebody, but nobody may give it' : orList(approvers);
  return what === 'approval wanted by'
    ? `approval wanted by ${moment(at)} from ${who}`
    : `${what} ${moment(at)}`;
}

function reasons({ because, standsInTheWay }: KeyReport): string {
  return standsInTheWay === null ? because : `${because} In the way: ${standsInTheWay}`;
}

function people({ path, userName, owner, status, mode, policy, exempt }: KeyReport): string {
  const whole = visible(`${path}${userName}`);
  const isWhole = path === '/' && userName.length <= widths.user;
  return [
    ...(isWhole ? [] : [`user ${whole}`]),
    ...(status === 'Active' ? [] : [status]),
    `owner ${owner ?? 'unknown'}`,
    ...(exempt ? [] : [`mode ${mode} (${policy.decidedBy})`]),
    ...(exempt || policy.window === 'any time' ? [] : [`window ${policy.window}`]),
  ].join('; ');
}

function unreadableLines({ account, userName, problem }: Unreadable): readonly string[] {
  const head = row('not read', account, userName ?? '(all users)', '', '', '', 'not known');
  return [head, ...wrapped(problem, indent, tableWidth)];
}

function totalsLine(totals: Totals): string {
  const { keys, users, accounts, replace, retire, decide, exempt, none, unknown } = totals;
  const parts = [
    `${replace} replaced`,
    `${retire} retired`,
    `${decide} need${decide === 1 ? 's' : ''} a decision`,
    `${exempt} exempt`,
    `${none} left alone`,
    ...(unknown === 0 ? [] : [`${unknown} not known`]),
    ...(totals.unreadable === 0 ? [] : [counted(totals.unreadable, 'problem')]),
  ];
  const of = `${counted(keys, 'key')} of ${counted(users, 'user')}`;
  return `${of} in ${counted(accounts, 'account')}: ${parts.join(', ')}.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `2026-11-02 08:00` in one piece; the heading says that it is UTC. */
function moment(at: Instant): string {
  return inUtcWords(at).slice(0, 16).replace(' ', firmSpace);
}

function orList(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
