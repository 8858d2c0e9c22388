import type { NotExecuted } from './outcome.js';
import type { PaymentSession } from './payment.js';

/** What a caller is told of a cancellation. unknown: Flinks may have cancelled; the payment keeps its status until news tell. */
export type CancelPaymentResult =
  | { readonly kind: 'cancelled'; readonly payment: PaymentSession }
  | { readonly kind: 'not-cancellable' | 'unknown'; readonly payment: PaymentSession }
  | NotExecuted
  | { readonly kind: 'not-found' | 'store-unavailable' };
