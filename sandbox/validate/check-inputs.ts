/** The inputs of a step against what the catalogue says of its action. */
import type { ActionEntry, InputEntry, InputType } from '../runner/catalogue/entry.ts';
import { isList, isMap, type Json, type JsonMap } from '../runner/json.ts';
import type { Problems } from '../runner/problems.ts';
import { hint } from './nearest.ts';
import type { WrittenStep } from './outline.ts';
import { isOpen } from './references.ts';

export function checkInputs(step: WrittenStep, problems: Problems): void {
  const { entry, source, inputs } = step;
  if (source.inputs !== undefined && source.inputs !== null && !isMap(source.inputs)) {
    problems.add('inputs is not a map');
    return;
  }
  if (entry === undefined) return;
  for (const [name, input] of Object.entries(entry.inputs)) {
    const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (!isGiven(value)) {
      if (input.required) problems.add(`input ${name} is missing`);
    } else {
      for (const problem of valueProblems(value, input)) problems.add(`input ${name} ${problem}`);
    }
  }
  checkTogether(entry, inputs, problems);
  checkOthers(step, entry, problems);
}

function isGiven(value: Json | undefined): value is Json {
  return value !== undefined && value !== null && value !== '';
}

function checkTogether(entry: ActionEntry, inputs: JsonMap, problems: Problems): void {
  for (const group of entry.oneOf ?? []) {
    if (!group.some((name) => isGiven(inputs[name]))) {
      problems.add(`needs the input ${group.join(' or ')}`);
    }
  }
  for (const [one, other] of entry.notBoth ?? []) {
    if (isGiven(inputs[one]) && isGiven(inputs[other])) {
      problems.add(`has both inputs ${one} and ${other}, which exclude each other`);
    }
  }
}

function checkOthers(step: WrittenStep, entry: ActionEntry, problems: Problems): void {
  if (entry.others === 'any') return;
  const known = Object.keys(entry.inputs);
  for (const name of Object.keys(step.inputs)) {
    if (known.includes(name)) continue;
    const meant = hint(
      name,
      known.filter((each) => !Object.hasOwn(step.inputs, each)),
    );
    if (entry.others === 'refused' || meant !== '') {
      problems.add(`input ${name} is unknown to ${step.source.action}${meant}`);
    }
  }
}

function valueProblems(value: Json, input: InputEntry): string[] {
  if (isOpen(value)) return [];
  const noun = nouns[input.type];
  if (!isOf(value, input.type)) return [`is not ${noun}: ${abbreviated(value)}`];
  const problems: string[] = [];
  const { values, least, most, longest } = input;
  const items = isList(value) ? value : [value];
  for (const item of values === undefined ? [] : items) {
    if (isOpen(item) || values?.includes(String(item))) continue;
    problems.push(`is not one of ${values?.join(', ')}: ${abbreviated(item)}`);
  }
  if (least !== undefined && Number(value) < least)
    problems.push(`is less than ${least}: ${value}`);
  if (most !== undefined && Number(value) > most) problems.push(`is more than ${most}: ${value}`);
  if (longest !== undefined && sizeOf(value) > longest) {
    problems.push(`has more than ${longest} ${isList(value) ? 'items' : 'characters'}`);
  }
  return problems;
}

const nouns: Readonly<Record<InputType, string>> = {
  String: 'a text',
  StringList: 'a list of texts',
  Boolean: 'true or false',
  Integer: 'a whole number',
  StringMap: 'a map',
  MapList: 'a list of maps',
  any: 'a value',
};

/**
 * Whether Automation takes the value, converting among scalars and from one text to a list of one.
 */
function isOf(value: Json, type: InputType): boolean {
  switch (type) {
    case 'String':
      return isScalar(value);
    case 'StringList':
      return isScalar(value) || (isList(value) && value.every(isScalar));
    case 'Boolean':
      return typeof value === 'boolean' || /^(?:true|false)$/i.test(textOf(value));
    case 'Integer':
      return Number.isInteger(value) || /^-?\d+$/.test(textOf(value));
    case 'StringMap':
      return isMap(value);
    case 'MapList':
      return isList(value) && value.every((item) => isMap(item) || isOpen(item));
    case 'any':
      return true;
  }
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object';
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : '';
}

function sizeOf(value: Json): number {
  return isList(value) || typeof value === 'string' ? value.length : 0;
}

/** Enough of a value to recognise it. */
export function abbreviated(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
