/** Settings that a function cannot do without. */
import { Permanent } from '../domain/errors.ts';
import type { Parsed } from '../domain/parsed.ts';

/** The settings. Throws Permanent naming everything wrong with them. */
export function required<T>(settings: Parsed<T>): T {
  if (settings.ok) return settings.value;
  throw new Permanent(`the function is not configured: ${settings.problems.join('; ')}`);
}
