/** Values as a document, an API response or a payload holds them, and their texts. */

export type Json = string | number | boolean | null | readonly Json[] | JsonMap;

export interface JsonMap {
  readonly [name: string]: Json;
}

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** Anything as JSON sees it: dates become texts, what JSON cannot hold is dropped. */
export function toJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : (JSON.parse(text) as Json);
}

/** How a value reads inside a longer text: a string as it is, anything else as JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** How the SSM API shows an output: a list of strings. */
export function apiStrings(value: Json): string[] {
  return isList(value) ? value.map(textOf) : [textOf(value)];
}
