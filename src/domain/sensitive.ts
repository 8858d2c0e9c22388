import { inspect } from 'node:util';

const MASK = '[sensitive]';

/**
 * A secret or personal datum: a name, an e-mail, a token, a password, Flinks's session id.
 * However it is printed (template, JSON, console, logger, error) only a mask comes out.
 * `reveal()` is the single way to the value: call it where the value leaves for Flinks or for the caller.
 */
export class Sensitive<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
