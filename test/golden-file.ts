/** Golden files: what something looked like when somebody last read it and found it good. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, 'golden');

/**
 * Fails unless test/golden/NAME holds this very text. With UPDATE_GOLDEN=1 the text is written
 * there first: read the difference before it is kept.
 */
export function expectGolden(name: string, text: string): void {
  const file = join(folder, name);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text, hint()).toEqual(existsSync(file) ? readFileSync(file, 'utf8') : 'no file');
}

/** The same for a JSON value, indented as people read it. */
export function expectGoldenJson(name: string, value: unknown): void {
  expectGolden(name, `${JSON.stringify(value, null, 2)}\n`);
}

function hint(): string {
  const test = relative(join(folder, '../..'), expect.getState().testPath ?? '');
  return (
    'this has changed: if that is wanted, run ' +
    `UPDATE_GOLDEN=1 npx vitest run ${test}, and read the difference`
  );
}
