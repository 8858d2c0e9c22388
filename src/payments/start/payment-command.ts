import type { PaymentDetails } from '../../domain/payment.js';

/** A payment as the caller asked for it: valid and normalised, with or without a reference. */
export type PaymentRequest = Omit<PaymentDetails, 'referenceId'> & { readonly referenceId: string | undefined };

/** One call of a mutation. Repeats of it have the same caller, key and request, and may differ in what they allow. */
export interface PaymentCommand {
  readonly clientId: string;
  readonly idempotencyKey: string;
  /** A person wants it although it may look like a repeat of an earlier payment. */
  readonly allowDuplicate: boolean;
  readonly request: PaymentRequest;
}
