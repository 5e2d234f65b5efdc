/** Reading fields of unknown data while collecting everything that is wrong with it. */
import { isList, isMap, type Json, type JsonMap } from './json.ts';

/** Collects problems, each under the name of the thing it is about. */
export interface Problems {
  add(problem: string): void;
  /** The same collection, for a part of the thing. */
  about(part: string): Problems;
}

export function collectInto(list: string[], prefix = ''): Problems {
  return {
    add: (problem) => {
      list.push(prefix === '' ? problem : `${prefix}: ${problem}`);
    },
    about: (part) => collectInto(list, prefix === '' ? part : `${prefix} ${part}`),
  };
}

/** What AWS takes and the sandbox does not. */
export function valid(what: string): string {
  return `valid, but the sandbox ${what}`;
}

export function textField(map: JsonMap, name: string, problems: Problems): string | undefined {
  const value = map[name];
  if (value === undefined || typeof value === 'string') return value;
  problems.add(`${name} is not a text`);
  return undefined;
}

/** A whole number of at least `least`. */
export function countField(
  map: JsonMap,
  name: string,
  least: number,
  problems: Problems,
): number | undefined {
  const value = map[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  problems.add(`${name} is not a whole number of at least ${least}`);
  return undefined;
}

export function mapField(map: JsonMap, name: string, problems: Problems): JsonMap {
  const value = map[name];
  if (value === undefined) return {};
  if (isMap(value)) return value;
  problems.add(`${name} is not a map`);
  return {};
}

export function listField(map: JsonMap, name: string, problems: Problems): readonly Json[] {
  const value = map[name];
  if (value === undefined) return [];
  if (isList(value)) return value;
  problems.add(`${name} is not a list`);
  return [];
}
