import { sql } from 'kysely';
import type { Expression, InsertObject, Kysely, OperationNodeSource } from 'kysely';
import type { PaymentSession } from '../domain/payment.js';
import { isFinal } from '../domain/payment-status.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { DataKeys } from './data-keys.js';
import type { Taken } from './database.js';
import { seal, toPaymentRow } from './payment-rows.js';
import type { Attempt } from './store.js';
import type { Tables } from './tables.js';

// Writes that follow from a step of a key, each under the condition that the step was taken.

export function insertPayment(
  payment: PaymentSession,
  caller: string,
  keys: DataKeys,
  taken: Taken,
): OperationNodeSource[] {
  const row = { ...toPaymentRow(payment, caller, keys), created_at: taken.at, updated_at: taken.at };
  return [insertIf('payment_sessions', row, taken), insertEvent(payment, taken)];
}

/** The payment's status and what Flinks told with it, and the event. */
export function movePayment(
  kysely: Kysely<Tables>,
  payment: PaymentSession,
  keys: DataKeys,
  taken: Taken,
): OperationNodeSource[] {
  const { id, status, sessionId, paymentRequestId } = payment;
  const update = kysely
    .updateTable('payment_sessions')
    .set({
      status,
      session_id: seal(keys, sessionId, 'session_id', id),
      payment_request_id: paymentRequestId ?? null,
      updated_at: taken.at,
      final_at: isFinal(status) ? taken.at : null,
    })
    .where('id', '=', id)
    .where(taken.won);
  return [insertEvent(payment, taken), update];
}

/** Sessions that an attempt left behind; undefined for one whose id nobody lived to tell. */
export function insertLeft(
  attempt: Pick<Attempt, 'number' | 'payment'>,
  left: readonly (Sensitive<string> | undefined)[],
  keys: DataKeys,
  taken: Taken,
): OperationNodeSource[] {
  return left.map((sessionId) =>
    insertIf('abandoned_attempts', toAbandonedRow(attempt, sessionId, keys, taken.at), taken),
  );
}

export function toAbandonedRow(
  { number, payment }: Pick<Attempt, 'number' | 'payment'>,
  sessionId: Sensitive<string> | undefined,
  keys: DataKeys,
  at: Expression<number>,
) {
  const session_id = seal(keys, sessionId, 'session_id', payment.id);
  return { payment_session_id: payment.id, attempt: number, session_id, at };
}

function insertEvent({ id, status }: PaymentSession, taken: Taken): OperationNodeSource {
  const event = { payment_session_id: id, status, source: 'GATEWAY', at: taken.at } as const;
  return insertIf('payment_session_events', event, taken);
}

/** Kysely has no insert of given values under a condition. */
function insertIf<T extends keyof Tables>(table: T, row: InsertObject<Tables, T>, { won }: Taken): OperationNodeSource {
  const columns = Object.keys(row).map((column) => sql.ref(column));
  return sql`insert into ${sql.table(table)} (${sql.join(columns)}) select ${sql.join(Object.values(row))} where ${won}`;
}
