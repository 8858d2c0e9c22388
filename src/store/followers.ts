import { sql } from 'kysely';
import type { Expression, InsertObject, Kysely, OperationNodeSource, RawBuilder } from 'kysely';
import type { PaymentSession } from '../domain/payment.js';
import { isFinal, statusesBelow } from '../domain/payment-status.js';
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
  { at, won }: Taken,
): OperationNodeSource[] {
  const row = { ...toPaymentRow(payment, caller, keys), created_at: at, updated_at: at };
  const { id, status } = payment;
  const event = {
    payment_session_id: id,
    number: row.event_count,
    status,
    source: 'GATEWAY',
    at,
    effect: 'moved',
    told_by: caller,
  } as const;
  return [insertIf('payment_sessions', row, won), insertIf('payment_session_events', event, won)];
}

/** The payment's status and what Flinks told with it, and the event. `checkAfterMs`: when to look it up first. */
export function movePayment(
  kysely: Kysely<Tables>,
  payment: PaymentSession,
  keys: DataKeys,
  checkAfterMs: number,
  taken: Taken,
): OperationNodeSource[] {
  const { id, status } = payment;
  const { at } = taken;
  const update = kysely
    .updateTable('payment_sessions')
    .set({
      status,
      ...identityOf(payment, keys),
      updated_at: at,
      final_at: isFinal(status) ? at : null,
      at_flinks_since: isFinal(status) ? null : at,
      next_check_at: canBeAskedFor(payment) ? sql<number>`${at} + ${sql.lit(checkAfterMs)}` : null,
      event_count: sql`event_count + 1`,
    })
    .where('id', '=', id)
    .where('status', 'in', statusesBelow(status))
    .where(taken.won)
    .returning(['id', 'event_count']);
  const event = sql`insert into payment_session_events (payment_session_id, number, status, source, at)
    select id, event_count, ${status}, 'GATEWAY', ${at} from ${taken.moved(id)}`;
  return [update, event];
}

/** Flinks's ids of a payment whose status others have told already. */
export function identifyPayment(
  kysely: Kysely<Tables>,
  payment: PaymentSession,
  keys: DataKeys,
  { won }: Taken,
): OperationNodeSource[] {
  return [
    kysely
      .updateTable('payment_sessions')
      .set(identityOf(payment, keys))
      .where('id', '=', payment.id)
      .where('session_id', 'is', null)
      .where(won),
  ];
}

function identityOf({ id, sessionId, paymentRequestId }: PaymentSession, keys: DataKeys) {
  return {
    session_id: seal(keys, sessionId, 'session_id', id),
    session_index: sessionId === undefined ? null : keys.indexOf(sessionId),
    payment_request_id: paymentRequestId ?? null,
  };
}

function canBeAskedFor({ status, sessionId, paymentRequestId }: PaymentSession): boolean {
  return !isFinal(status) && (sessionId ?? paymentRequestId) !== undefined;
}

/** Sessions that an attempt left behind; undefined for one whose id nobody lived to tell. */
export function insertLeft(
  attempt: Pick<Attempt, 'number' | 'payment'>,
  left: readonly (Sensitive<string> | undefined)[],
  keys: DataKeys,
  { at, won }: Taken,
): OperationNodeSource[] {
  return left.map((sessionId) => insertIf('abandoned_attempts', toAbandonedRow(attempt, sessionId, keys, at), won));
}

export function toAbandonedRow(
  { number, payment }: Pick<Attempt, 'number' | 'payment'>,
  sessionId: Sensitive<string> | undefined,
  keys: DataKeys,
  at: Expression<number>,
) {
  const session_id = seal(keys, sessionId, 'session_id', payment.id);
  const told =
    sessionId === undefined
      ? { session_index: null, next_cancel_at: null }
      : { session_index: keys.indexOf(sessionId), next_cancel_at: at };
  return { payment_session_id: payment.id, attempt: number, session_id, at, ...told };
}

/** Kysely has no insert of given values under a condition. */
export function insertIf<T extends keyof Tables>(
  table: T,
  row: InsertObject<Tables, T>,
  condition: Taken['won'],
): RawBuilder<unknown> {
  const columns = Object.keys(row).map((column) => sql.ref(column));
  return sql`insert into ${sql.table(table)} (${sql.join(columns)}) select ${sql.join(Object.values(row))} where ${condition}`;
}
