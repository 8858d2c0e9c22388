import type { Fingerprint } from '../../domain/idempotency-key.js';
import type { RequestedPayment } from '../../domain/payment.js';
import { Sensitive } from '../../domain/sensitive.js';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { DataKeys } from '../../store/encryption/data-keys.js';

/**
 * Ways to serialize a normalized request, by version number. A stored fingerprint is compared in its own version, so a
 * version never changes: a new normalization is a new version.
 */
const VERSIONS: Readonly<Record<number, (request: RequestedPayment) => string>> = {
  1: ({ customer, amount, referenceId, clientUrls }) =>
    JSON.stringify([
      ...[customer.userId, customer.name.reveal(), customer.email.reveal()],
      ...[amount.amountMinor, amount.currency, referenceId ?? null, clientUrls],
    ]),
};
const NEWEST_VERSION = 1;

/** Detects whether a repeated idempotency key comes with the same input, without storing the input. */
export class Fingerprints {
  constructor(private readonly keys: DataKeys) {}

  /** Computes a request's fingerprint with the newest version and data key. */
  compute(request: RequestedPayment): Fingerprint {
    const keyId = this.keys.newestId;
    return { mac: this.#mac(request, NEWEST_VERSION, keyId), version: NEWEST_VERSION, keyId };
  }

  /**
   * Whether `stored` is a fingerprint of this request. Throws `StoreUnavailableError` if only a newer replica can
   * decide, because this one does not know its version or data key.
   */
  matches({ mac, version, keyId }: Fingerprint, request: RequestedPayment): boolean {
    try {
      return this.#mac(request, version, keyId) === mac;
    } catch (error) {
      throw new StoreUnavailableError(error);
    }
  }

  #mac(request: RequestedPayment, version: number, keyId: string): string {
    const text = VERSIONS[version]?.(request);
    if (text === undefined) throw new Error(`a newer release wrote a fingerprint of version ${version}`);
    return this.keys.mac(keyId, new Sensitive(text));
  }
}
