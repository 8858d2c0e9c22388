import type { PaymentLimits } from '../../src/domain/payment-limits.js';

export const UNLIMITED: PaymentLimits = {
  payments: undefined,
  emailsToPayer: undefined,
  amountToPayer: undefined,
  duplicateGuardMs: undefined,
};
