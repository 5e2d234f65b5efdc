/**
 * The parameters that an execution is started with: lists of strings in the API, typed values in
 * the document.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-doc-syntax.html (2026-11): a
 * value that is not allowed keeps the execution from starting; defaults are not held against
 * allowedPattern (the page's own example would fail it).
 */
import { type Parsed, parsed, refused } from '../../domain/parsed.ts';
import { toInteger } from './data-type.ts';
import type { ParameterDefinition } from './document.ts';
import { isList, isMap, type Json, type JsonMap, textOf } from './json.ts';

export type GivenParameters = Readonly<Record<string, readonly string[]>>;

/** The ARN of a role, in any partition. */
export const roleArnPattern = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]{1,512}$/;

/** Typed values of all declared parameters that have one; or every problem with what was given. */
export function readParameters(
  definitions: Readonly<Record<string, ParameterDefinition>>,
  given: GivenParameters,
): Parsed<JsonMap> {
  const problems = Object.keys(given)
    .filter((name) => definitions[name] === undefined)
    .map((name) => `parameter ${name} is not declared in the document`);
  const values: Record<string, Json> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const texts = given[name];
    if (texts === undefined) {
      if (definition.default !== undefined) values[name] = definition.default;
      else problems.push(`parameter ${name} has no default in the document and no value was given`);
      continue;
    }
    const value = readValue(definition, texts);
    if (value === undefined) {
      problems.push(`parameter ${name} must be ${nouns[definition.type]}`);
    } else {
      values[name] = value;
      problems.push(...limitProblems(name, definition, value));
    }
  }
  return problems.length === 0 ? parsed(values) : refused(...problems);
}

const nouns: Readonly<Record<ParameterDefinition['type'], string>> = {
  String: 'one text',
  StringList: 'a list of texts',
  Boolean: 'true or false',
  Integer: 'one whole number',
  StringMap: 'one JSON object',
  MapList: 'a list of JSON objects',
  'AWS::IAM::Role::Arn': 'the ARN of an IAM role',
};

function readValue(definition: ParameterDefinition, texts: readonly string[]): Json | undefined {
  const only = texts.length === 1 ? texts[0] : undefined;
  switch (definition.type) {
    case 'String':
      return only;
    case 'AWS::IAM::Role::Arn':
      return only !== undefined && roleArnPattern.test(only) ? only : undefined;
    case 'StringList':
      return texts;
    case 'Boolean':
      return only === 'true' ? true : only === 'false' ? false : undefined;
    case 'Integer':
      return toInteger(only);
    case 'StringMap': {
      const map = parseJson(only);
      return isMap(map) ? map : undefined;
    }
    case 'MapList': {
      const parts = texts.map(parseJson);
      const maps = parts.length === 1 && isList(parts[0]) ? parts[0] : parts;
      return maps.every(isMap) ? maps : undefined;
    }
  }
}

function parseJson(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function limitProblems(name: string, definition: ParameterDefinition, value: Json): string[] {
  const problems: string[] = [];
  const items = isList(value) ? value : [value];
  const { allowedValues, allowedPattern, minItems, maxItems, minChars, maxChars } = definition;
  if (allowedValues !== undefined) {
    const allowed = allowedValues.map((one) => JSON.stringify(one));
    for (const item of items.filter((one) => !allowed.includes(JSON.stringify(one)))) {
      problems.push(`parameter ${name} must be one of ${allowed.join(', ')}: ${textOf(item)}`);
    }
  }
  if (allowedPattern !== undefined) {
    const pattern = new RegExp(allowedPattern);
    for (const item of items.filter((one) => !pattern.test(textOf(one)))) {
      problems.push(`parameter ${name} must match ${allowedPattern}: ${textOf(item)}`);
    }
  }
  if (isList(value) && value.length < (minItems ?? 0)) {
    problems.push(`parameter ${name} must have at least ${minItems} items`);
  }
  if (isList(value) && value.length > (maxItems ?? Number.POSITIVE_INFINITY)) {
    problems.push(`parameter ${name} must have at most ${maxItems} items`);
  }
  const characters = Math.max(0, ...items.map((item) => textOf(item).length));
  const fewest = Math.min(...items.map((item) => textOf(item).length));
  if (items.length > 0 && fewest < (minChars ?? 0)) {
    problems.push(`parameter ${name} must have at least ${minChars} characters`);
  }
  if (characters > (maxChars ?? Number.POSITIVE_INFINITY)) {
    problems.push(`parameter ${name} must have at most ${maxChars} characters`);
  }
  return problems;
}
