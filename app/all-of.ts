/** Doing several independent things although some of them fail. */
import { Bug, Conflict, messageOf, Permanent, Transient } from '../domain/errors.ts';

/**
 * Does each in turn, whatever becomes of the others, and returns what they gave. If any failed, one
 * error is thrown at the end: Transient if trying the whole again may help any of them.
 */
export async function allOf<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = [];
  const errors: unknown[] = [];
  for (const task of tasks) {
    try {
      results.push(await task());
    } catch (error) {
      errors.push(error);
    }
  }
  throwAll(errors, tasks.length);
  return results;
}

/** Throws what failed of so many, as one error; nothing if nothing did. */
export function throwAll(errors: readonly unknown[], of: number): void {
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : together(errors, of);
}

function together(errors: readonly unknown[], of: number): Error {
  const message = `${errors.length} of ${of} failed: ${errors.map(messageOf).join('; ')}`;
  const cause = new AggregateError(errors);
  if (errors.some((error) => error instanceof Transient || error instanceof Conflict)) {
    return new Transient(message, { cause });
  }
  const expected = errors.every((error) => error instanceof Permanent);
  return expected ? new Permanent(message, { cause }) : new Bug(message, { cause });
}
