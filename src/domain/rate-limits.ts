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
