import { Sensitive } from '../../domain/sensitive.js';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { DataKeys } from '../../store/encryption/data-keys.js';
import type { Fingerprint } from '../../domain/idempotency-key.js';
import type { PaymentRequest } from './payment-command.js';

/**
 * Ways to serialize a normalised request, by version number. A stored fingerprint is compared in its own version, so a
 * version never changes: a new normalisation is a new version.
 */
const VERSIONS: Readonly<Record<number, (request: PaymentRequest) => string>> = {
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
  compute(request: PaymentRequest): Fingerprint {
    return this.#write(request, NEWEST_VERSION, this.keys.newestId);
  }

  /**
   * Whether `stored` is a fingerprint of this request. Throws `StoreUnavailableError` if only a newer replica can
   * decide, because this one does not know its version or data key.
   */
  matches({ mac, version, keyId }: Fingerprint, request: PaymentRequest): boolean {
    try {
      return this.#write(request, version, keyId).mac === mac;
    } catch (error) {
      throw new StoreUnavailableError(error);
    }
  }

  #write(request: PaymentRequest, version: number, keyId: string): Fingerprint {
    const text = VERSIONS[version]?.(request);
    if (text === undefined) throw new Error(`a newer release wrote a fingerprint of version ${version}`);
    return { mac: this.keys.mac(keyId, new Sensitive(text)), version, keyId };
  }
}
