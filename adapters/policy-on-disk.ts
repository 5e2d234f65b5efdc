/** The policy file beside the function's code. */
import { readFileSync } from 'node:fs';
import { messageOf } from '../domain/errors.ts';
import { type Parsed, refused } from '../domain/parsed.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import { readPolicyFile } from './policy-file.ts';

/** By its path from there. A file that cannot be read is a problem like any other. */
export function policyIn(fileName: string): Parsed<PolicyBook> {
  try {
    return readPolicyFile(readFileSync(fileName, 'utf8'), fileName);
  } catch (error) {
    return refused(`the policy file ${fileName} cannot be read: ${messageOf(error)}`);
  }
}
