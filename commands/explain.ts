/** A user's policy in words: what holds, and which part of the book says so. */
import { type Instant, inUtcWords } from '../domain/instant.ts';
import { type IamUser, userLabel } from '../domain/key.ts';
import { defaultPolicy, type Policy } from '../domain/policy.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import { type Explained, explainPolicy } from '../domain/resolve-policy.ts';
import { windowText } from '../domain/window-text.ts';

/** Lines for a terminal: a field each, the exemption, and what was ignored. */
export function explanation(
  book: PolicyBook,
  user: IamUser,
  units: readonly string[],
  now: Instant,
): readonly string[] {
  const explained = explainPolicy(book, user, units, now);
  return [
    `${userLabel(user)}, path ${user.path}, at ${inUtcWords(now)}`,
    exemptionLine(explained),
    ...fieldLines(explained),
    ...explained.notes.map((note) => `note: ${note}`),
  ];
}

function exemptionLine({ exemption }: Explained): string {
  if (exemption === null) return 'exempt: no';
  const { until, by, reason } = exemption;
  return `exempt: until ${inUtcWords(until)}, by ${by}: ${reason}`;
}

function fieldLines({ policy, origins }: Explained): readonly string[] {
  const rows = fieldsOf(policy).map((field) => ({ field, value: valueText(policy, field) }));
  const wide = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const names = wide(rows.map(({ field }) => field));
  const values = wide(rows.map(({ value }) => value));
  return rows.map(
    ({ field, value }) =>
      `${field.padEnd(names)}  ${value.padEnd(values)}  ${origins[field] ?? 'built in'}`,
  );
}

function fieldsOf(policy: Policy): readonly (keyof Policy)[] {
  const known = (name: string): name is keyof Policy => name in policy;
  return Object.keys(defaultPolicy).filter(known);
}

function valueText(policy: Policy, field: keyof Policy): string {
  if (field === 'window') return windowText(policy.window);
  const value = policy[field];
  return typeof value === 'string' ? value : JSON.stringify(value);
}
