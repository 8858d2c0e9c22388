import { plusCents } from '../amounts.js';
import type { Change, Session, State } from '../state.js';
import type { DailyQuery } from './query.js';

/** The fields of a daily file, in the order of its columns. */
export const fields = [
  'requestId',
  'referenceId',
  'amount',
  'currency',
  'customerName',
  'customerEmail',
  'status',
  'statusDetails',
  'created',
  'completed',
] as const;
/** Name of a field. */
export type Field = (typeof fields)[number];

/** One row; unknown and omitted fields are empty. */
export type Row = Record<Field, string>;

/** A payment with its row. */
export interface PaymentRow {
  session: Session;
  row: Row;
}

const endings = new Set(['Settled', 'Cancelled', 'Canceled', 'Expired', 'Declined', 'Failed']);

/** Every payment whose status changed on the day, with its last status of that day, in order of creation. */
export function rowsOfDay(state: State, [from, to]: [from: string, to: string], query: DailyQuery): PaymentRow[] {
  const rows: PaymentRow[] = [];
  for (const session of state.sessions.values()) {
    const { earlier = [], current } = session.paymentRequest ?? {};
    const change = [current, ...earlier.toReversed()].find((each) => each && from <= each.at && each.at < to);
    if (change === undefined || (query.statuses === 'settled' && change.status !== 'Settled')) continue;
    rows.push({ session, row: rowOf(session, change, query) });
  }
  return rows;
}

function rowOf(session: Session, { status, statusDetails = '', at }: Change, query: DailyQuery): Row {
  const { referenceId, customerName, customerEmail, startedAt: created, paymentRequest } = session;
  const hasRequestId = query.requestIds && (session.startedBy === 'initiate' || query.emailedRequestIds);
  return {
    requestId: hasRequestId ? (paymentRequest?.requestId ?? '') : '',
    referenceId,
    amount: plusCents(session.amount, 0),
    currency: 'CAD',
    customerName,
    customerEmail,
    status,
    statusDetails,
    created,
    completed: endings.has(status) ? at : '',
  };
}
