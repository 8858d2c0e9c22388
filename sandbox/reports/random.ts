/** Random choices that are the same for the same 32-bit seed (mulberry32). */
export class Random {
  constructor(private seed: number) {}

  /** A whole number from 0 to `limit` - 1. */
  integer(limit: number): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** A shuffled copy. */
  shuffled<Value>(values: readonly Value[]): Value[] {
    const keyed = values.map((value) => ({ value, key: this.integer(2 ** 32) }));
    return keyed.sort((one, other) => one.key - other.key).map(({ value }) => value);
  }

  /** A UUID. */
  uuid(): string {
    return '00000000-0000-4000-8000-000000000000'.replace(/0/g, () => this.integer(16).toString(16));
  }
}
