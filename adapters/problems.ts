/**
 * Schemas that say in words what a field should be, and their issues as sentences: where it is,
 * what it is, what it should be. Extra fields are always fine: AWS adds some without notice.
 */
import * as v from 'valibot';

/** A text, of that form if one is given. `shouldBe` ends the sentence "it should be …". */
export function text(shouldBe: string, form: RegExp = /\S/): v.GenericSchema<string> {
  return v.pipe(v.string(shouldBe), v.regex(form, shouldBe), v.description(shouldBe));
}

/** An object with at least those fields. */
export function fields<const T extends v.ObjectEntries>(entries: T, shouldBe = 'an object') {
  return v.pipe(
    v.looseObject(entries, (issue) => {
      // A missing field is reported by the object around it, under the field's own key.
      const key = issue.path?.[0]?.key;
      const entry = typeof key === 'string' ? entries[key] : undefined;
      return entry === undefined ? shouldBe : (v.getDescription(entry) ?? 'there');
    }),
    v.description(shouldBe),
  );
}

/** A field that may be missing or null. */
export function maybe<const T extends v.GenericSchema>(schema: T) {
  return v.nullish(schema);
}

/** Every problem of a value, as sentences; empty when the schema takes it. */
export function problemsOf(schema: v.GenericSchema, value: unknown, at = ''): readonly string[] {
  const result = v.safeParse(schema, value);
  return result.success ? [] : result.issues.map((issue) => sentence(issue, at));
}

/** `what` is `value`: it should be `shouldBe`. */
export function problem(what: string, value: unknown, shouldBe: string): string {
  return `${what} is ${inWords(value)}: it should be ${shouldBe}`;
}

/** The value at a path through objects and lists that may be of any shape. */
export function peek(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? Reflect.get(inner, key)
        : undefined,
    value,
  );
}

/** The text at a path; undefined if there is none, or if it is empty. */
export function peekText(
  value: unknown,
  ...path: readonly (string | number)[]
): string | undefined {
  const found = peek(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** A value short enough to be read in a sentence. */
export function inWords(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === '') return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const whole = JSON.stringify(value) ?? typeof value;
  return whole.length > 120 ? `${[...whole].slice(0, 120).join('')}…` : whole;
}

function sentence(issue: v.BaseIssue<unknown>, at: string): string {
  const path = (issue.path ?? []).reduce((before, { key }) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return before === '' ? String(key) : `${before}.${String(key)}`;
  }, at);
  const value = issue.path?.at(-1)?.value ?? issue.input;
  return problem(path === '' ? 'the event' : path, value, issue.message);
}
