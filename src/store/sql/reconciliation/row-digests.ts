import type { Sensitive } from '../../../domain/sensitive.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Import } from '../../contracts/reconciliation-store.js';

const HEX_DIGITS = 32;

/** What tells whether two rows, or the rows of two files, are the same. Keyed: rows name people. */
export class RowDigests {
  /** Of each import under way the sum over its rows, which their order does not change. */
  readonly #sums = new Map<number, bigint>();

  constructor(private readonly keys: DataKeys) {}

  /** The key of the file before, since only digests of one key can be compared; else the newest. */
  keyFor(before: string | undefined): string {
    return before !== undefined && this.keys.ids.includes(before) ? before : this.keys.newestId;
  }

  /** Ids of removed imports may come again. */
  begin({ id }: Import): void {
    this.#sums.set(id, 0n);
  }

  add({ id, digestKeyId }: Import, content: Sensitive<string>): string {
    const digest = Buffer.from(this.keys.mac(digestKeyId, content), 'base64').toString('hex').slice(0, HEX_DIGITS);
    this.#sums.set(id, this.#sumOf(id) + BigInt(`0x${digest}`));
    return digest;
  }

  ofAll({ id }: Import): string {
    return BigInt.asUintN(HEX_DIGITS * 4, this.#sumOf(id)).toString(16);
  }

  #sumOf(id: number): bigint {
    return this.#sums.get(id) ?? 0n;
  }
}
