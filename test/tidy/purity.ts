/** domain/ decides from what it is given: no clock, no randomness, no I/O, nothing asynchronous. */
import { codeOf } from './code.ts';
import { atEach, type Rule } from './source.ts';

const impure: readonly [RegExp, string][] = [
  [
    /\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)|\bTemporal\s*\.\s*Now\b|(?<!new\s+)\bDate\s*\(/g,
    'clock',
  ],
  [/\bperformance\s*\./g, 'clock'],
  [/\bMath\s*\.\s*random\b|\bcrypto\s*\./g, 'randomness'],
  [/\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'timer'],
  [/\b(?:process|globalThis|console)\s*\.|\bfetch\s*\(/g, 'world outside'],
  [/\basync\b|\bawait\b/g, 'waiting'],
];

export const domainIsPure: Rule = ({ path, text }) => {
  if (!path.startsWith('domain/') || !path.endsWith('.ts')) return [];
  const code = { path, text: codeOf(text) };
  return impure.flatMap(([pattern, what]) =>
    atEach(
      code,
      pattern,
      (found) => `no ${what} in domain/ ("${found}"): let the caller pass what it gives`,
    ),
  );
};
