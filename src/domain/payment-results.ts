import type { PaymentSession } from './payment.js';
import type { ProviderUnavailable } from './provider-result.js';

/** Result of a request to start a payment. `replayed`: an earlier request with the same key made the payment. */
export type StartPaymentResult =
  | { readonly kind: 'succeeded'; readonly payment: PaymentSession; readonly replayed: boolean }
  | { readonly kind: 'rejected' }
  | ProviderUnavailable
  | { readonly kind: 'unknown'; readonly payment: PaymentSession }
  | KeyReusedResult
  | { readonly kind: 'in-progress'; readonly retryAfterMs: number }
  | { readonly kind: 'store-unavailable' }
  | RateLimitedResult
  | DuplicateResult;

/** The key was used before with another input or for another mutation; nothing was done. */
export interface KeyReusedResult {
  readonly kind: 'key-reused';
  /** The payment that the key was used for. */
  readonly payment: PaymentSession;
}

/** A rate limit is exceeded; nothing was done, and the key can be used again. */
export interface RateLimitedResult {
  readonly kind: 'rate-limited';
  readonly retryAfterMs: number;
}

/**
 * A payment with the same payer, amount and reference was requested a short time ago; nothing was done, and the key can
 * be used again.
 */
export interface DuplicateResult {
  readonly kind: 'duplicate';
  /** The earlier payment. */
  readonly payment: PaymentSession;
}

/** Result of creating a payment link. Never unknown: a link that no client received is harmless. */
export type CreateLinkResult = Exclude<StartPaymentResult, { kind: 'unknown' }>;

/**
 * Result of a cancellation. unknown: Flinks may have cancelled the payment; it keeps its status until a status update
 * arrives.
 */
export type CancelPaymentResult =
  | { readonly kind: 'cancelled'; readonly payment: PaymentSession }
  | { readonly kind: 'not-cancellable' | 'unknown'; readonly payment: PaymentSession }
  | ProviderUnavailable
  | { readonly kind: 'not-found' }
  | { readonly kind: 'store-unavailable' };
