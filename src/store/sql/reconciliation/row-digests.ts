import type { Sensitive } from '../../../domain/sensitive.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Import } from '../../contracts/reconciliation-store.js';

const HEX_DIGITS = 32;

/** Digests of rows, by which equal rows and equal files are recognized. Keyed, because rows name people. */
export class RowDigests {
  /** For each import in progress the sum of its rows' digests, which does not depend on their order. */
  readonly #sums = new Map<number, bigint>();

  constructor(private readonly keys: DataKeys) {}

  /** Data key for an import: the previous one's if available, as digests compare under one key only; else the newest. */
  keyFor(before: string | undefined): string {
    return before !== undefined && this.keys.ids.includes(before) ? before : this.keys.newestId;
  }

  /** Starts the sum of an import at zero. The ids of removed imports may be assigned again. */
  begin({ id }: Import): void {
    this.#sums.set(id, 0n);
  }

  /** Returns the digest of a row, and adds it to the sum of its import. */
  add({ id, digestKeyId }: Import, content: Sensitive<string>): string {
    const digest = this.keys.mac(digestKeyId, content, 'hex').slice(0, HEX_DIGITS);
    this.#sums.set(id, this.#sumOf(id) + BigInt(`0x${digest}`));
    return digest;
  }

  /** The digest of all rows that were added to an import, in any order. */
  ofAll({ id }: Import): string {
    return BigInt.asUintN(HEX_DIGITS * 4, this.#sumOf(id)).toString(16);
  }

  #sumOf(id: number): bigint {
    return this.#sums.get(id) ?? 0n;
  }
}
