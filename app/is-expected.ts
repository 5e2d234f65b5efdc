/** Whether an error is one of those that the ports promise: anything else is a defect of ours. */
import { Conflict, Permanent, Transient } from '../domain/errors.ts';

export function isExpected(error: unknown): boolean {
  return [Transient, Permanent, Conflict].some((kind) => error instanceof kind);
}
