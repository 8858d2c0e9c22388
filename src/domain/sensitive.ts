import { inspect } from 'node:util';

const MASK = '[sensitive]';

/**
 * A secret or personal value: a name, an e-mail address, a token, a password, Flinks's session id. Printed in any way
 * (template, JSON, console, logger, error), it shows only a mask. `reveal()` is the only access to the value: call it
 * where the value is sent to Flinks or to the client.
 */
export class Sensitive<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** Returns the value itself. */
  reveal(): T {
    return this.#value;
  }

  /** Returns a mask. */
  toString(): string {
    return MASK;
  }

  /** Returns a mask. */
  toJSON(): string {
    return MASK;
  }

  /** Returns a mask, for `console.log` and `util.inspect`. */
  [inspect.custom](): string {
    return MASK;
  }
}

/** Wraps a value that may be undefined. */
export function toSensitive<T>(value: T | undefined): Sensitive<T> | undefined {
  return value === undefined ? undefined : new Sensitive(value);
}
