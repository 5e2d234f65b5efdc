/** The rules of docs/style.md that a machine can check, over every file of the repository. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dependencyProblems } from './tidy/dependencies.ts';
import { importsPointInwards } from './tidy/imports.ts';
import { domainIsPure } from './tidy/purity.ts';
import { noMachinePaths, noSecrets, onlyExampleAccounts } from './tidy/secrecy.ts';
import {
  exportsHaveNames,
  filesAreSmall,
  filesIntroduceThemselves,
  linesAreShort,
  namesAreKebabCase,
  nothingIsLeftToDo,
  thereAreNoBarrels,
} from './tidy/shape.ts';
import { type Rule, repositorySources } from './tidy/source.ts';

const sources = repositorySources();

const rules: Readonly<Record<string, Rule>> = {
  'imports point inwards: functions → app → domain ← adapters': importsPointInwards,
  'the domain is pure': domainIsPure,
  'nothing looks like a secret': noSecrets,
  'accounts are documented examples': onlyExampleAccounts,
  'no path is of one machine': noMachinePaths,
  'lines are at most 100 characters': linesAreShort,
  'files are small': filesAreSmall,
  'names are kebab-case': namesAreKebabCase,
  'files open with what they are': filesIntroduceThemselves,
  'nothing is left to do': nothingIsLeftToDo,
  'exports have names': exportsHaveNames,
  'there are no barrels': thereAreNoBarrels,
};

test('there is something to look at', () => {
  const paths = sources.map((source) => source.path);
  expect(paths).toContain('domain/rotation.ts');
  expect(paths).toContain('test/tidy.test.ts');
});

test.each(Object.entries(rules))('%s', (_, rule) => {
  expect(sources.flatMap(rule)).toEqual([]);
});

test('dependencies are declared, used and pinned', () => {
  const manifest = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  expect(dependencyProblems(JSON.parse(manifest), sources)).toEqual([]);
});
