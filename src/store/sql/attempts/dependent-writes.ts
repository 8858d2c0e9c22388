import { sql } from 'kysely';
import type { Expression, InsertObject, RawBuilder, SqlBool } from 'kysely';
import { idKey } from '../../../domain/ids.js';
import { isUnreadable } from '../../../domain/payment.js';
import type { PaymentSession } from '../../../domain/payment.js';
import { isFinal, statusesBelow } from '../../../domain/payment-status.js';
import { isPolled } from '../../../domain/poll-schedule.js';
import type { Sensitive } from '../../../domain/sensitive.js';
import { endsLikeSuffix, ownershipKey, suffixFor } from '../../../domain/upstream-reference.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { AppliedWrite } from '../../database/database.js';
import { hasRequestId } from '../../database/folded-ids.js';
import { seal, sessionIndexOf, toPaymentRow } from '../payment-rows.js';
import type { Attempt } from '../../../domain/idempotency-key.js';
import { toStored } from '../../database/stored-values.js';
import type { Tables } from '../../database/tables.js';

// Writes that depend on a transition of a key, each on condition that the transition was applied.

type Condition = AppliedWrite['applied'];

/** Writes of a new payment with its first event and its reference. */
export function insertPayment(payment: PaymentSession, clientId: string, keys: DataKeys, write: AppliedWrite) {
  const { at, applied } = write;
  const row = { ...toPaymentRow(payment, clientId, keys), created_at: at, updated_at: at };
  const event = {
    payment_session_id: payment.id,
    number: row.event_count,
    status: row.status,
    source: 'GATEWAY',
    at,
    effect: 'moved',
    told_by: clientId,
  } as const;
  return [
    insertReference(payment, clientId, write),
    insertIf('payment_sessions', { ...row, ...upstreamReference(payment, clientId, write) }, applied),
    insertIf('payment_session_events', event, applied),
  ];
}

/** Records and returns a reference's first client; thanks to the no-op update also where one inserts concurrently. */
function insertReference({ referenceId }: PaymentSession, clientId: string, { applied }: AppliedWrite) {
  const reference = ownershipKey(referenceId);
  // Older replicas record nobody. In this order, because a client may have many payments of one reference.
  const isFirst = sql<boolean>`${applied} and case
    when exists (select 1 from payment_references where reference = ${reference}) then false
    else not exists (select 1 from payment_sessions where coalesce(reference_key, reference_id) = ${idKey(referenceId)}
      and caller <> ${clientId} and reference_suffix = '') end`;
  return sql`${insertIf('payment_references', { reference, caller: clientId }, isFirst)}
    on conflict (reference) do update set reference = excluded.reference returning caller`;
}

/** The reference to send to Flinks: unchanged while no other client has used it, else with a suffix. */
function upstreamReference({ referenceId }: PaymentSession, clientId: string, write: AppliedWrite) {
  const [key, suffix] = [ownershipKey(referenceId), suffixFor(clientId, referenceId)];
  const ofReference = sql`payment_references where reference = ${key}`;
  const owner = sql`coalesce((select caller from ${write.first(ofReference)}), (select caller from ${ofReference}))`;
  const choose = (plain: string, suffixed: string) =>
    endsLikeSuffix(referenceId)
      ? sql<string>`${suffixed}`
      : sql<string>`case when ${owner} = ${clientId} then ${plain} else ${suffixed} end`;
  const reference_key = choose(idKey(referenceId), idKey(referenceId + suffix));
  return { reference_suffix: choose('', suffix), reference_key };
}

/** Whether another payment has this payment request id. */
export function isAssignedToAnother(paymentRequestId: string, paymentId: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from payment_sessions o
    where ${hasRequestId([idKey(paymentRequestId)], 'o')} and o.id <> ${paymentId})`;
}

/** Writes a payment's new status, Flinks's ids and the event. `checkAfterMs`: delay before the first lookup. */
export function movePayment(payment: PaymentSession, keys: DataKeys, checkAfterMs: number, write: AppliedWrite) {
  const { id, status } = payment;
  const { kysely, at } = write;
  const isLookedUp = isPolled({ status, hasFlinksId: (payment.sessionId ?? payment.paymentRequestId) !== undefined });
  const below = statusesBelow(status).map((each) => toStored(each));
  const update = kysely
    .updateTable('payment_sessions')
    .set({
      status: toStored(status),
      ...flinksIdsOf(payment, keys),
      updated_at: at,
      final_at: isFinal(status) ? at : null,
      at_flinks_since: isFinal(status) ? null : at,
      next_check_at: isLookedUp ? sql<number>`${at} + ${sql.lit(checkAfterMs)}` : null,
      event_count: sql`event_count + 1`,
    })
    .where('id', '=', id)
    .where('status', 'in', below)
    .where(write.applied)
    .returning(['id', 'event_count']);
  const event = sql`insert into payment_session_events (payment_session_id, number, status, source, at)
    select id, event_count, ${toStored(status)}, 'GATEWAY', ${at} from ${write.first(sql`payment_sessions where id = ${id}`)}`;
  return [update, event];
}

/** Writes Flinks's ids of a payment whose status another source has already reported. */
export function recordFlinksIds(payment: PaymentSession, keys: DataKeys, { kysely, applied }: AppliedWrite) {
  const update = kysely.updateTable('payment_sessions').set(flinksIdsOf(payment, keys));
  return update.where('id', '=', payment.id).where('session_id', 'is', null).where(applied);
}

function flinksIdsOf(payment: PaymentSession, keys: DataKeys) {
  const { id, sessionId, paymentRequestId } = payment;
  // An id that was recorded in the meantime is kept. So is the recorded one if another payment has the new one: an id
  // of Flinks belongs to one payment forever.
  const request = paymentRequestId !== undefined && {
    payment_request_id: sql<string | null>`case when ${isAssignedToAnother(paymentRequestId, id)}
      then payment_request_id else ${paymentRequestId} end`,
  };
  // A value that cannot be decrypted here is kept for replicas that can.
  if (sessionId === undefined && isUnreadable(payment, 'sessionId')) return { ...request };
  const session_index = sessionId === undefined ? null : sessionIndexOf(keys, sessionId);
  return { ...request, session_id: seal(keys, sessionId, 'session_id', id), session_index };
}

/** Maps an orphaned session to its row; without its id, which a crash lost, it cannot be cancelled and is never due. */
export function toOrphanRow(
  { number, payment }: Pick<Attempt, 'number' | 'payment'>,
  sessionId: Sensitive<string> | undefined,
  keys: DataKeys,
  at: Expression<number>,
) {
  const session_id = seal(keys, sessionId, 'session_id', payment.id);
  const row = { payment_session_id: payment.id, attempt: number, session_id, at };
  if (sessionId === undefined) return { ...row, session_index: null, next_cancel_at: null };
  return { ...row, session_index: sessionIndexOf(keys, sessionId), next_cancel_at: at };
}

/** An insert of given values under a condition, which Kysely cannot express. */
export function insertIf<T extends keyof Tables>(table: T, row: InsertObject<Tables, T>, condition: Condition) {
  const columns = Object.keys(row).map((column) => sql.ref(column));
  return sql`insert into ${sql.table(table)} (${sql.join(columns)}) select ${sql.join(Object.values(row))} where ${condition}`;
}
