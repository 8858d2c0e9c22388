import type { KeyState } from './idempotency-key.js';

/**
 * A payment is a duplicate if the same payer was asked for the same amount, currency and reference a short time ago,
 * with another key and by any delivery method; but not if the earlier payment ended unpaid (UNPAID_FINAL_STATUSES) or
 * its key is in this state, so that it was never made.
 */
export const REPEATABLE_KEY_STATE: KeyState = 'RELEASED';
