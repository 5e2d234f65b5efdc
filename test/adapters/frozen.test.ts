/** What is kept cannot be changed, by whoever wrote it or reads it. */
import { describe, expect, test } from 'vitest';
import { frozenCopy } from '../../adapters/frozen.ts';
import { Bug } from '../../domain/errors.ts';

const written = () => ({ name: 'a', deep: { list: [{ on: true }, null] }, gone: undefined });

describe('a frozen copy', () => {
  test('says the same, fields without a value included', () => {
    expect(frozenCopy(written())).toStrictEqual(written());
    expect(frozenCopy('text')).toBe('text');
    expect(frozenCopy(undefined)).toBeUndefined();
  });

  test('cannot be changed at any depth', () => {
    const copy = frozenCopy(written());
    const [first] = copy.deep.list;
    expect(Reflect.set(copy, 'name', 'b')).toBe(false);
    expect(Reflect.set(copy.deep, 'list', [])).toBe(false);
    expect(Reflect.set(copy.deep.list, 0, 'spoilt')).toBe(false);
    expect(Reflect.set(first ?? {}, 'on', false)).toBe(false);
    expect(() => copy.deep.list.push(null)).toThrow(TypeError);
  });

  test('leaves the original as it is, and is not changed with it', () => {
    const original = written();
    const copy = frozenCopy(original);
    original.name = 'b';
    original.deep.list.push(null);
    expect(copy).toStrictEqual(written());
  });

  test('is not copied again, and neither is what it holds', () => {
    const copy = frozenCopy(written());
    expect(frozenCopy(copy)).toBe(copy);
    expect(frozenCopy({ more: copy.deep }).more).toBe(copy.deep);
  });

  test('of what others froze is a copy: only its outside may be frozen', () => {
    const inside = { on: true };
    const copy = frozenCopy(Object.freeze({ inside }));
    inside.on = false;
    expect(copy.inside.on).toBe(true);
    expect(Object.isFrozen(copy.inside)).toBe(true);
  });

  test('holds once what the original holds twice', () => {
    const part = { on: true };
    const copy = frozenCopy({ one: part, other: part });
    expect(copy.one).toBe(copy.other);
  });

  test.each([
    ['Date', new Date(0)],
    ['Map', new Map()],
    ['function', () => 0],
    ['bigint', 1n],
    ['symbol', Symbol('s')],
  ])('is not made of a %s', (kind, value) => {
    expect(() => frozenCopy({ in: [value] })).toThrow(Bug);
    expect(() => frozenCopy({ in: [value] })).toThrow(`a ${kind} is no JSON value`);
  });

  test('takes a field called __proto__ for a field', () => {
    const copy = frozenCopy(JSON.parse('{"__proto__":{"spoilt":true}}'));
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"spoilt":true}}');
  });
});
