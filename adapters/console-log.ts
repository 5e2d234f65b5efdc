/** The log as Lambda reads it: one JSON object a line on standard output. */
import type { Log } from '../domain/ports.ts';
import { safeJson } from './safe-json.ts';

/**
 * A log that writes lines (without their end) to `write`, standard output unless said otherwise.
 */
export function consoleLog(write: (line: string) => void = toStandardOutput): Log {
  const line =
    (level: 'info' | 'error') => (message: string, facts: Readonly<Record<string, unknown>>) =>
      write(safeJson({ ...facts, level, message }, readable));
  return { info: line('info'), error: line('error') };
}

function toStandardOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** JSON would show an error as {} and fail on a bigint. */
function readable(_key: string, value: unknown): unknown {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === 'bigint' ? value.toString() : value;
}
