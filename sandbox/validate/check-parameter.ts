/**
 * One entry of `parameters` or `variables`. Defaults are not held against allowedPattern: the
 * example on the page itself would fail it. Patterns are of RE2, which has signs that JavaScript
 * has not; lookaround, which RE2 has not, stands in documents that AWS itself publishes.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 * (2026-11)
 */
import { dataTypes, isDataType } from '../runner/data-type.ts';
import { isList, isMap, type Json, type JsonMap } from '../runner/json.ts';
import type { Problems } from '../runner/problems.ts';
import { abbreviated } from './check-inputs.ts';
import { checkText, refuseUnknown } from './check-step.ts';
import { hint } from './nearest.ts';
import { pseudoParameters, referencesIn, shown, systemVariables } from './references.ts';
import { baseType, fitsType } from './value-type.ts';

const properties = [
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

export function checkDefinition(
  name: string,
  source: Json,
  kind: 'parameter' | 'variable',
  parameters: ReadonlySet<string>,
  problems: Problems,
): void {
  if (!/^[\w-]{1,256}$/.test(name)) problems.add('name is not of letters and digits');
  if (!isMap(source)) {
    problems.add('is not a map');
    return;
  }
  refuseUnknown(source, properties, problems);
  checkText(source, 'description', problems);
  const type = checkType(source, kind, problems);
  checkDefault(source, type, parameters, problems);
  checkAllowedValues(source, type, problems);
  checkPattern(source, problems);
  checkBounds(source, problems);
  const { displayType } = source;
  if (displayType !== undefined && displayType !== 'textfield' && displayType !== 'textarea') {
    problems.add(`displayType is not textfield or textarea: ${abbreviated(displayType)}`);
  }
}

/** The base type, or undefined if it is not known. */
function checkType(
  source: JsonMap,
  kind: 'parameter' | 'variable',
  problems: Problems,
): string | undefined {
  const { type } = source;
  if (type === undefined || type === null) {
    problems.add('has no type');
    return undefined;
  }
  const base = typeof type === 'string' ? baseType(type) : undefined;
  const known = isDataType(base) && (kind === 'parameter' || isDataType(type));
  if (known) return base;
  const meant = typeof type === 'string' ? hint(type, dataTypes) : '';
  problems.add(`type is not one of ${dataTypes.join(', ')}: ${abbreviated(type)}${meant}`);
  return undefined;
}

function checkDefault(
  source: JsonMap,
  type: string | undefined,
  parameters: ReadonlySet<string>,
  problems: Problems,
): void {
  const given = source.default;
  if (given === undefined || given === null) return;
  if (type !== undefined && !fitsType(given, type)) {
    problems.add(`default is not of type ${source.type}: ${abbreviated(given)}`);
  }
  for (const reference of referencesIn(given)) {
    // AWS-UpdateLinuxAmi builds one default of another parameter, whatever the page says.
    const fits =
      reference.kind === 'ssm' ||
      (reference.kind === 'system' && systemVariables.includes(reference.name)) ||
      (reference.kind === 'parameter' &&
        (pseudoParameters.includes(reference.name) || parameters.has(reference.name)));
    if (!fits) problems.add(`default refers to ${shown(reference)}, which is not known that early`);
  }
}

function checkAllowedValues(source: JsonMap, type: string | undefined, problems: Problems): void {
  const { allowedValues, default: given } = source;
  if (allowedValues === undefined || allowedValues === null) return;
  if (!isList(allowedValues) || allowedValues.length === 0) {
    problems.add('allowedValues is not a list of at least one value');
    return;
  }
  const single = type === 'StringList' ? 'String' : type;
  for (const value of allowedValues) {
    const fits =
      type === undefined ||
      fitsType(value, type) ||
      fitsType(value, single ?? type) ||
      (type === 'Boolean' && /^(?:true|false)$/i.test(String(value)));
    if (!fits) problems.add(`allowedValues are not of type ${source.type}: ${abbreviated(value)}`);
  }
  const allowed = new Set(allowedValues.map(String));
  const items = isList(given) ? given : [given];
  for (const item of items) {
    if (item === undefined || item === null || item === '' || typeof item === 'object') continue;
    if (allowed.has(String(item)) || referencesIn(item).length > 0) continue;
    problems.add(`default is not among allowedValues: ${abbreviated(item)}`);
  }
}

function checkPattern(source: JsonMap, problems: Problems): void {
  const { allowedPattern } = source;
  if (allowedPattern === undefined || allowedPattern === null) return;
  if (typeof allowedPattern !== 'string') {
    problems.add('allowedPattern is not a text');
    return;
  }
  const pattern = asJavaScript(allowedPattern);
  // With u, ranges may go beyond 16 bits; without it, needless backslashes are allowed.
  if (!compiles(pattern, '') && !compiles(pattern, 'u')) {
    problems.add(`allowedPattern is no regular expression: ${allowedPattern}`);
  }
}

function compiles(pattern: string, flags: string): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}

/** What RE2 writes otherwise, near enough to see whether an expression is one. */
function asJavaScript(pattern: string): string {
  return pattern
    .replace(/\\Q[\s\S]*?(?:\\E|$)/g, 'x')
    .replace(/\[:\^?\w+:\]/g, 'a')
    .replace(/\(\?[imsUux-]+\)/g, '')
    .replace(/\(\?[imsUux-]+:/g, '(?:')
    .replace(/\(\?P</g, '(?<')
    .replace(/([*+?}])\+/g, '$1');
}

function checkBounds(source: JsonMap, problems: Problems): void {
  const bounds = new Map<string, number>();
  for (const name of ['minItems', 'maxItems', 'minChars', 'maxChars']) {
    const value = source[name];
    if (value === undefined || value === null) continue;
    const count = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
    if (Number.isNaN(count)) problems.add(`${name} is not a whole number: ${abbreviated(value)}`);
    else bounds.set(name, count);
  }
  for (const what of ['Items', 'Chars']) {
    const [least, most] = [bounds.get(`min${what}`), bounds.get(`max${what}`)];
    if (least !== undefined && most !== undefined && least > most) {
      problems.add(`min${what} is more than max${what}: ${least} and ${most}`);
    }
  }
  const most = bounds.get('maxItems');
  if (most !== undefined && isList(source.default) && source.default.length > most) {
    problems.add(`default has more than ${most} items`);
  }
}
