interface StatusRow {
  readonly status: string;
  /** The gateway no longer polls the payment. An update that money has moved still overrides it. */
  readonly final: boolean;
  /** The money is certain to arrive. */
  readonly fundsGuaranteed: boolean;
}

/**
 * The statuses by rank, lowest first: an update applies only if its status ranks higher. CREATING and OUTCOME_UNKNOWN
 * exist only here, the others are Flinks's. OUTCOME_UNKNOWN: Flinks may or may not have executed a request. Statuses in
 * which money moved rank above all in which the payment ended unpaid. Source:
 * docs.flinks.com/api/pay/endpoints/e-transfer/get-payment-requests; that no status leads back to a lower one is
 * [inferred].
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

/** Status of a payment. */
export type PaymentSessionStatus = (typeof STATUSES)[number]['status'];

/** Every status, by ascending rank. */
export const PAYMENT_SESSION_STATUSES: readonly PaymentSessionStatus[] = STATUSES.map(({ status }) => status);

function rowOf(status: PaymentSessionStatus): StatusRow & { readonly rank: number } {
  const rank = PAYMENT_SESSION_STATUSES.indexOf(status);
  const row = STATUSES[rank];
  if (row === undefined) throw new Error(`no status is called ${status}`);
  return { ...row, rank };
}

/** Whether no further status update is expected, so that the gateway stops polling. */
export const isFinal = (status: PaymentSessionStatus): boolean => rowOf(status).final;
/** Whether the money is certain to arrive. */
export const areFundsGuaranteed = (status: PaymentSessionStatus): boolean => rowOf(status).fundsGuaranteed;

/** Statuses in which a payment has ended without money. */
export const UNPAID_FINAL_STATUSES = PAYMENT_SESSION_STATUSES.filter(
  (each) => isFinal(each) && !areFundsGuaranteed(each),
);

/** The statuses that rank lower than this one, and that an update to it replaces. */
export function statusesBelow(status: PaymentSessionStatus): readonly PaymentSessionStatus[] {
  return PAYMENT_SESSION_STATUSES.slice(0, rowOf(status).rank);
}

/**
 * The effect of a status update on a payment.
 * applied: the reported status ranks higher. overridden: it ranks higher although the current status was final.
 * conflicting: it says that the payment ended in a way that the current status rules out; it is recorded and changes
 * nothing. stale: it repeats the current status or arrived late.
 */
export type TransitionEffect = 'applied' | 'overridden' | 'conflicting' | 'stale';

/** Compares a reported status with the current one. Pure; the order in which updates arrive makes no difference. */
export function evaluateTransition(current: PaymentSessionStatus, reported: PaymentSessionStatus): TransitionEffect {
  const [from, to] = [rowOf(current), rowOf(reported)];
  if (to.rank > from.rank) return from.final ? 'overridden' : 'applied';
  return to.rank < from.rank && to.final ? 'conflicting' : 'stale';
}
