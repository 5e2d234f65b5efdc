/** Several things of which some fail: all are tried, one error says what may help. */
import { describe, expect, it } from 'vitest';
import { allOf } from '../../app/all-of.ts';
import { Bug, Conflict, Permanent, Transient } from '../../domain/errors.ts';

const fails = (error: unknown) => async () => {
  throw error;
};

describe('allOf', () => {
  it('given failures among them, then the others are done before one error is thrown', async () => {
    const seen: number[] = [];
    const note = (value: number) => async () => seen.push(value);
    const only = new Transient('the second failed');
    await expect(allOf([note(1), fails(only), note(3)])).rejects.toBe(only);
    expect(seen).toEqual([1, 3]);
  });

  it.each([
    [[new Permanent('a'), new Transient('b')], Transient],
    [[new Permanent('a'), new Conflict('b')], Transient],
    [[new Bug('a'), new Transient('b')], Transient],
    [[new Permanent('a'), new Permanent('b')], Permanent],
    [[new Permanent('a'), new Bug('b')], Bug],
    [[new Permanent('a'), new TypeError('b')], Bug],
  ])('given %j, then what is thrown says whether trying again may help', async (errors, kind) => {
    const thrown = await allOf(errors.map(fails)).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(kind);
    expect(thrown).toMatchObject({ message: '2 of 2 failed: a; b', cause: { errors } });
  });
});
