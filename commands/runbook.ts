/**
 * `npm run --silent runbook -- validate FILE…`: a JSON line for each file, whether it is a sound
 * SSM Automation document and what is wrong with it. Exit status 0: all are; 1: some are not; 2: a
 * file could not be read, or the command was called wrongly.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { validateDocument } from '../sandbox/validate/validate-document.ts';

const usage = `Usage: npm run --silent runbook -- validate FILE…
  FILE  an SSM Automation document (schemaVersion 0.3), YAML or JSON`;

export interface ValidationLine {
  readonly file: string;
  readonly ok: boolean;
  readonly problems: readonly string[];
}

/** What is said of one file, and whether it could be read at all. */
export function validateFile(file: string): { line: ValidationLine; readable: boolean } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const problems = [`document: cannot be read: ${messageOf(error)}`];
    return { line: { file, ok: false, problems }, readable: false };
  }
  const { problems } = validateDocument(text);
  return { line: { file, ok: problems.length === 0, problems }, readable: true };
}

function filesNamed(): readonly string[] {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    const [command, ...files] = positionals;
    if (command !== 'validate') throw new Error(`There is no command ${command ?? ''}.`);
    if (files.length === 0) throw new Error('No file was named.');
    return files;
  } catch (error) {
    console.error(`${messageOf(error)}\n${usage}`);
    process.exit(2);
  }
}

function main(): void {
  let status = 0;
  for (const file of filesNamed()) {
    const { line, readable } = validateFile(file);
    console.log(JSON.stringify(line));
    status = Math.max(status, readable ? (line.ok ? 0 : 1) : 2);
  }
  process.exitCode = status;
}

if (import.meta.main) main();
