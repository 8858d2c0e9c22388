import type { ProviderUnavailable } from './provider-result.js';
import type { PaymentSession } from './payment.js';

/**
 * Result of a cancellation. unknown: Flinks may have cancelled the payment; it keeps its status until a status update
 * arrives.
 */
export type CancelPaymentResult =
  | { readonly kind: 'cancelled'; readonly payment: PaymentSession }
  | { readonly kind: 'not-cancellable' | 'unknown'; readonly payment: PaymentSession }
  | ProviderUnavailable
  | { readonly kind: 'not-found' | 'store-unavailable' };
