/** Digests: of the same value the same, whatever text is in it, and of nothing but JSON. */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';

const { digest } = cryptoIds;

test('the order of fields makes no difference, a value does', () => {
  expect(digest({ a: 1, b: ['x'] })).toBe(digest({ b: ['x'], a: 1 }));
  expect(digest({ a: 1 })).not.toBe(digest({ a: 2 }));
});

test.each(['x\uD800', '\uDFFFx', 'a\uD83Db', '\uDE00\uD83D'])(
  'half a character counts: %j',
  (odd) => {
    expect(digest({ [odd]: [odd, '\\ud800', '\\'] })).toBe(
      digest({ [odd.toWellFormed()]: [odd.toWellFormed(), '\\ud800', '\\'] }),
    );
    // What stands around it is kept, a backslash before it included.
    expect(digest(`${odd}1`)).not.toBe(digest(`${odd}2`));
    expect(digest(`\\${odd}`)).toBe(digest(`\\${odd.toWellFormed()}`));
    expect(digest(`\\${odd}`)).not.toBe(digest(odd));
  },
);

test('a whole character beyond the first plane stays as it is', () => {
  expect(digest('🔑')).not.toBe(digest('\uFFFD'));
  expect(digest('🔑\uD800')).toBe(digest('🔑\uFFFD'));
});

test('what is no JSON is refused', () => {
  expect(() => digest({ at: Number.NaN })).toThrow();
  expect(() => digest(undefined)).toThrow('only JSON values have a digest');
});
