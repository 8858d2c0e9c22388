import { Sensitive } from '../../domain/sensitive.js';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { DataKeys } from '../../store/encryption/data-keys.js';
import type { Fingerprint } from '../../domain/idempotency-key.js';
import type { PaymentRequest } from './payment-command.js';

/**
 * Ways to write down what a caller asked for, normalised, by number. What was stored under one is compared under it, so a form
 * is never changed: a new normalisation is a new form.
 */
const VERSIONS: Readonly<Record<number, (request: PaymentRequest) => string>> = {
  1: ({ customer, amount, referenceId, clientUrls }) =>
    JSON.stringify([
      ...[customer.userId, customer.name.reveal(), customer.email.reveal()],
      ...[amount.amountMinor, amount.currency, referenceId ?? null, clientUrls],
    ]),
};
const NEWEST_VERSION = 1;

/** Tells whether a repeated key comes with the same input, without keeping the input. */
export class Fingerprints {
  constructor(private readonly keys: DataKeys) {}

  compute(request: PaymentRequest): Fingerprint {
    return this.#write(request, NEWEST_VERSION, this.keys.newestId);
  }

  /** True when `stored` is of the same input. Throws `StoreUnavailable` when only a newer replica could tell. */
  matches({ mac, version: form, keyId }: Fingerprint, request: PaymentRequest): boolean {
    try {
      return this.#write(request, form, keyId).mac === mac;
    } catch (error) {
      throw new StoreUnavailableError(error);
    }
  }

  #write(request: PaymentRequest, version: number, keyId: string): Fingerprint {
    const text = VERSIONS[version]?.(request);
    if (text === undefined) throw new Error(`a newer release wrote a fingerprint of form ${version}`);
    return { mac: this.keys.mac(keyId, new Sensitive(text)), version: version, keyId };
  }
}
