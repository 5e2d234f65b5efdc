/**
 * DynamoDB's expressions, as far as they are used: every name by a placeholder, so that none can be
 * a reserved word; conditions joined by AND. Anything else fails by name.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html (read 2026-11)
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { awsError } from './service.ts';
import { notModelled } from './strict.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

export type Test = (item: Item) => boolean;

/** The placeholders of one request. */
export interface Terms {
  name(placeholder: string): string;
  value(placeholder: string): AttributeValue;
  /** Throws if one was given that no expression uses. */
  allUsed(): void;
}

export interface Placeholders {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

export function validation(problem: string): Error {
  return awsError('ValidationException', problem);
}

export function termsOf(given: Placeholders): Terms {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = given;
  const used = new Set<string>();
  const take = <T>(from: Record<string, T>, placeholder: string, kind: string): T => {
    const found = from[placeholder];
    used.add(placeholder);
    if (found !== undefined) return found;
    throw validation(
      `Invalid expression: An expression attribute ${kind} used in expression is not defined; ` +
        `attribute ${kind}: ${placeholder}`,
    );
  };
  return {
    name: (placeholder) => take(names, placeholder, 'name'),
    value: (placeholder) => take(values, placeholder, 'value'),
    allUsed: () => {
      const unused = [...Object.keys(names), ...Object.keys(values)].find((it) => !used.has(it));
      if (unused === undefined) return;
      throw validation(`Value provided in expression attributes unused in expressions: ${unused}`);
    },
  };
}

/** Whether an item (an empty one, if there is none) meets the condition. */
export function conditionOf(expression: string, terms: Terms): Test {
  const tests = expression.split(' AND ').map((clause) => clauseOf(clause, terms));
  return (item) => tests.every((test) => test(item));
}

const clause = {
  exists: /^attribute_exists\((?<name>#\w+)\)$/,
  absent: /^attribute_not_exists\((?<name>#\w+)\)$/,
  prefix: /^begins_with\((?<name>#\w+), (?<value>:\w+)\)$/,
  equal: /^(?<name>#\w+) = (?<value>:\w+)$/,
  less: /^(?<name>#\w+) < (?<value>:\w+)$/,
  least: /^(?<name>#\w+) >= (?<value>:\w+)$/,
} as const;

function clauseOf(text: string, terms: Terms): Test {
  for (const [kind, form] of Object.entries(clause)) {
    const groups = form.exec(text)?.groups;
    if (groups === undefined) continue;
    const name = terms.name(groups.name ?? '');
    if (kind === 'exists') return (item) => item[name] !== undefined;
    if (kind === 'absent') return (item) => item[name] === undefined;
    const value = terms.value(groups.value ?? '');
    if (kind === 'equal') return (item) => order(item[name], value) === 0;
    if (kind === 'least') return (item) => (order(item[name], value) ?? -1) >= 0;
    if (kind === 'less') return (item) => (order(item[name], value) ?? 0) < 0;
    return (item) => item[name]?.S?.startsWith(stringIn(value)) ?? false;
  }
  throw notModelled(`dynamodb: the condition ${text}`);
}

/** What a query asks: one value of the first key, and perhaps something of the second. */
export interface KeyCondition {
  readonly first: { readonly name: string; readonly value: string };
  readonly rest: Test;
  readonly restName: string | undefined;
}

export function keyConditionOf(expression: string, terms: Terms): KeyCondition {
  const [head = '', ...tail] = expression.split(' AND ');
  const groups = clause.equal.exec(head)?.groups;
  if (groups === undefined || tail.length > 1) {
    throw notModelled(`dynamodb: the key condition ${expression}`);
  }
  const first = {
    name: terms.name(groups.name ?? ''),
    value: stringIn(terms.value(groups.value ?? '')),
  };
  const [rest] = tail;
  if (rest === undefined) return { first, rest: () => true, restName: undefined };
  if (/^attribute_/.test(rest)) throw validation(`Invalid operator in KeyCondition: ${rest}`);
  const placeholder = /#\w+/.exec(rest)?.[0] ?? '';
  return { first, rest: clauseOf(rest, terms), restName: terms.name(placeholder) };
}

/** An item as an update makes it. */
export function updateOf(expression: string, terms: Terms): (item: Item) => Item {
  const [start, ...parts] = expression.split(/\s*\b(SET|REMOVE|ADD|DELETE)\s+/);
  if (start !== '') throw notModelled(`dynamodb: the update ${expression}`);
  const acts: ((item: Record<string, AttributeValue>) => void)[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const section = parts[index] ?? '';
    for (const each of (parts[index + 1] ?? '').split(/\s*,\s*/)) {
      acts.push(actOf(section, each, terms));
    }
  }
  return (item) => {
    const changed = { ...item };
    for (const act of acts) act(changed);
    return changed;
  };
}

function actOf(section: string, text: string, terms: Terms) {
  const form = { SET: clause.equal, REMOVE: /^(?<name>#\w+)$/, ADD: adding }[section];
  const groups = form?.exec(text)?.groups;
  if (groups === undefined) throw notModelled(`dynamodb: ${section} ${text}`);
  const name = terms.name(groups.name ?? '');
  const value = groups.value === undefined ? undefined : terms.value(groups.value);
  return (item: Record<string, AttributeValue>): void => {
    if (value === undefined) delete item[name];
    else if (section === 'SET') item[name] = value;
    else item[name] = { N: String(numberIn(item[name] ?? { N: '0' }) + numberIn(value)) };
  };
}

const adding = /^(?<name>#\w+) (?<value>:\w+)$/;

function numberIn(value: AttributeValue): number {
  if (value.N === undefined) throw validation('An operand in the update has an incorrect type');
  return Number(value.N);
}

function stringIn(value: AttributeValue): string {
  if (value.S === undefined) throw validation('One or more parameter values were invalid');
  return value.S;
}

/** Below, at or above zero; undefined where nothing can be compared. */
function order(left: AttributeValue | undefined, right: AttributeValue): number | undefined {
  if (left?.N !== undefined && right.N !== undefined) return Number(left.N) - Number(right.N);
  if (left?.S === undefined || right.S === undefined) return undefined;
  return inBytes(left.S, right.S);
}

/** DynamoDB sorts texts by their UTF-8 bytes. */
export function inBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
