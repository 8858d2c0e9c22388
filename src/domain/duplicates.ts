import type { KeyState } from './idempotency-key.js';

// A payment is a duplicate when the same payer was asked for the same amount, in the same currency and for the same
// reference, a short time ago, with another key and by whichever delivery method. An earlier payment
// that has ended unpaid (UNPAID_FINAL_STATUSES), or that was never made, may be followed by another one all the same.

/** An earlier payment whose key is in this state was never made. */
export const REPEATABLE_KEY_STATE: KeyState = 'RELEASED';
