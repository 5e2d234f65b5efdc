/** Who answered how many calls of which service, and which actions each role has used on what. */
import { appendFileSync } from 'node:fs';

export type Answerer = 'moto' | 'proxy';

/** One use of a permission, as the permission tests read it: a JSON object a line. */
export interface Used {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

export interface Tally {
  count(service: string, operation: string, by: Answerer): void;
  use(used: Used): void;
  /** A line each: service, calls by moto, calls by the proxy, and which those were. */
  table(): string;
  readonly used: readonly Used[];
}

/** With a file, every use is appended to it, each once. */
export function tally(file: string | undefined): Tally {
  const counts = new Map<string, Record<Answerer, Map<string, number>>>();
  const seen = new Set<string>();
  const used: Used[] = [];
  return {
    used,
    count: (service, operation, by) => {
      const of = counts.get(service) ?? { moto: new Map(), proxy: new Map() };
      counts.set(service, of);
      of[by].set(operation, (of[by].get(operation) ?? 0) + 1);
    },
    use: (each) => {
      const line = JSON.stringify(each);
      if (seen.has(line)) return;
      seen.add(line);
      used.push(each);
      if (file !== undefined) appendFileSync(file, `${line}\n`);
    },
    table: () => {
      const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(rowOf);
      return ['service          moto  proxy  answered by the proxy', ...rows].join('\n');
    },
  };
}

function rowOf([service, { moto, proxy }]: [string, Record<Answerer, Map<string, number>>]) {
  const sum = (of: Map<string, number>) => [...of.values()].reduce((a, b) => a + b, 0);
  const which = [...proxy].map(([operation, count]) => `${operation} ${count}`).join(', ');
  const numbers = `${String(sum(moto)).padStart(5)}  ${String(sum(proxy)).padStart(5)}`;
  return `${service.padEnd(16)}${numbers}  ${which}`.trimEnd();
}
