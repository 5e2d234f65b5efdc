/** A log that is kept instead of printed. */
import type { Instant } from '../domain/instant.ts';
import type { Log } from '../domain/ports.ts';

export interface LogLine {
  readonly at: Instant;
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export function memoryLog(now: () => Instant): { readonly lines: LogLine[]; readonly log: Log } {
  const lines: LogLine[] = [];
  const write = (level: LogLine['level']) => (message: string, facts: LogLine['facts']) => {
    lines.push({ at: now(), level, message, facts });
  };
  return { lines, log: { info: write('info'), error: write('error') } };
}
