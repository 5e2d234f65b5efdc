/**
 * The rows of IAM's credential report, which is a CSV text (RFC 4180) whose first line names the
 * columns. A row that cannot be understood is a problem of its own and hides no other; a text that
 * is no such report, or one of another account, is refused whole.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html (2026-11)
 */
import { parse } from 'csv-parse/sync';
import { messageOf } from '../domain/errors.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import type { CredentialReport, ReportedKey, ReportedUser } from '../domain/inventory.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { Place } from '../domain/ports.ts';
import { parseUserArn, rootName, userNameForm } from './iam-user-arn.ts';
import { problem } from './problems.ts';

type Owner = Pick<Place, 'partition' | 'account'>;
type Row = Readonly<Record<string, string>>;

/** What is read of the many columns; others come and go. */
const columns = [
  'user',
  'arn',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
] as const;

/** Refused with every column that is missing, or the first ARN that is of another account. */
export function parseCredentialReport(
  text: string,
  owner: Owner,
): Parsed<Pick<CredentialReport, 'users' | 'problems'>> {
  const lines = linesIn(text);
  if (!lines.ok) return lines;
  const [head = [], ...rest] = lines.value;
  const missing = columns.filter((column) => !head.includes(column));
  if (missing.length > 0) return refused(...missing.map((each) => `it has no column ${each}`));
  const users: ReportedUser[] = [];
  const problems: string[] = [];
  for (const [index, values] of rest.entries()) {
    const row = Object.fromEntries(head.map((column, at) => [column, values[at] ?? '']));
    const where = `row ${index + 2} (${row.user})`;
    const arn = parseUserArn(row.arn ?? '');
    if (arn !== undefined && !isOf(owner, arn)) {
      return refused(`${where} is of ${row.arn}: check the role that connects to that account`);
    }
    if (row.user === rootName) continue;
    const user = values.length === head.length ? userIn(row, arn) : torn(values, head);
    if (user.ok) users.push(user.value);
    else problems.push(...user.problems.map((each) => `${where}: ${each}`));
  }
  return parsed({ users, problems });
}

function linesIn(text: string): Parsed<readonly (readonly string[])[]> {
  try {
    return parsed(parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true }));
  } catch (error) {
    return refused(`it is no CSV: ${messageOf(error)}`);
  }
}

function torn(values: readonly string[], head: readonly string[]): Parsed<never> {
  return refused(`it has ${values.length} fields where the first line has ${head.length}`);
}

function isOf(owner: Owner, arn: { readonly partition: string; readonly account: string }) {
  return arn.partition === owner.partition && arn.account === owner.account;
}

function userIn(row: Row, arn: ReturnType<typeof parseUserArn>): Parsed<ReportedUser> {
  const { user: userName = '' } = row;
  const problems: string[] = [];
  if (!userNameForm.test(userName)) {
    problems.push(problem('user', userName, 'a name that IAM allows'));
  }
  if (arn === undefined || arn.name !== userName) {
    problems.push(problem('arn', row.arn, `the ARN of ${userName}`));
  }
  const keys = [keyIn(row, 1, problems), keyIn(row, 2, problems)] as const;
  return problems.length > 0 || arn === undefined
    ? refused(...problems)
    : parsed({ userName, path: arn.path, keys });
}

function keyIn(row: Row, slot: 1 | 2, problems: string[]): ReportedKey {
  const column = (name: string) => `access_key_${slot}_${name}`;
  const activeText = row[column('active')] ?? '';
  const said = activeText.toLowerCase();
  if (said !== 'true' && said !== 'false') {
    problems.push(problem(column('active'), activeText, 'true or false'));
  }
  const rotated = momentIn(row, column('last_rotated'), problems);
  const used = momentIn(row, column('last_used_date'), problems);
  return {
    slot,
    active: said === 'true',
    // An Active key has an age, so that `N/A` says no more of it than silence.
    rotatedAt: rotated === 'none' ? 'unknown' : rotated,
    lastUsed: used,
  };
}

/** `N/A` means that there is nothing to say; the others, that IAM does not say. */
const words: Readonly<Record<string, 'none' | 'unknown'>> = {
  'N/A': 'none',
  no_information: 'unknown',
  not_supported: 'unknown',
  '': 'unknown',
};

function momentIn(row: Row, column: string, problems: string[]): Instant | 'none' | 'unknown' {
  const text = row[column] ?? '';
  const found = words[text] ?? parseInstant(text);
  if (found === undefined) {
    problems.push(problem(column, text, 'a moment such as 2026-08-04T09:30:00+00:00, or N/A'));
  }
  return found ?? 'unknown';
}
