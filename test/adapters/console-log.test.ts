/** The log: one readable JSON line a message, whatever the facts are. */
import { expect, it } from 'vitest';
import { consoleLog } from '../../adapters/console-log.ts';

it('writes one JSON object a line, with level and message', () => {
  const lines: string[] = [];
  const log = consoleLog((line) => lines.push(line));
  log.info('effect performed', { effectId: 'r/1/0', attempt: 2 });
  log.error('it failed', { cause: new TypeError('bad\nnews'), many: 10n });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'info', message: 'effect performed', effectId: 'r/1/0', attempt: 2 },
    { level: 'error', message: 'it failed', cause: 'TypeError: bad\nnews', many: '10' },
  ]);
  expect(lines.join('')).not.toContain('\n');
});

it('given facts of the same names, then level and message are the log’s own', () => {
  const lines: string[] = [];
  consoleLog((line) => lines.push(line)).error('real', { level: 'info', message: 'forged' });
  expect(JSON.parse(lines[0] ?? '')).toEqual({ level: 'error', message: 'real' });
});
