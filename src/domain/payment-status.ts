interface StatusRow {
  readonly status: string;
  /** No news is expected any more, so nobody asks. Word that money moved still overtakes it. */
  readonly final: boolean;
  /** The money is certain to come. */
  readonly fundsGuaranteed: boolean;
}

/**
 * Where a payment may stand, in the order in which news overtake each other. CREATING and OUTCOME_UNKNOWN are ours, the rest are
 * Flinks's words. OUTCOME_UNKNOWN: a call to Flinks may or may not have been executed. Money that moved ranks above every way not to pay.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/get-payment-requests; that no word leads back is [inferred].
 */
const STATUSES = [
  { status: 'CREATING', final: false, fundsGuaranteed: false },
  { status: 'OUTCOME_UNKNOWN', final: false, fundsGuaranteed: false },
  { status: 'INITIATED', final: false, fundsGuaranteed: false },
  { status: 'PROCESSING', final: false, fundsGuaranteed: false },
  { status: 'EXPIRED', final: true, fundsGuaranteed: false },
  { status: 'CANCELLED', final: true, fundsGuaranteed: false },
  { status: 'DECLINED', final: true, fundsGuaranteed: false },
  { status: 'FAILED', final: true, fundsGuaranteed: false },
  { status: 'ACCEPTED', final: false, fundsGuaranteed: true },
  { status: 'PROCESSED', final: false, fundsGuaranteed: true },
  { status: 'SETTLED', final: true, fundsGuaranteed: true },
] as const satisfies readonly StatusRow[];

export type PaymentSessionStatus = (typeof STATUSES)[number]['status'];

/** Those in which a payment is over and no money came. */
export const UNPAID_FINAL_STATUSES: readonly PaymentSessionStatus[] = STATUSES.filter(
  ({ final, fundsGuaranteed }) => final && !fundsGuaranteed,
).map(({ status }) => status);

/** Every status, the lowest rank first. */
export const PAYMENT_SESSION_STATUSES: readonly PaymentSessionStatus[] = STATUSES.map(({ status }) => status);

const ROWS = new Map<PaymentSessionStatus, StatusRow & { readonly rank: number }>(
  STATUSES.map((row, rank) => [row.status, { ...row, rank }]),
);

function rowOf(status: PaymentSessionStatus): StatusRow & { readonly rank: number } {
  const row = ROWS.get(status);
  if (row === undefined) throw new Error(`no status is called ${status}`);
  return row;
}

export function isFinal(status: PaymentSessionStatus): boolean {
  return rowOf(status).final;
}

export function areFundsGuaranteed(status: PaymentSessionStatus): boolean {
  return rowOf(status).fundsGuaranteed;
}

/** The statuses that word of this one overtakes. */
export function statusesBelow(status: PaymentSessionStatus): readonly PaymentSessionStatus[] {
  return PAYMENT_SESSION_STATUSES.slice(0, rowOf(status).rank);
}

/**
 * What word of a status does to a payment.
 * moved: it ranks higher. overtook: it does as well, although the payment was over. contradicted: the payment is said to be over
 * in a way that it cannot be, so the word is kept and moves nothing. known: it is no news, or late.
 */
export type TransitionEffect = 'applied' | 'overridden' | 'conflicting' | 'stale';

/** Pure, and the same in the end for any order of words. */
export function evaluateTransition(current: PaymentSessionStatus, reported: PaymentSessionStatus): TransitionEffect {
  const [from, to] = [rowOf(current), rowOf(reported)];
  if (to.rank > from.rank) return from.final ? 'overridden' : 'applied';
  return to.rank < from.rank && to.final ? 'conflicting' : 'stale';
}
