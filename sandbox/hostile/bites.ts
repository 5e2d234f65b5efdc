/**
 * Damage to a JSON value by somebody who knows what it is: a field goes, comes twice, changes its
 * name or type, says another account, holds what is to be obeyed. A bite is three numbers, so that
 * the same bites of the same value give the same damage, and fewer of them are a simpler story.
 */
import fc from 'fast-check';
import { hostileTexts, oddArns, oddMoments, oddNumbers } from './hostile-texts.ts';

/** Where, how, and with what; each is taken modulo what there is to choose from. */
export type Bite = readonly [where: number, how: number, what: number];

const wide = fc.noBias(fc.nat(2 ** 30));

/** Some bites, of which one would do. */
export const someBites: fc.Arbitrary<readonly Bite[]> = fc.array(fc.tuple(wide, wide, wide), {
  minLength: 1,
  maxLength: 3,
});

/** A number to choose from a list by. */
export const anyNumber: fc.Arbitrary<number> = wide;

export interface Bitten {
  readonly value: unknown;
  /** What was done, a line for each bite. */
  readonly marks: readonly string[];
}

/** Somewhere in a value: the object or list that holds it, its key there, and the way to it. */
interface Place {
  readonly holder: object;
  readonly key: string;
  readonly path: string;
}

/** Does something at a place, and says what. */
type Kind = (place: Place, what: number, places: readonly Place[]) => string;

/** A copy of the value with those bites out of it. */
export function bitten(whole: unknown, bites: readonly Bite[]): Bitten {
  const root = { value: structuredClone(whole) };
  const marks = bites.map(([where, how, what]) => {
    const places = placesIn(root);
    const place = places[where % places.length];
    const kind = kinds[how % kinds.length];
    return place === undefined || kind === undefined ? '' : kind(place, what, places);
  });
  // JSON has no undefined: a whole value that is gone is null.
  return { value: root.value ?? null, marks };
}

/** Deeper than that nothing is bitten: what is nested there was put there. */
const deepest = 40;

function placesIn(root: object): readonly Place[] {
  const places: Place[] = [];
  const visit = (holder: object, path: string, depth: number): void => {
    for (const key of Object.keys(holder).slice(0, 200)) {
      const at = `${path}.${key}`;
      places.push({ holder, key, path: at });
      const value: unknown = Reflect.get(holder, key);
      if (depth < deepest && typeof value === 'object' && value !== null) {
        visit(value, at, depth + 1);
      }
    }
  };
  visit(root, '', 0);
  return places;
}

const valueAt = ({ holder, key }: Place): unknown => Reflect.get(holder, key);

/** As JSON.parse sets it: `__proto__` too becomes a field like any other. */
function put(holder: object, key: string, value: unknown): void {
  const all = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(holder, key, all);
}

function set(place: Place, value: unknown, mark: string): string {
  put(place.holder, place.key, value);
  return `${place.path}: ${mark}`;
}

function pick<T>(from: readonly T[], what: number, otherwise: T): T {
  return from[what % from.length] ?? otherwise;
}

const inShort = (value: unknown) => (JSON.stringify(value) ?? 'undefined').slice(0, 80);

const drop: Kind = ({ holder, key, path }) => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
  return `${path}: gone`;
};

const names: readonly ((name: string) => string)[] = [
  (name) => name.toUpperCase(),
  (name) => name.slice(0, 1).toLowerCase() + name.slice(1),
  (name) => `${name} `,
  (name) => `${name}\u200B`,
  (name) => name.slice(0, -1),
  () => '__proto__',
  () => 'constructor',
  () => 'toString',
  () => '',
];

const rename: Kind = (place, what) => {
  const name = pick(names, what, String)(place.key);
  const value = valueAt(place);
  drop(place, what, []);
  if (!Array.isArray(place.holder)) put(place.holder, name, value);
  return `${place.path}: called ${inShort(name)}`;
};

/** The field stays, and another one like it says something else. */
const duplicate: Kind = (place, what) => {
  const name = pick(names, what, String)(place.key);
  if (Array.isArray(place.holder)) place.holder.push(structuredClone(valueAt(place)));
  else put(place.holder, name, pick(hostileTexts, what >> 4, ''));
  return `${place.path}: and ${inShort(name)} beside it`;
};

