/** So many, or so much, in any stretch of time of this length. */
export interface RateLimit {
  readonly limit: number;
  readonly periodMs: number;
}

/** What a caller may ask for; undefined: as much as it likes. Callers are counted apart, so that none learns what another does. */
export interface RateLimits {
  /** Payments, by link or e-mail. */
  readonly paymentsPerClient: RateLimit | undefined;
  /** E-mails to one payer. */
  readonly emailsPerPayer: RateLimit | undefined;
  /** Minor units that one payer is asked for by e-mail. */
  readonly amountPerPayer: RateLimit | undefined;
  /** How long a payment of the same payer, amount and reference is taken for a mistake. */
  readonly duplicateWindowMs: number | undefined;
}
