/** Planted violations of how files look. */
import { describe, expect, test } from 'vitest';
import {
  exportsHaveNames,
  filesAreSmall,
  filesIntroduceThemselves,
  linesAreShort,
  namesAreKebabCase,
  nothingIsLeftToDo,
  thereAreNoBarrels,
} from './shape.ts';

const file = (path: string, text: string) => ({ path, text });

describe('lines', () => {
  test('of 101 characters', () => {
    const text = `${'ä'.repeat(100)}\n${'ä'.repeat(101)}\n`;
    expect(linesAreShort(file('app/a.ts', text))).toEqual([
      'app/a.ts:2: 101 characters: break the line at 100',
    ]);
  });

  test('but a link alone, or another language', () => {
    const long = 'x'.repeat(120);
    expect(linesAreShort(file('app/a.ts', ` * https://example.com/${long}`))).toEqual([]);
    expect(linesAreShort(file('app/a.ts', ` * https://a.com/${long} (2026-11-23)`))).toEqual([]);
    expect(linesAreShort(file('docs/a.md', long))).toEqual([]);
    expect(linesAreShort(file('app/a.ts', ` * see https://example.com/${long}`))).toHaveLength(1);
  });
});

test('files of more lines than one idea needs', () => {
  expect(filesAreSmall(file('app/a.ts', 'x;\n'.repeat(300)))).toEqual([]);
  expect(filesAreSmall(file('app/a.ts', 'x;\n'.repeat(301)))).toHaveLength(1);
  expect(filesAreSmall(file('test/a.test.ts', 'x;\n'.repeat(301)))).toEqual([]);
  expect(filesAreSmall(file('test/a.test.ts', 'x;\n'.repeat(401)))).toHaveLength(1);
});

describe('names', () => {
  test.each(['app/onFinding.ts', 'app/on_finding.ts', 'App/a.ts', 'docs/Style.md', 'app/-a.ts'])(
    'such as %s',
    (path) => {
      expect(namesAreKebabCase(file(path, ''))).toHaveLength(1);
    },
  );

  test.each([
    'app/on-finding.ts',
    'test/a/on-finding.test.ts',
    'docs/adr/0001-the-open-fork.md',
    'README.md',
    'LICENSE',
    '.nvmrc',
    '.ci/run',
  ])('not %s', (path) => {
    expect(namesAreKebabCase(file(path, ''))).toEqual([]);
  });
});

describe('openings', () => {
  test.each([
    ['app/a.ts', "import { b } from './b.ts';\n"],
    ['runbooks/a.yml', "schemaVersion: '0.3'\n"],
    ['infra/a.cjs', 'module.exports = {};\n'],
    ['.ci/run', '#!/usr/bin/env bash\nset -e\n'],
  ])('without a comment: %s', (path, text) => {
    expect(filesIntroduceThemselves(file(path, text))).toHaveLength(1);
  });

  test.each([
    ['app/a.ts', '/** What it is. */\n'],
    ['sandbox/a.ts', '#!/usr/bin/env node\n/** What it is. */\n'],
    ['runbooks/a.yml', '# Switches a key off.\n'],
    ['.ci/run', '#!/usr/bin/env bash\n# All checks.\n'],
    ['tsconfig.json', '{}\n'],
  ])('with one: %s', (path, text) => {
    expect(filesIntroduceThemselves(file(path, text))).toEqual([]);
  });
});

test.each(['TO', 'FIX'])('notes to oneself: %s…', (start) => {
  const note = start === 'TO' ? `${start}DO` : `${start}ME`;
  expect(nothingIsLeftToDo(file('docs/a.md', `a\nb ${note} c`))).toEqual([
    expect.stringContaining('docs/a.md:2'),
  ]);
  expect(nothingIsLeftToDo(file('docs/a.md', note.toLowerCase()))).toEqual([]);
});

test.each(['export default 1;', 'const a = 1;\nexport { a as default };'])(
  'exports without a name: %s',
  (text) => {
    expect(exportsHaveNames(file('app/a.ts', text))).toHaveLength(1);
    expect(exportsHaveNames(file('vitest.config.ts', text))).toEqual([]);
    expect(exportsHaveNames(file('app/a.ts', `// ${text.replaceAll('\n', ' ')}`))).toEqual([]);
  },
);

describe('barrels', () => {
  test.each([
    "export * from './b.ts';\n",
    "/** All of it. */\nexport { b } from './b.ts';\nexport type { C } from './c.ts';\n",
  ])('such as %s', (text) => {
    expect(thereAreNoBarrels(file('app/index.ts', text))).toHaveLength(1);
  });

  test('not a file with something of its own', () => {
    const text = "export type { B } from './b.ts';\nexport const a = 1;\n";
    expect(thereAreNoBarrels(file('app/a.ts', text))).toEqual([]);
    expect(thereAreNoBarrels(file('app/a.ts', "import './b.ts';\nmain();\n"))).toEqual([]);
  });
});
