/** Values with hostile text in the places whose text somebody outside has written. */
import fc from 'fast-check';
import { anyNumber } from './bites.ts';
import { chosen } from './examples.ts';
import { injections } from './hostile-texts.ts';

/** Which texts are put where, one after the other, and from the first again. */
export type Injections = readonly (readonly [number, 'before' | 'behind' | 'alone' | 'often'])[];

export const someInjections: fc.Arbitrary<Injections> = fc.array(
  fc.tuple(anyNumber, fc.constantFrom('before', 'behind', 'alone', 'often')),
  { minLength: 1, maxLength: 4 },
);

/** For people. */
export function toldInjections(texts: Injections): string {
  return texts
    .map(([text, how]) => `${JSON.stringify(chosen(injections, text))} ${how}`)
    .join(', ');
}

/** What does to each text that it is given what comes next in the list. */
export function injecting(texts: Injections): (text: string) => string {
  let turn = 0;
  return (text) => {
    const [injection, how] = chosen(texts, turn++);
    return injected(text, chosen(injections, injection), how);
  };
}

function injected(text: string, injection: string, how: Injections[number][1]): string {
  switch (how) {
    case 'before':
      return injection + text;
    case 'behind':
      return text + injection;
    case 'alone':
      return injection;
    case 'often':
      return injection.repeat(300);
  }
}

/** Fields whose text somebody outside has written. */
const outside = new Set([
  'userName',
  'path',
  'service',
  'sourceIp',
  'userAgent',
  'secretArn',
  'because',
  'text',
  'problem',
  'name',
  'remaining',
]);

/** A copy of the value with other text in them; stages are called what they are called. */
export function withOutside<T>(
  value: T,
  change: (text: string) => string,
  fields: ReadonlySet<string> = outside,
): T {
  const visit = (given: unknown, field: string): unknown => {
    if (Array.isArray(given)) return given.map((each) => visit(each, field));
    if (typeof given !== 'object' || given === null) {
      return typeof given === 'string' && fields.has(field) ? change(given) : given;
    }
    const isStage = 'name' in given && !('slackUserId' in given || 'id' in given);
    return Object.fromEntries(
      Object.entries(given).map(([name, each]) => [
        name,
        isStage && name === 'name' ? each : visit(each, name),
      ]),
    );
  };
  // The same fields of the same types.
  return visit(value, '') as T;
}
