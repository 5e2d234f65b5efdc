/**
 * A value that must not get out by accident. What prints, joins, logs or serialises a Sealed gets
 * `(sealed)`; only `reveal()` gives the value, so every place that sees it can be found by name.
 */
export class Sealed {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value. Call it where the value leaves for its one destination, and nowhere else. */
  reveal(): string {
    return this.#value;
  }

  /** Whether both hold the same value. */
  equals(other: Sealed): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return '(sealed)';
  }

  toJSON(): string {
    return '(sealed)';
  }
}
