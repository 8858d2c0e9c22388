import { decimalText } from '../domain/money.js';
import { matchPayment } from '../domain/payment-matching.js';
import type { MatchResult } from '../domain/payment-matching.js';
import { addressIn } from '../domain/payment-mismatch.js';
import type { Mismatch, PaymentIdentity } from '../domain/payment-mismatch.js';
import { PAYMENT_SESSION_STATUSES, evaluateTransition } from '../domain/payment-status.js';
import type { PaymentSessionStatus } from '../domain/payment-status.js';
import { OTHER_AMOUNT, OTHER_AMOUNT_BY_REFERENCE } from '../domain/reconciliation.js';
import type { RowMatch, ReportRow } from '../domain/reconciliation.js';
import type { RowCandidate, RowResult } from '../store/contracts/reconciliation-store.js';
import type { StatusUpdateResult } from '../store/contracts/status-store.js';

const AMBIGUOUS = { kind: 'ambiguous' } as const;

const NO_MATCH = {
  paymentId: undefined,
  field: undefined,
  recordedValue: undefined,
  reportedValue: undefined,
  precedence: 0,
  isUpdate: false,
  isProven: false,
} as const;

/** Matches a row on its own, by the row and its candidates only. `candidates`: undefined when there are too many. */
export function matchRow(row: ReportRow, candidates: readonly RowCandidate[] | undefined): RowMatch {
  const identity = identityOf(row);
  const found = candidates === undefined ? AMBIGUOUS : matchPayment(identity, candidates);
  if (row.unreadable !== undefined) {
    const paymentId = found.kind === 'found' ? found.payment.id : undefined;
    const isProven = found.kind === 'found' && found.by === 'id';
    return { ...NO_MATCH, outcome: 'INVALID_ROW', field: row.unreadable, paymentId, isProven };
  }
  switch (found.kind) {
    case 'ambiguous':
      return { ...NO_MATCH, outcome: 'AMBIGUOUS' };
    case 'found':
      return { ...compare(row, found.payment), isProven: isProven(row, found) };
    case 'mismatched':
      return matchMismatched(row, found.payment, found.mismatch);
    case 'none':
    case 'orphaned':
      return matchByReference(row, identity, candidates ?? []);
  }
}

/** A reference and an amount may coincide with a stranger's in another system; a matching e-mail address does not. */
function isProven(
  { payer }: ReportRow,
  { payment, by }: Extract<MatchResult<RowCandidate>, { kind: 'found' }>,
): boolean {
  const address = payer.email && addressIn(payer.email.reveal());
  return by === 'id' || (address !== undefined && payment.customer.email !== undefined);
}

/** A row that matches no payment may belong to one with another amount, if the payer is the same. */
function matchByReference(row: ReportRow, identity: PaymentIdentity, candidates: readonly RowCandidate[]): RowMatch {
  const near = matchPayment({ ...identity, amountMinor: undefined }, candidates);
  if (near.kind !== 'found' || identity.email === undefined) return { ...NO_MATCH, outcome: 'MISSING_IN_GATEWAY' };
  return amountDiffers(row, near.payment, OTHER_AMOUNT_BY_REFERENCE);
}

/** Result of a row after its status update was applied. Other updates may have changed the payment in between. */
export function matchAfterUpdate({ status }: ReportRow, result: StatusUpdateResult | undefined): RowResult {
  // Mismatched: another id was recorded for the payment after the row was matched.
  if (result === undefined || result.effect === 'mismatched' || status === undefined)
    return { ...NO_MATCH, outcome: 'MISSING_IN_GATEWAY' };
  const { effect, payment } = result;
  const found = { ...NO_MATCH, paymentId: payment.id };
  if (effect === 'applied' || effect === 'overridden') return { ...found, outcome: 'LATE_UPDATE' };
  // Also when the conflicting status was recorded before, in which case the effect is stale.
  if (evaluateTransition(payment.status, status) !== 'conflicting') return { ...found, outcome: 'MATCHED' };
  return { ...found, outcome: 'STATUS_MISMATCH', ...statusDiffers(payment.status, status) };
}

/** The values of a row that identify its payment. */
export function identityOf(row: ReportRow): PaymentIdentity {
  const { paymentRequestId, referenceId, amountMinor, createdAt } = row;
  return { paymentRequestId, referenceId, amountMinor, createdAt, email: row.payer.email, sessionId: undefined };
}

/** Result for a row that identifies a payment by its id and contradicts it. */
function matchMismatched(
  row: ReportRow,
  payment: RowCandidate,
  { field, recordedValue, reportedValue }: Mismatch,
): RowMatch {
  if (field === 'AMOUNT') return { ...amountDiffers(row, payment, OTHER_AMOUNT), isProven: true };
  return { ...NO_MATCH, outcome: 'IDENTITY_MISMATCH', paymentId: payment.id, field, recordedValue, reportedValue };
}

function compare({ status }: ReportRow, payment: RowCandidate): RowMatch {
  if (status === undefined) throw new Error('a row without a status is invalid');
  const effect = evaluateTransition(payment.status, status);
  const match = { ...NO_MATCH, paymentId: payment.id, precedence: precedenceOf(status) };
  if (effect !== 'conflicting') return { ...match, outcome: 'MATCHED', isUpdate: effect !== 'stale' };
  return { ...match, outcome: 'STATUS_MISMATCH', isUpdate: true, ...statusDiffers(payment.status, status) };
}

function statusDiffers(recordedValue: PaymentSessionStatus, reportedValue: PaymentSessionStatus) {
  return { field: 'STATUS', recordedValue, reportedValue } as const;
}

/** Makes the row with the highest status count among rows that differ only by status. */
function precedenceOf(status: PaymentSessionStatus): number {
  return PAYMENT_SESSION_STATUSES.length - PAYMENT_SESSION_STATUSES.indexOf(status);
}

function amountDiffers({ amountMinor }: ReportRow, payment: RowCandidate, precedence: number): RowMatch {
  const reportedValue = amountMinor === undefined ? undefined : decimalText(amountMinor);
  const recordedValue = decimalText(payment.amount.amountMinor);
  return {
    ...NO_MATCH,
    outcome: 'AMOUNT_MISMATCH',
    paymentId: payment.id,
    field: 'AMOUNT',
    recordedValue,
    reportedValue,
    precedence,
  };
}
