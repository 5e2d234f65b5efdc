/** Whether a written value is of a data type of Automation. */
import { isList, isMap, type Json } from '../runner/json.ts';
import { isOpen } from './references.ts';

/** The base of a parameter's type: `List<AWS::EC2::Instance::Id>` is a StringList. */
export function baseType(type: string): string {
  if (/^List<AWS(?:::\w+)+>$/.test(type)) return 'StringList';
  return /^AWS(?:::\w+)+$/.test(type) ? 'String' : type;
}

/**
 * CreateDocument is strict with true and false, lists and maps, and not with what is to be a text.
 * A text with a reference may stand for anything. An unknown type fits.
 */
export function fitsType(value: Json, type: string): boolean {
  if (isOpen(value)) return true;
  switch (type) {
    case 'String':
      return value !== null && typeof value !== 'object';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Integer':
      return Number.isInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value));
    case 'StringList':
      return isList(value) && value.every((item) => item !== null && typeof item !== 'object');
    case 'StringMap':
      return isMap(value);
    case 'MapList':
      return isList(value) && value.every((item) => isMap(item) || isOpen(item));
    default:
      return true;
  }
}
