import { isSameId } from '../domain/id-key.js';
import type { PaymentSession as DomainPaymentSession, PaymentSessionEvent as DomainEvent } from '../domain/payment.js';
import type {
  ReconciliationException as DomainException,
  ReportRow,
  RowExceptionKind,
} from '../domain/reconciliation.js';
import { PaymentSessionEvent } from './payment-event.type.js';
import { PaymentSession } from './payment-session.type.js';
import * as members from './reconciliation-exception.union.js';
import type { ReconciliationException } from './reconciliation-exception.union.js';
import { ReconciliationRow } from './reconciliation-row.type.js';

const ROW_MEMBERS = {
  MISSING_HERE: members.MissingHereException,
  AMOUNT_DIFFERS: members.AmountDiffersException,
  IDENTITY_DIFFERS: members.IdentityDiffersException,
  STATUS_DIFFERS: members.StatusDiffersException,
  DUPLICATE_ROW: members.DuplicateRowException,
  UNREADABLE_ROW: members.UnreadableRowException,
  AMBIGUOUS: members.AmbiguousRowException,
} as const satisfies Readonly<Record<RowExceptionKind, unknown>>;

/** What an exception is about, where the caller may see it. */
export interface Concerned {
  readonly payment: DomainPaymentSession | undefined;
  readonly events: readonly DomainEvent[];
}

/** The member of the union for an exception. */
export function toException(
  exception: DomainException,
  { payment, events }: Concerned,
): typeof ReconciliationException {
  const { field = null, ours = null, theirs = null } = exception;
  const told = { paymentSession: payment === undefined ? null : PaymentSession.of(payment), field, ours, theirs };
  switch (exception.kind) {
    case 'MISSING_THERE':
      return Object.assign(new members.MissingThereException(), told);
    case 'CONTRADICTING_STATUS': {
      const event = events.find(({ number }) => number === exception.eventNumber);
      const said = event === undefined ? null : PaymentSessionEvent.of(event);
      return Object.assign(new members.ContradictingStatusException(), { ...told, event: said });
    }
    case 'UPDATE_MISMATCH': {
      const { source, at } = exception;
      return Object.assign(new members.UpdateMismatchException(), { ...told, source, at });
    }
    default: {
      const row = ReconciliationRow.of(inClientsWords(exception.row, payment));
      return Object.assign(new ROW_MEMBERS[exception.kind](), { ...told, row });
    }
  }
}

/** A row as the client of its payment knows it: without the suffix by which Flinks tells clients apart. */
function inClientsWords(row: ReportRow, payment: DomainPaymentSession | undefined): ReportRow {
  const { referenceId } = row;
  if (payment === undefined || referenceId === undefined) return row;
  return isSameId(referenceId, payment.upstreamReferenceId) ? { ...row, referenceId: payment.referenceId } : row;
}