function nested(levels: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const another: readonly (() => unknown)[] = [
  () => null,
  () => '',
  () => true,
  () => false,
  () => [],
  () => ({}),
  () => [null],
  () => nested(30),
  () => nested(500),
  () => 'x'.repeat(10_000),
  () => '🔑'.repeat(2_000),
  () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}'),
  () => JSON.parse('{"toString": null, "valueOf": 1, "hasOwnProperty": 0, "length": 3}'),
];

const retype: Kind = (place, what) => {
  const value = pick(another, what, () => null)();
  return set(place, value, `is ${typeof value} now`);
};

const wrap: Kind = (place, what) => {
  const value = valueAt(place);
  const wrappings: readonly unknown[] = [
    [value],
    { value },
    [value, value],
    JSON.stringify(value) ?? '',
    Array.isArray(value) ? [...value, ...value] : [[value]],
    Array.isArray(value) ? Object.fromEntries(value.entries()) : { 0: value, length: 1 },
  ];
  return set(place, pick(wrappings, what, null), `is wrapped, way ${what % wrappings.length}`);
};

const replaceBy =
  (values: readonly unknown[]): Kind =>
  (place, what) => {
    const value = pick(values, what, null);
    return set(place, value, `is ${inShort(value)} now`);
  };

/** Put before, behind or into a text that is there. */
const inject: Kind = (place, what) => {
  const value = valueAt(place);
  const text = pick(hostileTexts, what >> 2, '');
  if (typeof value !== 'string') return set(place, text, `is ${inShort(text)} now`);
  const middle = Math.floor(value.length / 2);
  const ways = [
    text + value,
    value + text,
    value.slice(0, middle) + text + value.slice(middle),
    value.slice(0, -1),
  ];
  const injected = pick(ways, what, text);
  return set(place, injected, `says ${inShort(injected)}`);
};

/** One of them in a text becomes the other. */
const elsewhere: readonly (readonly [from: RegExp, to: string])[] = [
  [/111122223333/g, '444455556666'],
  [/111122223333|444455556666/g, '123456789012'],
  [/arn:aws:/g, 'arn:aws-cn:'],
  [/arn:aws:/g, 'arn:aws-us-gov:'],
  [/us-east-1/g, 'eu-west-1'],
  [/us-east-1/g, 'cn-north-1'],
  [/ci-runner|report-mailer|svc-billing/g, 'etl-nightly'],
  [/AIDA[A-Z0-9]+/g, 'AIDAJQABLZS4A3EXAMPLE'],
  [/AKIA[A-Z0-9]+/g, 'AKIAJSIE27KKMHXEXAMPLE'],
  [/IAM\.3|1\.14|1\.13/g, 'IAM.5'],
  [/user\/.*$/g, 'user/AIDAJQABLZS4A3EXAMPLE'],
  [/user\/.*$/g, 'root'],
  [/FAILED|NON_COMPLIANT|ACTIVE|Fail/g, 'PASSED'],
  [/Success|Inactive|Gone|safe|true/g, 'Failed'],
  [/[0-9a-f]{8}(?=-)/g, '00000000'],
];

/** One text that names something names something else; all others still name the first. */
const contradict: Kind = (place, what, places) => {
  const [from, to] = pick(elsewhere, what, [/$/g, '']);
  const changing = places.filter((each) => {
    const value = valueAt(each);
    return typeof value === 'string' && value.replaceAll(from, to) !== value;
  });
  const there = changing[(what >> 8) % Math.max(1, changing.length)] ?? place;
  const value = valueAt(there);
  const changed = typeof value === 'string' ? value.replaceAll(from, to) : to;
  return set(there, changed, `says ${inShort(changed)}`);
};

/** A value of the same event in the place of another. */
const copy: Kind = (place, what, places) => {
  const from = places[what % places.length];
  if (from === undefined) return '';
  return set(place, structuredClone(valueAt(from)), `is a copy of ${from.path}`);
};

/** The likelier a mistake or an attack, the more often; each once for each of its times. */
const kinds: readonly Kind[] = (
  [
    [3, drop],
    [2, rename],
    [2, duplicate],
    [3, retype],
    [2, wrap],
    [3, inject],
    [2, replaceBy(hostileTexts)],
    [2, replaceBy(['', null, ' '])],
    [1, replaceBy(oddNumbers)],
    [1, replaceBy(oddMoments)],
    [1, replaceBy(oddArns)],
    [6, contradict],
    [2, copy],
  ] as const
).flatMap(([times, kind]) => Array.from({ length: times }, () => kind));
