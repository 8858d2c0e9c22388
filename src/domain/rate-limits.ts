/** A maximum within any period of the given length. */
export interface RateLimit {
  readonly limit: number;
  readonly periodMs: number;
}

/**
 * Limits for each client; undefined: unlimited. Clients are counted separately, so that none can detect another's
 * activity.
 */
export interface RateLimits {
  /** Number of payments, by link or e-mail. */
  readonly paymentsPerClient: RateLimit | undefined;
  /** Number of e-mails to one payer. */
  readonly emailsPerPayer: RateLimit | undefined;
  /** Total amount in minor units that one payer is asked for by e-mail. */
  readonly amountPerPayer: RateLimit | undefined;
  /** For how long another payment with the same payer, amount and reference is rejected as a duplicate. */
  readonly duplicateWindowMs: number | undefined;
}
