import { randomFillSync } from 'node:crypto';

const BLOCKS = 256;

/** Random bytes in blocks of one size, many of which are drawn at once: drawing few bytes takes as long. */
export class RandomBlocks {
  readonly #drawn: Buffer;
  #used: number;

  /** `size`: of a block, in bytes. */
  constructor(private readonly size: number) {
    this.#drawn = Buffer.alloc(BLOCKS * size);
    this.#used = this.#drawn.length;
  }

  /** Returns a block that no other call returns. Use it at once: later calls overwrite its memory. */
  next(): Buffer {
    if (this.#used === this.#drawn.length) {
      randomFillSync(this.#drawn);
      this.#used = 0;
    }
    return this.#drawn.subarray(this.#used, (this.#used += this.size));
  }
}
