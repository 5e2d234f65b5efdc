/**
 * Chance that follows from a seed: the same seed and the same questions in the same order give the
 * same answers. Streams split off by name do not disturb each other.
 */
import { hash } from 'node:crypto';

export interface Dice {
  /** From 0 up to 1. */
  fraction(): number;
  chance(probability: number): boolean;
  /** A whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number;
  /** One of a list that is not empty. */
  pick<T>(from: readonly T[]): T;
  /** Dice of their own, for something of that name. */
  split(name: string): Dice;
}

/** The dice of a seed. */
export function diceOf(seed: string): Dice {
  let state = Number.parseInt(hash('sha256', seed, 'hex').slice(0, 8), 16);
  /** Mulberry32: small, fast, and even enough for this. */
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number =>
    least + Math.floor(fraction() * (most - least + 1));
  return {
    fraction,
    chance: (probability) => fraction() < probability,
    between,
    pick: (from) => {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    split: (name) => diceOf(`${seed}/${name}`),
  };
}
