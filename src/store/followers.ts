import { sql } from 'kysely';
import type { Expression, Insertable, Kysely, OperationNodeSource, SqlBool } from 'kysely';
import type { PaymentSession } from '../domain/payment.js';
import { isFinal } from '../domain/payment-status.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { DataKeys } from './data-keys.js';
import { seal, toPaymentRow } from './payment-rows.js';
import type { Attempt } from './store.js';
import type { AbandonedAttemptsTable, Tables } from './tables.js';

type Won = Expression<SqlBool>;

// Writes that follow from a step of a key, each under the condition that the step was taken.

export function insertPayment(
  payment: PaymentSession,
  caller: string,
  keys: DataKeys,
  won: Won,
): OperationNodeSource[] {
  return [insertIf('payment_sessions', toPaymentRow(payment, caller, keys), won), insertEvent(payment, won)];
}

/** The payment's status and what Flinks told with it, and the event. */
export function movePayment(
  kysely: Kysely<Tables>,
  payment: PaymentSession,
  keys: DataKeys,
  won: Won,
): OperationNodeSource[] {
  const { id, status, sessionId, paymentRequestId, updatedAt } = payment;
  const update = kysely
    .updateTable('payment_sessions')
    .set({
      status,
      session_id: seal(keys, sessionId, 'session_id', id),
      payment_request_id: paymentRequestId ?? null,
      updated_at: updatedAt.getTime(),
      final_at: isFinal(status) ? updatedAt.getTime() : null,
    })
    .where('id', '=', id)
    .where(won);
  return [insertEvent(payment, won), update];
}

/** Sessions that an attempt left behind; undefined for one whose id nobody lived to tell. */
export function insertLeft(
  attempt: Pick<Attempt, 'number' | 'payment'>,
  left: readonly (Sensitive<string> | undefined)[],
  keys: DataKeys,
  won: Won,
): OperationNodeSource[] {
  return left.map((sessionId) => insertIf('abandoned_attempts', toAbandonedRow(attempt, sessionId, keys), won));
}

export function toAbandonedRow(
  { number, payment }: Pick<Attempt, 'number' | 'payment'>,
  sessionId: Sensitive<string> | undefined,
  keys: DataKeys,
): Insertable<AbandonedAttemptsTable> {
  const session_id = seal(keys, sessionId, 'session_id', payment.id);
  return { payment_session_id: payment.id, attempt: number, session_id, at: Date.now() };
}

function insertEvent({ id, status, updatedAt }: PaymentSession, won: Won): OperationNodeSource {
  const event = { payment_session_id: id, status, source: 'GATEWAY', at: updatedAt.getTime() } as const;
  return insertIf('payment_session_events', event, won);
}

/** Kysely has no insert of given values under a condition. */
function insertIf<T extends keyof Tables>(table: T, row: Insertable<Tables[T]>, won: Won): OperationNodeSource {
  const columns = Object.keys(row).map((column) => sql.ref(column));
  return sql`insert into ${sql.table(table)} (${sql.join(columns)}) select ${sql.join(Object.values(row))} where ${won}`;
}
