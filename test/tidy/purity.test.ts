/** Planted violations: clocks and the like in domain/, and what only looks like them. */
import { describe, expect, test } from 'vitest';
import { codeOf } from './code.ts';
import { domainIsPure } from './purity.ts';

const inDomain = (text: string) => domainIsPure({ path: 'domain/a.ts', text });

describe('the domain must not', () => {
  test.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = new  Date( );',
    'const now = Date();',
    'const now = Temporal.Now.instant();',
    'const started = performance.now();',
    'const dice = Math.random();',
    'const id = crypto.randomUUID();',
    'setTimeout(() => {}, 1);',
    'const stage = process.env.STAGE;',
    'console.log(1);',
    "const page = fetch('https://example.com');",
    'const later = async () => 1;',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template in the planted code
    'const text = `at ${Date.now()}`;',
  ])('%s', (line) => {
    expect(inDomain(`/** A file. */\n${line}\n`)).toEqual([
      expect.stringMatching(/^domain\/a\.ts:2: no .* in domain\//),
    ]);
  });
});

describe('the domain may', () => {
  test.each([
    'const moment = new Date(0).toISOString();',
    'const millis = Date.parse(text);',
    'const least = Math.min(1, 2);',
    '// Date.now() is the clock of the shell',
    '/* await nothing; Math.random() is no dice of ours */',
    "const advice = 'use Date.now() elsewhere';",
    'const name = /process./.test(text);',
    'const update = { stage: processing };',
  ])('%s', (line) => {
    expect(inDomain(line)).toEqual([]);
  });
});

test('other folders may look at the clock', () => {
  expect(domainIsPure({ path: 'adapters/a.ts', text: 'Date.now();' })).toEqual([]);
});

describe('of code without its texts remains', () => {
  test.each([
    ["a('b // c') + d", 'a()+d'],
    ['a / b / c', 'a/b/c'],
    ['f(/["\'`]/) + g', 'f()+g'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template in the planted code
    ['`x ${y + `z ${w}`} v` + u', 'y+w+u'],
    ['`x` + { a }', '+{a}'],
    ['a // b\nc', 'ac'],
    ['a /* b\n */ c', 'ac'],
  ])('%s', (text, remains) => {
    expect(codeOf(text).replaceAll(/\s/g, '')).toBe(remains);
    expect(codeOf(text)).toHaveLength(text.length);
  });
});
