/** Genuine input to begin with: the example events of test/fixtures, and what is made of them. */
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../test/fixtures/events/', import.meta.url);

export interface Example {
  readonly name: string;
  readonly event: unknown;
}

/** Every example event, of every kind that may come in. */
export const examples: readonly Example[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({
    name: file.replace(/\.json$/, ''),
    event: JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
  }));

/** The example of that name. Throws if there is none. */
export function exampleOf(name: string): unknown {
  const found = examples.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no example event ${name}`);
  return found.event;
}

/** The one that a number comes to. */
export function chosen<T>(from: readonly T[], number: number): T {
  const one = from[number % from.length];
  if (one === undefined) throw new Error('there is nothing to choose from');
  return one;
}
