/**
 * JSON escapes controls below U+0020 alone: U+009B begins a command to a terminal as ESC [ does,
 * U+2028 a line, U+202E turns it. A user agent could put them into a log that somebody follows.
 */
import { expect, test } from 'vitest';
import { consoleLog } from '../../adapters/console-log.ts';

test('given what a terminal obeys, then the line shows it by number and says the same', () => {
  const lines: string[] = [];
  const userAgent = 'a\u009B31mb\u2028c\u202Ed\u200Be\u001b[0m\n{"level":"info"}';
  consoleLog((line) => lines.push(line)).error('refused', { userAgent });
  const [line = ''] = lines;
  expect(line).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(line)).toEqual({ level: 'error', message: 'refused', userAgent });
});
