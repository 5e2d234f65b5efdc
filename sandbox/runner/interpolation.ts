/**
 * `{{ reference }}` in a step's inputs. A text that is one reference and nothing else takes the
 * value with its type; inside a longer text the value is rendered. What a value itself contains is
 * not expanded again.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-variables.html (2026-11)
 */
import { isList, isMap, type Json, type JsonMap, textOf } from './json.ts';

const reference = /\{\{\s*([^{}]*?)\s*\}\}/g;
const wholeReference = /^\{\{\s*([^{}]*?)\s*\}\}$/;

/** Every reference inside a value, in order. */
export function referencesIn(value: Json): string[] {
  if (typeof value === 'string')
    return [...value.matchAll(reference)].map((match) => match[1] ?? '');
  if (isList(value)) return value.flatMap(referencesIn);
  return isMap(value) ? Object.values(value).flatMap(referencesIn) : [];
}

/** The value with every reference replaced by what it resolves to. */
export function interpolated(value: Json, resolve: (reference: string) => Json): Json {
  if (typeof value === 'string') {
    const whole = wholeReference.exec(value)?.[1];
    if (whole !== undefined) return resolve(whole);
    return value.replace(reference, (_text, name: string) => textOf(resolve(name)));
  }
  if (isList(value)) return value.map((item) => interpolated(item, resolve));
  return isMap(value) ? interpolatedMap(value, resolve) : value;
}

/** The same for a map, which stays a map. Names are never interpolated. */
export function interpolatedMap(map: JsonMap, resolve: (reference: string) => Json): JsonMap {
  return Object.fromEntries(
    Object.entries(map).map(([name, item]) => [name, interpolated(item, resolve)]),
  );
}
