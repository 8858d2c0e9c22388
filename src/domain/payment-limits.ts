/** So many, or so much, in any stretch of time of this length. */
export interface RateLimit {
  readonly most: number;
  readonly periodMs: number;
}

/** What a caller may ask for; undefined: as much as it likes. Callers are counted apart, so that none learns what another does. */
export interface PaymentLimits {
  /** Payments, by link or e-mail. */
  readonly payments: RateLimit | undefined;
  /** E-mails to one payer. */
  readonly emailsToPayer: RateLimit | undefined;
  /** Minor units that one payer is asked for by e-mail. */
  readonly amountToPayer: RateLimit | undefined;
  /** How long a payment of the same payer, amount and reference is taken for a mistake. */
  readonly duplicateGuardMs: number | undefined;
}
