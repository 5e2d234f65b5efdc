/**
 * Reports as one HTML page, which needs nothing else to be read. What is not whole is on the page,
 * on standard error, and makes the exit status 1.
 */
import { writeFileSync } from 'node:fs';
import { evidencePage } from '../adapters/evidence-page.ts';
import { messageOf } from '../domain/errors.ts';
import type { CommandAnswer } from './answer.ts';
import { evidenceOptions, lookedAt, problemLines } from './evidence-options.ts';
import { visible } from './terminal-text.ts';

export function pageCommand(
  args: readonly string[],
  misused: (problem: string) => CommandAnswer,
): CommandAnswer {
  const asked = evidenceOptions(args, ['out']);
  if (!asked.ok) return misused(asked.problems.join('; '));
  const looked = lookedAt(asked.value);
  if (!looked.ok) return { status: 1, out: [], errors: looked.problems.map(visible) };
  const page = evidencePage(looked.value);
  const errors = problemLines(looked.value).map(visible);
  const status = errors.length === 0 ? 0 : 1;
  const { out } = asked.value;
  if (out === undefined) return { status, out: [page.trimEnd()], errors };
  try {
    // An older page, or the report itself, is not lost to a slip.
    writeFileSync(out, page, { flag: 'wx' });
  } catch (error) {
    const problem = `${out}: the page cannot be written there: ${messageOf(error)}`;
    return { status: 1, out: [], errors: [...errors, `${problem}: name a file that is not there`] };
  }
  return { status, out: [out], errors };
}
