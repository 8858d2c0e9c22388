import { decimalText } from '../domain/money.js';
import type { PaymentSession } from '../domain/payment.js';
import { matchPayment } from '../domain/payment-matching.js';
import type { MatchCandidate, MatchResult } from '../domain/payment-matching.js';
import { addressIn } from '../domain/payment-mismatch.js';
import type { Mismatch, PaymentIdentity } from '../domain/payment-mismatch.js';
import { PAYMENT_SESSION_STATUSES, evaluateTransition } from '../domain/payment-status.js';
import type { PaymentSessionStatus } from '../domain/payment-status.js';
import { OTHER_AMOUNT, OTHER_AMOUNT_BY_REFERENCE } from '../domain/reconciliation.js';
import type { RowMatch, ReportRow } from '../domain/reconciliation.js';
import type { RowResult } from '../store/contracts/reconciliation-store.js';
import type { StatusUpdateResult } from '../store/contracts/status-store.js';

const AMBIGUOUS = { kind: 'ambiguous' } as const;

const NOTHING = {
  paymentId: undefined,
  field: undefined,
  recordedValue: undefined,
  reportedValue: undefined,
  precedence: 0,
  isUpdate: false,
  isProven: false,
} as const;

/**
 * What a row says when it is looked at alone: it depends on nothing but the row and the payments that it may mean. `candidates`
 * are undefined when there are too many.
 */
export function matchRow(row: ReportRow, candidates: readonly MatchCandidate[] | undefined): RowMatch {
  const identity = identityOf(row);
  const found = candidates === undefined ? AMBIGUOUS : matchPayment(identity, candidates);
  if (row.unreadable !== undefined) {
    const paymentId = found.kind === 'found' ? found.payment.id : undefined;
    const isProven = found.kind === 'found' && found.by === 'id';
    return { ...NOTHING, outcome: 'INVALID_ROW', field: row.unreadable, paymentId, isProven };
  }
  switch (found.kind) {
    case 'ambiguous':
      return { ...NOTHING, outcome: 'AMBIGUOUS' };
    case 'found':
      return { ...compare(row, found.payment), isProven: isProven(row, found) };
    case 'mismatched':
      return misfit(row, found.payment, found.mismatch);
    case 'none':
    case 'orphaned':
      return matchByReference(row, identity, candidates ?? []);
  }
}

/** A reference and an amount may be a stranger's as well, who pays another system; an address that fits tells them apart. */
function isProven({ payer }: ReportRow, { payment, by }: Extract<MatchResult, { kind: 'found' }>): boolean {
  const address = payer.email && addressIn(payer.email.reveal());
  return by === 'id' || (address !== undefined && payment.customer.email !== undefined);
}

/** A row that fits no payment may be of one with another amount, where the payer is the same. */
function matchByReference(row: ReportRow, identity: PaymentIdentity, candidates: readonly MatchCandidate[]): RowMatch {
  const near = matchPayment({ ...identity, amountMinor: undefined }, candidates);
  if (near.kind !== 'found' || identity.email === undefined) return { ...NOTHING, outcome: 'MISSING_IN_GATEWAY' };
  return amountDiffers(row, near.payment, OTHER_AMOUNT_BY_REFERENCE);
}

/** What a row came to after its payment was told. News that others told meanwhile may have changed it. */
export function matchAfterUpdate({ status }: ReportRow, result: StatusUpdateResult | undefined): RowResult {
  // Mismatched: the payment has learnt of another id since the row was judged.
  if (result === undefined || result.effect === 'mismatched' || status === undefined)
    return { ...NOTHING, outcome: 'MISSING_IN_GATEWAY' };
  const { effect, payment } = result;
  const found = { ...NOTHING, paymentId: payment.id };
  if (effect === 'applied' || effect === 'overridden') return { ...found, outcome: 'LATE_UPDATE' };
  // Also when it was kept before, which is no news.
  if (evaluateTransition(payment.status, status) !== 'conflicting') return { ...found, outcome: 'MATCHED' };
  return { ...found, outcome: 'STATUS_MISMATCH', ...statusDiffers(payment.status, status) };
}

export function identityOf(row: ReportRow): PaymentIdentity {
  const { paymentRequestId, referenceId, amountMinor, createdAt } = row;
  return { paymentRequestId, referenceId, amountMinor, createdAt, email: row.payer.email, sessionId: undefined };
}

/** A row that names a payment by its id and says of it what cannot be true. */
function misfit(row: ReportRow, payment: PaymentSession, { field, recordedValue, reportedValue }: Mismatch): RowMatch {
  if (field === 'AMOUNT') return { ...amountDiffers(row, payment, OTHER_AMOUNT), isProven: true };
  return { ...NOTHING, outcome: 'IDENTITY_MISMATCH', paymentId: payment.id, field, recordedValue, reportedValue };
}

function compare({ status }: ReportRow, payment: PaymentSession): RowMatch {
  if (status === undefined) throw new Error('a row without a status is unreadable');
  const effect = evaluateTransition(payment.status, status);
  const match = { ...NOTHING, paymentId: payment.id, precedence: precedenceOf(status) };
  if (effect !== 'conflicting') return { ...match, outcome: 'MATCHED', isUpdate: effect !== 'stale' };
  return { ...match, outcome: 'STATUS_MISMATCH', isUpdate: true, ...statusDiffers(payment.status, status) };
}

function statusDiffers(recordedValue: PaymentSessionStatus, reportedValue: PaymentSessionStatus) {
  return { field: 'STATUS', recordedValue, reportedValue } as const;
}

/** Of rows that agree but for the status, the one that knows most. */
function precedenceOf(status: PaymentSessionStatus): number {
  return PAYMENT_SESSION_STATUSES.length - PAYMENT_SESSION_STATUSES.indexOf(status);
}

function amountDiffers({ amountMinor }: ReportRow, payment: PaymentSession, precedence: number): RowMatch {
  const reportedValue = amountMinor === undefined ? undefined : decimalText(amountMinor);
  const recordedValue = decimalText(payment.amount.amountMinor);
  return {
    ...NOTHING,
    outcome: 'AMOUNT_MISMATCH',
    paymentId: payment.id,
    field: 'AMOUNT',
    recordedValue,
    reportedValue,
    precedence,
  };
}
