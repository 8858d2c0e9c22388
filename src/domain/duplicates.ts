import type { KeyState } from './idempotency-key.js';
import { UNPAID_FINAL_STATUSES } from './payment-status.js';
import type { PaymentSessionStatus } from './payment-status.js';

// A payment is a duplicate when the same payer was asked for the same amount, in the same currency and for the same
// reference, a short time ago, with another key and by whichever delivery method. Two kinds of earlier payments may be
// followed by another one all the same.

/** An earlier payment with one of these statuses was not paid, and cannot be any more. */
export const REPEATABLE_STATUSES: readonly PaymentSessionStatus[] = UNPAID_FINAL_STATUSES;

/** An earlier payment whose key is in this state was never made. */
export const REPEATABLE_KEY_STATE: KeyState = 'RELEASED';
