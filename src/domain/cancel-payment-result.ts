import type { NotExecuted } from './outcome.js';
import type { PaymentSession } from './payment.js';

/**
 * Result of a cancellation. unknown: Flinks may have cancelled the payment; it keeps its status until a status update
 * arrives.
 */
export type CancelPaymentResult =
  | { readonly kind: 'cancelled'; readonly payment: PaymentSession }
  | { readonly kind: 'not-cancellable' | 'unknown'; readonly payment: PaymentSession }
  | NotExecuted
  | { readonly kind: 'not-found' | 'store-unavailable' };
