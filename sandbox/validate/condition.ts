/**
 * The conditions of aws:branch and of aws:loop. CreateDocument refuses operators that it does not
 * know. It was seen to refuse And and Or of a single expression, yet AWS publishes examples of it.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html
 * https://github.com/awsdocs/aws-systems-manager-user-guide/pull/186
 * (2026-11)
 */
import { isList, isMap, type Json, type JsonMap } from '../runner/json.ts';
import { hint } from './nearest.ts';
import { isOpen } from './references.ts';

const textOperators = ['StringEquals', 'EqualsIgnoreCase', 'StartsWith', 'EndsWith', 'Contains'];
const numberOperators = [
  'NumericEquals',
  'NumericGreater',
  'NumericGreaterOrEquals',
  'NumericLesser',
  'NumericLesserOrEquals',
];
const comparing = [...textOperators, ...numberOperators, 'BooleanEquals'];
const combining = ['And', 'Or', 'Not'];
const operators = [...comparing, ...combining];

/** What is wrong with a condition; `at` says which one it is, `also` which other keys it has. */
export function conditionProblems(
  rule: Json | undefined,
  at: string,
  also: readonly string[] = [],
): string[] {
  if (!isMap(rule)) return [`${at} is not a map`];
  const known = ['Variable', ...also, ...operators];
  const unknown = Object.keys(rule).filter((name) => !known.includes(name));
  const problems = unknown.map(
    (name) => `${at} has an unknown operator ${name}${hint(name, operators)}`,
  );
  const used = operators.filter((name) => rule[name] !== undefined);
  if (used.length > 1) problems.push(`${at} has more than one operator: ${used.join(', ')}`);
  if (used.length === 0 && unknown.length === 0) problems.push(`${at} has no operator`);
  if (used.some((name) => comparing.includes(name))) {
    if (rule.Variable === undefined || rule.Variable === null)
      problems.push(`${at} has no Variable`);
    problems.push(...used.flatMap((name) => operandProblems(name, rule[name], at)));
  }
  return [...problems, ...combinedProblems(rule, at)];
}

function combinedProblems(rule: JsonMap, at: string): string[] {
  const problems: string[] = [];
  for (const name of ['And', 'Or']) {
    const parts = rule[name];
    if (parts === undefined) continue;
    if (!isList(parts) || parts.length === 0) {
      problems.push(`${at} ${name} is not a list of at least one expression`);
    }
    const list = isList(parts) ? parts : [];
    problems.push(
      ...list.flatMap((part, index) => conditionProblems(part, `${at} ${name} ${index + 1}`)),
    );
  }
  if (rule.Not !== undefined) problems.push(...conditionProblems(rule.Not, `${at} Not`));
  return problems;
}

function operandProblems(operator: string, value: Json | undefined, at: string): string[] {
  if (isOpen(value) || combining.includes(operator)) return [];
  const fits = textOperators.includes(operator)
    ? value !== null && typeof value !== 'object'
    : numberOperators.includes(operator)
      ? isNumber(value)
      : typeof value === 'boolean' || /^(?:true|false)$/i.test(String(value));
  const wanted = textOperators.includes(operator)
    ? 'a text'
    : numberOperators.includes(operator)
      ? 'a number'
      : 'true or false';
  return fits ? [] : [`${at} ${operator} is not ${wanted}: ${JSON.stringify(value)}`];
}

function isNumber(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.trim() !== '' && !Number.isNaN(Number(value));
  return typeof value === 'number';
}
