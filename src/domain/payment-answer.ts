import type { NotExecuted } from './outcome.js';
import type { PaymentSession } from './payment.js';

/** What a caller is told. `replayed`: this call made nothing, an earlier one with its key did. */
export type StartPaymentResult =
  | { readonly kind: 'done'; readonly payment: PaymentSession; readonly replayed: boolean }
  | { readonly kind: 'refused' }
  | NotExecuted
  | { readonly kind: 'unknown'; readonly payment: PaymentSession }
  | KeyReusedResult
  | { readonly kind: 'in-progress'; readonly retryAfterMs: number }
  | { readonly kind: 'store-unavailable' }
  | RateLimitedResult
  | DuplicateResult;

/** The key came with another input or another mutation before; nothing was done. */
export interface KeyReusedResult {
  readonly kind: 'key-reused';
  /** What the key stands for. */
  readonly payment: PaymentSession;
}

/** Too much in too short a time; nothing was done, and the key is free. */
export interface RateLimitedResult {
  readonly kind: 'rate-limited';
  readonly retryAfterMs: number;
}

/** The same was asked for a short time ago; nothing was done, and the key is free. */
export interface DuplicateResult {
  readonly kind: 'duplicate';
  /** The earlier one. */
  readonly payment: PaymentSession;
}

/** A link that was not handed out is harmless, so the answer to a creation is never unknown. */
export type CreateLinkResult = Exclude<StartPaymentResult, { kind: 'unknown' }>;
