/**
 * The data types of Automation and the conversions between them.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-aws-apis-calling.html
 * (2026-11): String becomes StringList, Integer, Boolean; Integer and Boolean become String,
 * StringList; a list of one becomes that one. Nothing else is converted.
 */
import { isList, isMap, type Json } from './json.ts';

export type DataType = 'String' | 'StringList' | 'Boolean' | 'Integer' | 'MapList' | 'StringMap';

export const dataTypes: readonly DataType[] = [
  'String',
  'StringList',
  'Boolean',
  'Integer',
  'MapList',
  'StringMap',
];

export function isDataType(name: unknown): name is DataType {
  return dataTypes.some((type) => type === name);
}

/** Whether a value is of the type without any conversion. */
export function isOfType(value: Json, type: DataType): boolean {
  switch (type) {
    case 'String':
      return typeof value === 'string';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Integer':
      return Number.isInteger(value);
    case 'StringList':
      return isList(value) && value.every((item) => typeof item === 'string');
    case 'StringMap':
      return isMap(value);
    case 'MapList':
      return isList(value) && value.every(isMap);
  }
}

/** The value as that type, or undefined if Automation converts nothing of the kind. */
export function converted(value: Json, type: DataType): Json | undefined {
  if (isOfType(value, type)) return value;
  switch (type) {
    case 'String':
      return scalarText(onlyOne(value));
    case 'StringList':
      return toStringList(value);
    case 'Integer':
      return toInteger(onlyOne(value));
    case 'Boolean':
      return toBoolean(onlyOne(value));
    case 'StringMap':
    case 'MapList':
      return undefined;
  }
}

function onlyOne(value: Json): Json | undefined {
  return isList(value) ? (value.length === 1 ? value[0] : undefined) : value;
}

function scalarText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isInteger(value) ? String(value) : undefined;
}

function toStringList(value: Json): Json | undefined {
  const texts = (isList(value) ? value : [value]).map(scalarText);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** The integer that a text or number states, or undefined. */
export function toInteger(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

function toBoolean(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
