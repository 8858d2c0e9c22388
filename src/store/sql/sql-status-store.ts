import { sql } from 'kysely';
import type { Expression, Kysely, SqlBool } from 'kysely';
import { idKey } from '../../domain/ids.js';
import type { StatusUpdate, MatchKeys, StatusStore, StatusUpdateResult } from '../contracts/status-store.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import { evaluateTransition, isFinal } from '../../domain/payment-status.js';
import type { TransitionEffect, PaymentSessionStatus } from '../../domain/payment-status.js';
import type { MatchCandidate } from '../../domain/payment-matching.js';
import { NO_IDENTITY, findMismatch } from '../../domain/payment-mismatch.js';
import type { Mismatch } from '../../domain/payment-mismatch.js';
import { nextCheckAt } from '../../domain/poll-schedule.js';
import type { Sensitive } from '../../domain/sensitive.js';
import type { Database } from '../database/database.js';
import type { StoreHealth } from '../database/store-health.js';
import { fromStored, toStored } from '../database/stored-values.js';
import type { Row, Tables } from '../database/tables.js';
import type { DataKeys } from '../encryption/data-keys.js';
import { isAssignedToAnother } from './attempts/dependent-writes.js';
import { findMatchCandidates, hasReference } from './match-candidates.js';
import { findPayments, seal, sessionIndexOf, sessionIndexesOf, toPayment } from './payment-rows.js';
import { SqlStore } from './sql-store.js';

type PaymentRow = Row<'payment_sessions'>;
type Transaction = Kysely<Tables>;
type Effect = StatusUpdateResult['effect'];

/** Applies status updates under a lock of the payment's row: events are numbered in the order of their application. */
export class SqlStatusStore extends SqlStore implements StatusStore {
  constructor(
    database: Database,
    keys: DataKeys,
    health: StoreHealth,
    private readonly checkAfterMs: number,
  ) {
    super(database, keys, health);
  }

  async apply(paymentId: string, update: StatusUpdate): Promise<StatusUpdateResult | undefined> {
    const result = await this.write(async (transaction): Promise<StatusUpdateResult | undefined> => {
      const row = await this.#lock(transaction, paymentId);
      if (row === undefined || row.status === 'CREATING') return undefined;
      if (update.onlyIf !== undefined && row.status !== toStored(update.onlyIf))
        return { effect: 'stale', payment: toPayment(row, this.keys) };
      const mismatch = await this.#mismatchOf(transaction, row, update);
      if (mismatch !== undefined) return { effect: 'mismatched', payment: toPayment(row, this.keys), mismatch };
      const effect = await evaluate(transaction, row, update);
      const next = { ...row, ...(await this.#apply(transaction, row, update, effect)) };
      return { effect, payment: toPayment(next, this.keys) };
    });
    if (result !== undefined && isApplied(result.effect)) this.database.changes.publish(paymentId);
    return result;
  }

  isBeingAskedFor(referenceId: string): Promise<boolean> {
    return this.read(async (kysely) => {
      const payments = kysely.selectFrom('payment_sessions').select('id');
      const keys = payments.innerJoin('idempotency_keys', 'payment_session_id', 'payment_sessions.id');
      const asking = keys
        .where(hasReference(this.database, 'payment_sessions', [referenceId]))
        .where('state', 'in', ['CLAIMED', 'MARKED']);
      return (await asking.executeTakeFirst()) !== undefined;
    });
  }

  noteMismatch(
    paymentId: string,
    source: PaymentSessionEventSource,
    { field, recordedValue, reportedValue }: Mismatch,
  ): Promise<boolean> {
    const values = { ours: recordedValue ?? null, theirs: reportedValue ?? null };
    return this.write(async (transaction) => {
      const added = await transaction
        .insertInto('payment_mismatches')
        .values({ payment_session_id: paymentId, source, field: toStored(field), ...values, at: this.database.nowMs })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      return added !== undefined;
    });
  }

  findCandidates(ids: MatchKeys): Promise<MatchCandidate[]> {
    return this.read(() => findMatchCandidates(this.database, this.keys, ids));
  }

  find(ids: readonly string[]): Promise<PaymentSession[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.read((kysely) => findPayments(kysely, this.keys, ids));
  }

  /** Locks the key's row first, in the same order as every transition of an attempt. */
  async #lock(transaction: Transaction, paymentId: string): Promise<PaymentRow | undefined> {
    const locks = this.database.dialect === 'postgres';
    await transaction
      .selectFrom('idempotency_keys')
      .select('key')
      .where('payment_session_id', '=', paymentId)
      .$if(locks, (query) => query.forUpdate())
      .execute();
    return transaction
      .selectFrom('payment_sessions')
      .selectAll()
      .where('id', '=', paymentId)
      .$if(locks, (query) => query.forUpdate())
      .executeTakeFirst();
  }

  async #apply(transaction: Transaction, row: PaymentRow, update: StatusUpdate, effect: Effect) {
    const clock = await sql<{ at: number }>`select ${this.database.nowMs} as at`.execute(transaction);
    const { at } = clock.rows[0] as { at: number };
    const status = isApplied(effect) ? (update.status ?? statusOf(row)) : statusOf(row);
    const finalAt = isFinal(status) ? at : null;
    const change: Partial<PaymentRow> = {
      ...this.#newIds(row, update),
      ...(isApplied(effect) ? { status: toStored(status), updated_at: at, final_at: finalAt } : {}),
      status_details: detailsAfter(row, update, effect),
      event_count: row.event_count + (isEvent(effect) ? 1 : 0),
      ...(update.nextCheckInMs === undefined ? {} : { status_checked_at: at }),
    };
    const flinksId = change.payment_request_id ?? change.session_id ?? row.payment_request_id ?? row.session_id;
    change.next_check_at = nextCheckAt(
      { status, hasFlinksId: flinksId !== null },
      { isApplied: isApplied(effect), at, nextCheckInMs: update.nextCheckInMs, scheduledAt: row.next_check_at },
      this.checkAfterMs,
    );
    await transaction.updateTable('payment_sessions').set(change).where('id', '=', row.id).execute();
    if (isEvent(effect)) await insertEvent(transaction, row, update, effect, at);
    if (isApplied(effect)) await concludeKey(transaction, row.id, finalAt);
    return change;
  }

