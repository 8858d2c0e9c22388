import type { PaymentDetails } from '../../domain/payment.js';

/** A payment as requested by a client: valid and normalised, with or without a reference. */
export type PaymentRequest = Omit<PaymentDetails, 'referenceId'> & { readonly referenceId: string | undefined };

/**
 * One call of a payment mutation. Repeats of a call have the same client, key and request, but may differ in
 * `allowDuplicate`.
 */
export interface PaymentCommand {
  readonly clientId: string;
  readonly idempotencyKey: string;
  /** A person confirmed the payment although it may look like a repeat of an earlier one. */
  readonly allowDuplicate: boolean;
  readonly request: PaymentRequest;
}
