/** What is wrong outside of Keyturn, in words. */
import { Permanent, Transient } from '../domain/errors.ts';

/** What is wrong outside; anything else is thrown on. */
export function problemOf(error: unknown): string {
  if (error instanceof Transient || error instanceof Permanent) return error.message;
  throw error;
}
