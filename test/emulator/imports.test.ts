/**
 * What the emulator suite runs are the packaged functions, never their sources: nothing that it
 * loads, directly or by way of something else, is a handler or puts handlers together. But for the
 * plan: that is a command, which runs from its source, and plays the sandbox beside the account.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf } from '../tidy/imports.ts';

const repository = join(import.meta.dirname, '..', '..');
const isOfTheProduct = (path: string) => /^functions\/|^app\/compose\.ts$/.test(path);

/** How the file comes to load a handler: the paths on the way. */
function waysToHandlers(path: string, way: readonly string[], seen: Set<string>): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const source = { path, text: readFileSync(join(repository, path), 'utf8') };
  return importsOf(source)
    .filter(({ typeOnly }) => !typeOnly)
    .flatMap(({ path: next }) => {
      if (next === undefined || !existsSync(join(repository, next))) return [];
      const longer = [...way, next];
      return isOfTheProduct(next) ? [longer.join(' → ')] : waysToHandlers(next, longer, seen);
    });
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => name !== 'plan.emulator.ts')
    .map((name) => `${folder}/${name}`);
}

test('the emulator suite loads no handler', () => {
  const seen = new Set<string>();
  const ways = filesBelow('test/emulator').flatMap((path) => waysToHandlers(path, [path], seen));
  expect(ways).toEqual([]);
  expect(seen.size).toBeGreaterThan(40);
});
