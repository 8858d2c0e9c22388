import { isSameId } from '../../domain/ids.js';
import type {
  PaymentSession as DomainPaymentSession,
  PaymentSessionEvent as DomainEvent,
} from '../../domain/payment.js';
import type {
  ReconciliationException as DomainException,
  ReportRow,
  RowExceptionKind,
} from '../../domain/reconciliation.js';
import { PaymentSessionEvent } from '../payment/payment-session-event.type.js';
import { PaymentSession } from '../payment/payment-session.type.js';
import * as members from './reconciliation-exception.union.js';
import type { ReconciliationException } from './reconciliation-exception.union.js';
import { instance } from '../typegraphql.js';
import { ReconciliationRow } from './reconciliation-row.type.js';

const ROW_MEMBERS = {
  MISSING_IN_GATEWAY: members.MissingInGatewayException,
  AMOUNT_MISMATCH: members.AmountMismatchException,
  IDENTITY_MISMATCH: members.IdentityMismatchException,
  STATUS_MISMATCH: members.StatusMismatchException,
  DUPLICATE_ROW: members.DuplicateRowException,
  INVALID_ROW: members.InvalidRowException,
  AMBIGUOUS: members.AmbiguousRowException,
} as const satisfies Readonly<Record<RowExceptionKind, unknown>>;

/**
 * Converts an exception of the domain to the member of the union. `payment` and `events` are those of its payment;
 * undefined and empty when the client may not see it.
 */
export function toException(
  exception: DomainException,
  payment: DomainPaymentSession | undefined,
  events: readonly DomainEvent[],
): typeof ReconciliationException {
  const { field, recordedValue, reportedValue } = exception;
  const paymentSession = payment && PaymentSession.of(payment);
  const difference = { paymentSession, field, recordedValue, reportedValue };
  switch (exception.kind) {
    case 'MISSING_IN_FILE':
      return instance(members.MissingInFileException, { paymentSession });
    case 'CONFLICTING_STATUS': {
      const found = events.find(({ number }) => number === exception.eventNumber);
      const event = found && PaymentSessionEvent.of(found);
      return instance(members.ConflictingStatusException, { ...difference, event });
    }
    case 'UPDATE_MISMATCH': {
      const { source, at: recordedAt } = exception;
      return instance(members.UpdateMismatchException, { ...difference, source, recordedAt });
    }
    default: {
      const row = ReconciliationRow.of(withClientReference(exception.row, payment));
      return Object.assign(new ROW_MEMBERS[exception.kind](), { ...difference, row });
    }
  }
}

/** Replaces the reference by the one that the client sent, without the suffix that makes it unique at Flinks. */
function withClientReference(row: ReportRow, payment: DomainPaymentSession | undefined): ReportRow {
  const { referenceId } = row;
  if (payment === undefined || referenceId === undefined) return row;
  return isSameId(referenceId, payment.upstreamReferenceId) ? { ...row, referenceId: payment.referenceId } : row;
}
