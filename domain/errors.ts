/**
 * The four ways something can go wrong that is not an expected "no". Each message says what was
 * tried, on what, and what to do next. Expected refusals are values, never errors.
 */

/** Trying again later may work: a throttle, a timeout, an outage. */
export class Transient extends Error {
  override readonly name = 'Transient';
}

/** Whoever was asked is asked too often, and says when it may be asked again. */
export class Throttled extends Transient {
  readonly retryAfterMillis: number;

  constructor(retryAfterMillis: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMillis = retryAfterMillis;
  }
}

/**
 * An account does not let Keyturn in. It may any minute, once somebody has mended its roles; until
 * then it is this account alone that has to wait.
 */
export class NotLetIn extends Transient {
  readonly account: string;

  constructor(account: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.account = account;
  }
}

/** Trying again cannot work: a person has to change something first. */
export class Permanent extends Error {
  override readonly name = 'Permanent';
}

/** Somebody else changed the same thing first: reload it and decide again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** A promise of this code is broken. Never caught to go on. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** For the `default` of an exhaustive switch: compiling proves that it is never reached. */
export function unreachable(value: never): never {
  throw new Bug(`unexpected value ${JSON.stringify(value)}`);
}

/** The text of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
