/**
 * Values that nobody can change any more, so that one and the same may be handed to everybody: what
 * a store in memory keeps, without a copy for each reader.
 */
import { Bug } from '../domain/errors.ts';

/** Every object that was made here: it and all that it holds is frozen. */
const made = new WeakSet<object>();

/**
 * A copy of a JSON value, frozen through and through; the original stays as it is. What was made
 * here before is not copied again. Throws Bug on anything that JSON does not have (but undefined).
 */
export function frozenCopy<T>(value: T): T {
  // A copy has the very fields of the original.
  return copyOf(value, new Map()) as T;
}

/** What stands in two places of the original stands in two places of the copy. */
function copyOf(value: unknown, known: Map<object, object>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw new Bug(`a ${typeof value} is no JSON value and cannot be kept`);
  }
  if (typeof value !== 'object' || value === null || made.has(value)) return value;
  const before = known.get(value);
  if (before !== undefined) return before;
  const copy = Array.isArray(value)
    ? value.map((each) => copyOf(each, known))
    : copyOfFields(value, known);
  Object.freeze(copy);
  known.set(value, copy);
  made.add(copy);
  return copy;
}

function copyOfFields(value: object, known: Map<object, object>): object {
  const kind = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null) {
    throw new Bug(`a ${kind.constructor.name} is no JSON value and cannot be kept`);
  }
  const copy: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    // Under any other name, an assignment makes a field, and takes half the time.
    if (name === '__proto__') return Object.fromEntries(copied(value, known));
    copy[name] = copyOf(each, known);
  }
  return copy;
}

function copied(value: object, known: Map<object, object>): [string, unknown][] {
  return Object.entries(value).map(([name, each]) => [name, copyOf(each, known)]);
}
