/** The `parameters` and `variables` sections of a document. */
import { type DataType, isDataType, isOfType } from './data-type.ts';
import type { ParameterDefinition, ParameterType, VariableDefinition } from './document.ts';
import { referencesIn } from './interpolation.ts';
import { isMap, type Json, type JsonMap } from './json.ts';
import { countField, listField, type Problems, refuseUnknown, textField } from './problems.ts';

const parameterProperties = [
  'type',
  'description',
  'default',
  'allowedValues',
  'allowedPattern',
  'displayType',
  'minItems',
  'maxItems',
  'minChars',
  'maxChars',
];

export function parseParameter(source: Json, problems: Problems): ParameterDefinition | undefined {
  if (!isMap(source)) {
    problems.add('is not a map');
    return undefined;
  }
  refuseUnknown(source, parameterProperties, problems);
  textField(source, 'description', problems);
  const type = typeField(source, problems);
  const given = source.default;
  if (type !== undefined && given !== undefined) checkDefault(type, given, problems);
  const pattern = textField(source, 'allowedPattern', problems);
  if (pattern !== undefined) checkPattern(pattern, problems);
  const allowedValues = listField(source, 'allowedValues', problems);
  const counts = Object.fromEntries(
    ['minItems', 'maxItems', 'minChars', 'maxChars'].flatMap((name) => {
      const count = countField(source, name, 0, problems);
      return count === undefined ? [] : [[name, count]];
    }),
  );
  return {
    type: type ?? 'String',
    ...(given === undefined ? {} : { default: given }),
    ...(pattern === undefined ? {} : { allowedPattern: pattern }),
    ...(source.allowedValues === undefined ? {} : { allowedValues }),
    ...counts,
  };
}

export function parseVariable(source: Json, problems: Problems): VariableDefinition | undefined {
  if (!isMap(source)) {
    problems.add('is not a map');
    return undefined;
  }
  refuseUnknown(source, ['type', 'description', 'default'], problems);
  const type = typeField(source, problems);
  if (type === undefined || !isDataType(type)) {
    if (type !== undefined) problems.add(`type ${type} is for parameters only`);
    return undefined;
  }
  const given = source.default;
  if (given === undefined) return { type };
  checkDefault(type, given, problems);
  return { type, default: given };
}

function typeField(source: JsonMap, problems: Problems): ParameterType | undefined {
  const type = source.type;
  if (isDataType(type) || type === 'AWS::IAM::Role::Arn') return type;
  problems.add(
    type === undefined ? 'has no type' : `type ${JSON.stringify(type)} is not known to this runner`,
  );
  return undefined;
}

function checkDefault(type: ParameterType, value: Json, problems: Problems): void {
  const base: DataType = type === 'AWS::IAM::Role::Arn' ? 'String' : type;
  if (!isOfType(value, base)) problems.add(`default is not of type ${type}`);
  for (const reference of referencesIn(value)) {
    problems.add(`default refers to {{ ${reference} }}, which this runner does not resolve`);
  }
}

/**
 * SSM takes RE2 expressions, which know neither lookaround nor back-references.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-doc-syntax.html
 * (2026-11)
 */
function checkPattern(pattern: string, problems: Problems): void {
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern)) {
    problems.add(`allowedPattern uses lookaround or a back-reference: ${pattern}`);
  }
  try {
    new RegExp(pattern);
  } catch {
    problems.add(`allowedPattern is no regular expression: ${pattern}`);
  }
}
