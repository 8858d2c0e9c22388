import type { ConcludedState, KeyRecord } from './idempotency-key.js';
import type { PaymentSession } from './payment.js';
import { UNAVAILABLE } from './provider-result.js';
import type { ProviderUnavailable } from './provider-result.js';

/** Result of a request to start a payment. `replayed`: an earlier request with the same key made the payment. */
export type StartPaymentResult =
  | { readonly kind: 'succeeded'; readonly payment: PaymentSession; readonly replayed: boolean }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'store-unavailable' }
  | ProviderUnavailable
  | { readonly kind: 'unknown'; readonly payment: PaymentSession }
  | { readonly kind: 'in-progress'; readonly retryAfterMs: number }
  /** `payment` had the key before, with another input or for another mutation; nothing was done. */
  | { readonly kind: 'key-reused'; readonly payment: PaymentSession }
  /** A rate limit is exceeded; nothing was done, and the key can be used again. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** `payment` has the same payer, amount and reference, and is recent; nothing was done, the key can be used again. */
  | { readonly kind: 'duplicate'; readonly payment: PaymentSession };

/** The result of a call that stops because the store is unavailable. */
export const STORE_UNAVAILABLE = { kind: 'store-unavailable' } as const;

/** Result of creating a payment link. Never unknown: a link that no client received is harmless. */
export type CreateLinkResult = Exclude<StartPaymentResult, { kind: 'unknown' }>;

/** The result that a concluded key has for a call. `replayed`: another call concluded the key. */
export function resultOf(
  { state, payment, releasedAs }: Pick<KeyRecord, 'payment' | 'releasedAs'> & { readonly state: ConcludedState },
  { replayed }: { readonly replayed: boolean },
): StartPaymentResult {
  switch (state) {
    case 'DONE':
      return { kind: 'succeeded', payment, replayed };
    case 'REFUSED':
      return { kind: 'rejected' };
    case 'UNKNOWN':
      return { kind: 'unknown', payment };
    case 'RELEASED':
      return releasedAs ?? UNAVAILABLE;
  }
}

/** Result of a cancellation. unknown: Flinks may have cancelled the payment; it keeps its status until an update. */
export type CancelPaymentResult =
  | { readonly kind: 'cancelled'; readonly payment: PaymentSession }
  | { readonly kind: 'not-cancellable' | 'unknown'; readonly payment: PaymentSession }
  | ProviderUnavailable
  | { readonly kind: 'not-found' }
  | { readonly kind: 'store-unavailable' };