  /** Checks against the current row. An id of Flinks belongs to one payment forever, so another one's is a mismatch. */
  async #mismatchOf(transaction: Transaction, row: PaymentRow, update: StatusUpdate): Promise<Mismatch | undefined> {
    const { identity = NO_IDENTITY, paymentRequestId, sessionId } = update;
    const payment = toPayment(row, this.keys);
    const reported = { ...identity, ...(paymentRequestId && { paymentRequestId }), ...(sessionId && { sessionId }) };
    const mismatch = findMismatch(payment, reported);
    if (mismatch !== undefined) return mismatch;
    if (
      paymentRequestId !== undefined &&
      (await isTrue(transaction, isAssignedToAnother(idKey(paymentRequestId), row.id)))
    )
      return { field: 'PAYMENT_REQUEST_ID', recordedValue: payment.paymentRequestId, reportedValue: paymentRequestId };
    if (sessionId !== undefined && (await isTrue(transaction, this.#isSessionTaken(sessionId, row.id))))
      return { field: 'SESSION_ID', recordedValue: undefined, reportedValue: undefined };
    return undefined;
  }

  /** Flinks's ids that the payment lacks. Erased personal data is not stored again. */
  #newIds(row: PaymentRow, { paymentRequestId, sessionId }: StatusUpdate): Partial<PaymentRow> {
    const requestId = row.payment_request_id === null ? { payment_request_id: paymentRequestId ?? null } : {};
    if (sessionId === undefined || row.session_id !== null || row.customer_name === null) return requestId;
    const session_id = seal(this.keys, sessionId, 'session_id', row.id);
    return { ...requestId, session_id, session_index: sessionIndexOf(this.keys, sessionId) };
  }

  #isSessionTaken(sessionId: Sensitive<string>, paymentId: string) {
    const indexes = sql.join(sessionIndexesOf(this.keys, sessionId));
    return sql<SqlBool>`(exists (select 1 from payment_sessions o where o.session_index in (${indexes}) and o.id <> ${paymentId})
      or exists (select 1 from abandoned_attempts a where a.session_index in (${indexes})))`;
  }
}

async function isTrue(transaction: Transaction, condition: Expression<SqlBool>): Promise<boolean> {
  const { rows } = await sql`select 1 where ${condition}`.execute(transaction);
  return rows.length > 0;
}

const statusOf = (row: PaymentRow): PaymentSessionStatus => fromStored(row.status);
const isApplied = (effect: Effect): boolean => effect === 'applied' || effect === 'overridden';
const isEvent = (effect: Effect): effect is Exclude<TransitionEffect, 'stale'> =>
  isApplied(effect) || effect === 'conflicting';

/** The effect of an update on a payment. A conflicting status that is recorded already is stale. */
async function evaluate(transaction: Transaction, row: PaymentRow, { status }: StatusUpdate): Promise<Effect> {
  if (status === undefined) return 'unrecognized';
  const effect = evaluateTransition(statusOf(row), status);
  if (effect !== 'conflicting') return effect;
  const events = transaction.selectFrom('payment_session_events').select('number');
  const recorded = events.where('payment_session_id', '=', row.id).where('status', '=', toStored(status));
  return (await recorded.executeTakeFirst()) === undefined ? 'conflicting' : 'stale';
}

/** The details of the current status: those that came with it, or the first that came later. */
function detailsAfter(row: PaymentRow, { status, details }: StatusUpdate, effect: Effect): string | null {
  if (isApplied(effect)) return details ?? null;
  if (effect === 'unrecognized' && !isFinal(statusOf(row))) return details ?? row.status_details;
  return status === statusOf(row) ? (row.status_details ?? details ?? null) : row.status_details;
}

async function insertEvent(
  transaction: Transaction,
  { id, event_count }: PaymentRow,
  { status, source, details, actor, reconciledOn }: StatusUpdate,
  effect: Exclude<TransitionEffect, 'stale'>,
  at: number,
): Promise<void> {
  if (status === undefined) return;
  const row = {
    payment_session_id: id,
    number: event_count + 1,
    status: toStored(status),
    source,
    at,
    details: details ?? null,
    effect: toStored(effect),
    told_by: actor ?? null,
    reconciled_on: reconciledOn ?? null,
  };
  await transaction.insertInto('payment_session_events').values(row).execute();
}

/** Marks the payment's key as DONE: the status is the result of its attempt. A final one begins the key's retention. */
async function concludeKey(transaction: Transaction, paymentId: string, closedAt: number | null): Promise<void> {
  const keys = transaction.updateTable('idempotency_keys').set({ state: 'DONE', closed_at: closedAt });
  const ofPayment = keys.where('payment_session_id', '=', paymentId);
  await ofPayment.where('state', 'in', ['UNKNOWN', 'DONE', 'REFUSED']).execute();
}
