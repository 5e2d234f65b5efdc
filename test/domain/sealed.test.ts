/** A sealed value gets out by reveal and by nothing else. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Sealed } from '../../domain/sealed.ts';

const secret = `SENTINEL${'a'.repeat(32)}`;
const sealed = new Sealed(secret);

test('only reveal gives the value', () => {
  expect(sealed.reveal()).toBe(secret);
  expect(sealed.equals(new Sealed(secret))).toBe(true);
  expect(sealed.equals(new Sealed('other'))).toBe(false);
});

test.each([
  ['joined', () => `${sealed}`],
  ['serialised', () => JSON.stringify({ sealed })],
  ['inspected', () => inspect({ sealed }, { depth: 9, showHidden: true })],
  ['copied', () => JSON.stringify({ ...sealed }) + Object.keys(sealed).join()],
  ['cloned', () => inspect(structuredClone(sealed), { showHidden: true })],
])('%s, it stays sealed', (_how, show) => {
  expect(show()).not.toContain('SENTINEL');
});
