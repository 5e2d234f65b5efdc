/** The `parameters` and `variables` sections of a document, which are known to be sound. */

import { referencesIn, shown } from '../validate/references.ts';
import { isDataType, isOfType } from './data-type.ts';
import type { ParameterDefinition, ParameterType, VariableDefinition } from './document.ts';
import { isMap, type Json, type JsonMap } from './json.ts';
import { countField, listField, type Problems, textField, valid } from './problems.ts';

export function parseParameter(source: Json, problems: Problems): ParameterDefinition | undefined {
  if (!isMap(source)) return undefined;
  const type = typeField(source, problems);
  const given = source.default;
  if (given !== undefined) checkDefault(type, given, problems);
  const pattern = textField(source, 'allowedPattern', problems);
  if (pattern !== undefined) checkPattern(pattern, problems);
  const counts = Object.fromEntries(
    ['minItems', 'maxItems', 'minChars', 'maxChars'].flatMap((name) => {
      const count = countField(source, name, 0, problems);
      return count === undefined ? [] : [[name, count]];
    }),
  );
  return {
    type,
    ...(given === undefined ? {} : { default: given }),
    ...(pattern === undefined ? {} : { allowedPattern: pattern }),
    ...(source.allowedValues === undefined
      ? {}
      : { allowedValues: listField(source, 'allowedValues', problems) }),
    ...counts,
  };
}

export function parseVariable(source: Json, problems: Problems): VariableDefinition | undefined {
  if (!isMap(source) || !isDataType(source.type)) return undefined;
  const { type, default: given } = source;
  if (given === undefined) return { type };
  checkDefault(type, given, problems);
  return { type, default: given };
}

function typeField({ type }: JsonMap, problems: Problems): ParameterType {
  if (isDataType(type) || type === 'AWS::IAM::Role::Arn') return type;
  problems.add(valid(`does not know the type ${type}`));
  return 'String';
}

function checkDefault(type: ParameterType, value: Json, problems: Problems): void {
  for (const reference of referencesIn(value)) {
    problems.add(valid(`does not resolve ${shown(reference)} in a default`));
  }
  const base = type === 'AWS::IAM::Role::Arn' ? 'String' : type;
  if (!isOfType(value, base)) problems.add(valid(`takes only a default that is a ${base}`));
}

/**
 * SSM is documented to take RE2 expressions, which know neither lookaround nor back-references; it
 * has taken them in documents of its own. The sandbox holds to the documentation.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 * (2026-11)
 */
function checkPattern(pattern: string, problems: Problems): void {
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern)) {
    problems.add(valid(`takes no lookaround or back-reference in allowedPattern: ${pattern}`));
  }
  try {
    new RegExp(pattern);
  } catch {
    problems.add(valid(`cannot match allowedPattern: ${pattern}`));
  }
}
