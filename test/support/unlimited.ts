import type { RateLimits } from '../../src/domain/rate-limits.js';

export const UNLIMITED: RateLimits = {
  paymentsPerClient: undefined,
  emailsPerPayer: undefined,
  amountPerPayer: undefined,
  duplicateWindowMs: undefined,
};
