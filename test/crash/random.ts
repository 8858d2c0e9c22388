/** Random choices that a seed repeats. Each actor has its own `fork`, so that none changes the choices of another. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  fork(): Random {
    return new Random(this.integer(0, 0xffff_ffff));
  }

  /** A number in [0, 1), by the algorithm mulberry32. */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number between `from` and `to`, inclusive. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.number() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.number() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)] as T;
  }

  /** Yields the elements in random order without end, each of them once in every pass. */
  *shuffled<T>(list: readonly T[]): Generator<T, never> {
    for (;;) {
      const left = [...list];
      while (left.length > 0) yield* left.splice(this.integer(0, left.length - 1), 1);
    }
  }
}
