/** What files import, and the rules about it: arrows point inwards, dependencies are declared. */
import { posix } from 'node:path';
import { isCode, place, type Rule, type Source } from './source.ts';

interface Import {
  readonly index: number;
  /** As written. */
  readonly specifier: string;
  /** From the top of the repository; undefined for a package or a Node module. */
  readonly path: string | undefined;
  /** Gone once types are stripped. */
  readonly typeOnly: boolean;
}

const statement =
  /^[ \t]*(?:import|export)\b[\w\s{},*$]*?(?:\bfrom\s*)?(['"])(?<from>[^'"\n]+)\1/gm;
const call = /\b(?:import|require)\s*\(\s*(['"])(?<from>[^'"\n]+)\1/g;

export function importsOf({ path, text }: Source): readonly Import[] {
  return [statement, call].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => {
      const specifier = match.groups?.from ?? '';
      const inside = specifier.startsWith('.');
      return {
        index: match.index,
        specifier,
        path: inside ? posix.normalize(posix.join(posix.dirname(path), specifier)) : undefined,
        typeOnly: /^\s*(?:import|export)\s+type\b/.test(match[0]),
      };
    }),
  );
}

/** What each layer may import of this project. sandbox/ and test/ may import everything. */
const inwards: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain'],
  app: ['app', 'domain'],
  adapters: ['adapters', 'domain'],
  functions: ['functions', 'app', 'domain'],
};

/** Packages that the inner layers may import. */
const fromOutside: Readonly<Record<string, readonly string[]>> = {
  domain: ['temporal-polyfill'],
  app: ['valibot'],
};

/** Also `compose-inventory.ts` and so on, of what is deployed apart. */
const isComposer = (path: string) => /^app\/compose(?:-[a-z-]+)?\.ts$/.test(path);

export const importsPointInwards: Rule = (source) => {
  const layer = layerOf(source.path);
  const allowed = inwards[layer];
  if (allowed === undefined || !isCode(source)) return [];
  return importsOf(source).flatMap((each) => {
    const complaint = complaintAbout(source.path, layer, allowed, each);
    return complaint === undefined ? [] : [`${place(source, each.index)}: ${complaint}`];
  });
};

function complaintAbout(
  from: string,
  layer: string,
  allowed: readonly string[],
  { path, specifier }: Import,
): string | undefined {
  if (path === undefined) {
    const packages = isComposer(from) ? undefined : fromOutside[layer];
    return packages === undefined || packages.includes(specifier)
      ? undefined
      : `${layer}/ does not import ${specifier}: put what needs it behind a port, in adapters/`;
  }
  const target = layerOf(path);
  if (isComposer(from)) {
    return ['app', 'adapters', 'domain', 'functions'].includes(target)
      ? undefined
      : `${from} does not import ${path}: the product needs nothing of ${target}/`;
  }
  if (isComposer(path) && !from.startsWith('functions/lambda/')) {
    return `only functions/lambda/ imports ${path}: take what you need as an argument`;
  }
  return allowed.includes(target)
    ? undefined
    : `${layer}/ does not import ${target}/ (arrows: functions → app → domain ← adapters): ` +
        `take it as an argument and let app/compose.ts pass it`;
}

const layerOf = (path: string) => path.split('/')[0] ?? '';

/** The package that a bare specifier belongs to; undefined for Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
