import type { KeyState } from './idempotency-key.js';
import { Sensitive } from './sensitive.js';

/** A maximum within any period of the given length. */
export interface RateLimit {
  readonly limit: number;
  readonly periodMs: number;
}

/** Limits for each client; undefined: unlimited. Counted separately, so that none detects another's activity. */
export interface RateLimits {
  /** Number of payments, by link or e-mail. */
  readonly paymentsPerClient: RateLimit | undefined;
  /** Number of e-mails to one payer. */
  readonly emailsPerPayer: RateLimit | undefined;
  /** Total amount in minor units that one payer is asked for by e-mail. */
  readonly amountPerPayer: RateLimit | undefined;
  /** For how long a duplicate is rejected, in milliseconds. */
  readonly duplicateWindowMs: number | undefined;
}

/** Identifies a payer by client and e-mail address in any case, so that no client learns what another's payers do. */
export function payerKey(clientId: string, email: Sensitive<string>): Sensitive<string> {
  return new Sensitive(JSON.stringify([clientId, email.reveal().toLowerCase()]));
}

/**
 * A payment is a duplicate if the same payer was asked for the same amount, currency and reference a short time ago,
 * with another key and by any delivery method; but not if the earlier payment ended unpaid (UNPAID_FINAL_STATUSES) or
 * its key is in this state, so that it was never made.
 */
export const REPEATABLE_KEY_STATE: KeyState = 'RELEASED';
