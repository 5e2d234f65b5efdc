/** What the commands share: the answer, how it is printed, and how a policy file is read. */
import { readFileSync } from 'node:fs';
import { readPolicyFile } from '../adapters/policy-file.ts';
import { messageOf } from '../domain/errors.ts';
import { type Parsed, refused } from '../domain/parsed.ts';
import type { PolicyBook } from '../domain/policy-book.ts';

export interface CommandAnswer {
  /** 0: all is well; 1: something is wrong with what was looked at; 2: wrong usage. */
  readonly status: 0 | 1 | 2;
  readonly out: readonly string[];
  readonly errors: readonly string[];
}

/** Prints an answer and sets the exit status. */
export function say({ status, out, errors }: CommandAnswer): void {
  process.exitCode = status;
  for (const line of out) console.log(line);
  for (const line of errors) console.error(line);
}

/** A file that cannot be read is a problem like any other. */
export function readBook(file: string): Parsed<PolicyBook> {
  try {
    return readPolicyFile(readFileSync(file, 'utf8'), file);
  } catch (error) {
    return refused(`${file}: the file cannot be read: ${messageOf(error)}`);
  }
}
