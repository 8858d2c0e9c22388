import { plusCents } from '../amounts.js';
import type { FaultKind } from './query.js';
import type { Random } from './random.js';
import { fields, type Field, type PaymentRow, type Row } from './rows.js';

/**
 * A fault in a daily file. The ids are those of the payment, or of the row if there is no payment. `expected` is the
 * payment's value of the differing field, `inFile` the value in the row.
 */
export interface SeededFault {
  kind: FaultKind;
  rows: Partial<Row>[];
  requestId: string | null;
  sessionId: string | null;
  referenceId: string;
  field: Field | null;
  expected: string | null;
  inFile: string | null;
}

/** For each final status another one that cannot be a later update of it. */
const contradictions: Record<string, string> = {
  Settled: 'Failed',
  Failed: 'Declined',
  Declined: 'Cancelled',
  Cancelled: 'Expired',
  Canceled: 'Expired',
};

/** Whether `contradictStatus` can alter this row. */
export function canContradict({ row }: PaymentRow): boolean {
  return row.status in contradictions;
}

/** A fault of a payment's row, or of its missing row. */
export function faultOf(kind: FaultKind, { session, row }: PaymentRow, rows: Partial<Row>[] = [row]): SeededFault {
  const { sessionId, referenceId, paymentRequest } = session;
  const requestId = paymentRequest?.requestId ?? null;
  return { kind, rows, requestId, sessionId, referenceId, field: null, expected: null, inFile: null };
}

/** Increases the amount of a row. */
export function increaseAmount(paymentRow: PaymentRow, random: Random): SeededFault {
  return changeField(
    'amountDiffers',
    paymentRow,
    'amount',
    plusCents(paymentRow.row.amount, 1 + random.integer(10_000)),
  );
}

/** Gives a row a status that contradicts the payment's. */
export function contradictStatus(paymentRow: PaymentRow): SeededFault {
  return changeField('statusDiffers', paymentRow, 'status', contradictions[paymentRow.row.status] ?? '');
}

function changeField(kind: FaultKind, paymentRow: PaymentRow, field: Field, inFile: string): SeededFault {
  const expected = paymentRow.row[field];
  paymentRow.row[field] = inFile;
  return { ...faultOf(kind, paymentRow), field, expected, inFile };
}

/** Makes a row unreadable: alternately by an invalid amount and by cutting it off. */
export function makeUnreadable(paymentRow: PaymentRow, index: number): SeededFault {
  const row: Partial<Row> = paymentRow.row;
  if (index % 2 === 0) row.amount = '12,3x';
  else for (const field of fields.slice(fields.indexOf('customerName'))) Reflect.deleteProperty(row, field);
  return faultOf('unreadableRow', paymentRow);
}

/** A row for a payment that does not exist. `at`: an instant within the day. */
export function strayRow(index: number, at: string, hasRequestId: boolean, random: Random): Row {
  return {
    requestId: hasRequestId ? random.uuid() : '',
    referenceId: `STRAY-${index + 1}-${random.integer(1_000_000)}`,
    amount: plusCents('0', 100 + random.integer(100_000)),
    currency: 'CAD',
    customerName: 'Stray Payer',
    customerEmail: `stray-${index + 1}@example.com`,
    status: 'Settled',
    statusDetails: '',
    created: at,
    completed: at,
  };
}

/** The fault of a row for a payment that does not exist. */
export function strayFault(row: Row): SeededFault {
  const { requestId, referenceId } = row;
  return {
    kind: 'missingHere',
    rows: [row],
    requestId: requestId === '' ? null : requestId,
    sessionId: null,
    referenceId,
    field: null,
    expected: null,
    inFile: null,
  };
}
