/**
 * aws:branch: goes to the step of the first choice that is true, else to Default, else on (or to
 * the end, with isEnd).
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html
 * (2026-11)
 */
import { type ActionModel, presenceProblems } from './action.ts';
import { isList, isMap, type Json, type JsonMap, textOf } from './json.ts';

const textOperations: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  StringEquals: (value, wanted) => value === wanted,
  EqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StartsWith: (value, wanted) => value.startsWith(wanted),
  EndsWith: (value, wanted) => value.endsWith(wanted),
  Contains: (value, wanted) => value.includes(wanted),
};

const numberOperations: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  NumericEquals: (value, wanted) => value === wanted,
  NumericGreater: (value, wanted) => value > wanted,
  NumericGreaterOrEquals: (value, wanted) => value >= wanted,
  NumericLesser: (value, wanted) => value < wanted,
  NumericLesserOrEquals: (value, wanted) => value <= wanted,
};

const operations = [
  ...Object.keys(textOperations),
  ...Object.keys(numberOperations),
  'BooleanEquals',
];

function isTrue(rule: Json | undefined): boolean {
  if (!isMap(rule)) return false;
  if (isList(rule.And)) return rule.And.every(isTrue);
  if (isList(rule.Or)) return rule.Or.some(isTrue);
  if (rule.Not !== undefined) return !isTrue(rule.Not);
  const variable = rule.Variable ?? '';
  return operations
    .filter((name) => rule[name] !== undefined)
    .every((name) => holds(name, variable, rule[name] ?? ''));
}

function holds(operation: string, variable: Json, wanted: Json): boolean {
  if (operation === 'BooleanEquals') {
    return textOf(variable).toLowerCase() === textOf(wanted).toLowerCase();
  }
  const compareTexts = textOperations[operation];
  if (compareTexts !== undefined) return compareTexts(textOf(variable), textOf(wanted));
  const [left, right] = [numberOf(variable), numberOf(wanted)];
  return left !== undefined && right !== undefined
    ? (numberOperations[operation]?.(left, right) ?? false)
    : false;
}

/** An empty text is no number, although Number('') is 0. */
function numberOf(value: Json): number | undefined {
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function ruleProblems(rule: Json | undefined, at: string): string[] {
  if (!isMap(rule)) return [`${at} is not a map`];
  const combined = ['And', 'Or', 'Not'].filter((name) => rule[name] !== undefined);
  const own = operations.filter((name) => rule[name] !== undefined);
  const known = ['NextStep', 'Variable', 'And', 'Or', 'Not', ...operations];
  const problems = Object.keys(rule)
    .filter((name) => !known.includes(name))
    .map((name) => `${at} has an unknown operation ${name}`);
  if (combined.length + own.length !== 1) {
    return [...problems, `${at} needs exactly one operation`];
  }
  if (own.length === 1 && rule.Variable === undefined) problems.push(`${at} needs a Variable`);
  for (const name of ['And', 'Or']) {
    const parts = rule[name];
    if (parts === undefined) continue;
    if (!isList(parts) || parts.length === 0) problems.push(`${at} ${name} is not a list of rules`);
    else problems.push(...parts.flatMap((part, n) => ruleProblems(part, `${at} ${name}[${n}]`)));
  }
  return rule.Not === undefined ? problems : [...problems, ...ruleProblems(rule.Not, `${at} Not`)];
}

function choicesOf(inputs: JsonMap): readonly Json[] {
  return isList(inputs.Choices) ? inputs.Choices : [];
}

function nextStepOf(choice: Json): string | undefined {
  return isMap(choice) && typeof choice.NextStep === 'string' ? choice.NextStep : undefined;
}

export const branch: ActionModel = {
  check: (inputs) => {
    const problems = presenceProblems(inputs, ['Choices'], ['Choices', 'Default']);
    if (inputs.Choices !== undefined && choicesOf(inputs).length === 0) {
      problems.push('input Choices is not a list of at least one choice');
    }
    for (const [index, choice] of choicesOf(inputs).entries()) {
      problems.push(...ruleProblems(choice, `choice ${index + 1}`));
      if (nextStepOf(choice) === undefined) problems.push(`choice ${index + 1} needs a NextStep`);
    }
    if (inputs.Default !== undefined && typeof inputs.Default !== 'string') {
      problems.push('input Default is not the name of a step');
    }
    return problems;
  },
  targets: (inputs) =>
    [...choicesOf(inputs).map(nextStepOf), inputs.Default].filter(
      (name): name is string => typeof name === 'string',
    ),
  ownOutputs: [],
  selectsOutputs: false,
  timeoutSeconds: undefined,
  limitSeconds: undefined,
  perform: async (inputs) => {
    const chosen = choicesOf(inputs).find(isTrue);
    if (chosen !== undefined) return { kind: 'branched', to: nextStepOf(chosen) };
    const fallback = inputs.Default;
    return { kind: 'branched', to: typeof fallback === 'string' ? fallback : undefined };
  },
};
