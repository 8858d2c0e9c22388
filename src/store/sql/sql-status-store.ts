import { sql } from 'kysely';
import type { Expression, Kysely, Selectable, SqlBool, Updateable } from 'kysely';
import type { StatusUpdate } from '../../domain/status-update.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import { evaluateTransition, isFinal } from '../../domain/payment-status.js';
import type { TransitionEffect, PaymentSessionStatus } from '../../domain/payment-status.js';
import type { MatchCandidate } from '../../domain/payment-matching.js';
import { NO_IDENTITY, findMismatch } from '../../domain/payment-mismatch.js';
import type { Mismatch } from '../../domain/payment-mismatch.js';
import { nextCheckAt } from '../../domain/poll-schedule.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { findMatchCandidates, hasReference } from './match-candidates.js';
import type { DataKeys } from '../encryption/data-keys.js';
import type { Database } from '../database/database.js';
import { isAssignedToAnother } from './attempts/dependent-writes.js';
import { seal, sessionIndexOf, sessionIndexesOf, toPayment } from './payment-rows.js';
import type { StoreHealth } from '../database/store-health.js';
import type { MatchKeys, StatusStore, StatusUpdateResult } from '../contracts/status-store.js';
import { fromStored, toStored } from '../database/stored-values.js';
import type { PaymentSessionsTable, Tables } from '../database/tables.js';

type Row = Selectable<PaymentSessionsTable>;
type Transaction = Kysely<Tables>;

/**
 * Applies status updates under a lock of the payment's row, so that events are numbered in the order in which they are
 * applied.
 */
export class SqlStatusStore implements StatusStore {
  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
    private readonly checkAfterMs: number,
  ) {}

  apply(paymentId: string, update: StatusUpdate): Promise<StatusUpdateResult | undefined> {
    return this.health.guard(async () => {
      const result = await this.database.write(async (transaction): Promise<StatusUpdateResult | undefined> => {
        const row = await this.#lock(transaction, paymentId);
        if (row === undefined || row.status === 'CREATING') return undefined;
        if (update.onlyIf !== undefined && row.status !== toStored(update.onlyIf))
          return { effect: 'stale', payment: toPayment(row, this.keys) };
        const mismatch = await this.#mismatchOf(transaction, row, update);
        if (mismatch !== undefined) return { effect: 'mismatched', payment: toPayment(row, this.keys), mismatch };
        const effect = await evaluate(transaction, row, update);
        const next = { ...row, ...(await this.#write(transaction, row, update, effect)) };
        return { effect, payment: toPayment(next, this.keys) };
      });
      if (result !== undefined && isApplied(result.effect)) this.database.changes.publish(paymentId);
      return result;
    });
  }

  isBeingAskedFor(referenceId: string): Promise<boolean> {
    return this.health.guard(async () => {
      const found = await this.database.kysely
        .selectFrom('payment_sessions')
        .innerJoin('idempotency_keys', 'payment_session_id', 'payment_sessions.id')
        .select('id')
        .where(hasReference('payment_sessions', [referenceId]) ?? sql<boolean>`false`)
        .where('state', 'in', ['CLAIMED', 'MARKED'])
        .executeTakeFirst();
      return found !== undefined;
    });
  }

  noteMismatch(
    paymentId: string,
    source: PaymentSessionEventSource,
    { field, recordedValue, reportedValue }: Mismatch,
  ): Promise<boolean> {
    return this.health.guard(async () => {
      const added = await this.database.write((transaction) =>
        transaction
          .insertInto('payment_mismatches')
          .values({
            payment_session_id: paymentId,
            source,
            field: toStored(field),
            ours: recordedValue ?? null,
            theirs: reportedValue ?? null,
            at: this.database.nowMs,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .execute(),
      );
      return added.length > 0;
    });
  }

  findCandidates(ids: MatchKeys): Promise<MatchCandidate[]> {
    return this.health.guard(() => findMatchCandidates(this.database, this.keys, ids));
  }

  find(ids: readonly string[]): Promise<PaymentSession[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.health.guard(async () => {
      const rows = await this.database.kysely
        .selectFrom('payment_sessions')
        .selectAll()
        .where('id', 'in', ids)
        .execute();
      return rows.map((row) => toPayment(row, this.keys));
    });
  }

  /** The key's row is locked first, in the same order as in every transition of an attempt. */
  async #lock(transaction: Transaction, paymentId: string): Promise<Row | undefined> {
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

  async #write(
    transaction: Transaction,
    row: Row,
    update: StatusUpdate,
    effect: StatusUpdateResult['effect'],
  ): Promise<Partial<Row>> {
    const { at } = await sql<{ at: number }>`select ${this.database.nowMs} as at`
      .execute(transaction)
      .then(({ rows }) => rows[0] as { at: number });
    const before = statusOf(row);
    const status = isApplied(effect) ? (update.status ?? before) : before;
    const change: Partial<Row> = {
      ...this.#newIds(row, update),
      ...(isApplied(effect) ? { status: toStored(status), updated_at: at, final_at: isFinal(status) ? at : null } : {}),
      status_details: detailsAfter(row, update, effect),
      event_count: row.event_count + (isEvent(effect) ? 1 : 0),
      ...(update.nextCheckInMs === undefined ? {} : { status_checked_at: at }),
    };
    const hasFlinksId =
      (change.payment_request_id ?? change.session_id ?? row.payment_request_id ?? row.session_id) !== null;
    change.next_check_at = nextCheckAt(
      { status, hasFlinksId },
      { isApplied: isApplied(effect), at, nextCheckInMs: update.nextCheckInMs, scheduledAt: row.next_check_at },
      this.checkAfterMs,
    );
    await transaction
      .updateTable('payment_sessions')
      .set(change as Updateable<PaymentSessionsTable>)
      .where('id', '=', row.id)
      .execute();
    if (isEvent(effect)) await insertEvent(transaction, row, update, effect, at);
    if (isApplied(effect)) await moveKey(transaction, row.id, isFinal(status) ? at : null);
    return change;
  }

  /**
   * Checks against the current row. An id of Flinks belongs to one payment forever, so an id that another payment has
   * is a mismatch.
   */
  async #mismatchOf(transaction: Transaction, row: Row, update: StatusUpdate): Promise<Mismatch | undefined> {
    const { identity = NO_IDENTITY, paymentRequestId, sessionId } = update;
    const payment = toPayment(row, this.keys);
    const reported = { ...identity, ...(paymentRequestId && { paymentRequestId }), ...(sessionId && { sessionId }) };
    const mismatch = findMismatch(payment, reported);
    if (mismatch !== undefined) return mismatch;
    if (paymentRequestId !== undefined && (await isTrue(transaction, isAssignedToAnother(paymentRequestId, row.id))))
      return { field: 'PAYMENT_REQUEST_ID', recordedValue: payment.paymentRequestId, reportedValue: paymentRequestId };
    if (sessionId !== undefined && (await isTrue(transaction, this.#isSessionTaken(sessionId, row.id))))
      return { field: 'SESSION_ID', recordedValue: undefined, reportedValue: undefined };
    return undefined;
  }

  /** Flinks's ids that the payment lacks. Erased personal data is not stored again. */
  #newIds(row: Row, { paymentRequestId, sessionId }: StatusUpdate): Partial<Row> {
    const lacksSession = row.session_id === null && row.customer_name !== null;
    return {
      ...(row.payment_request_id === null ? { payment_request_id: paymentRequestId ?? null } : {}),
      ...(lacksSession && sessionId !== undefined
        ? {
            session_id: seal(this.keys, sessionId, 'session_id', row.id),
            session_index: sessionIndexOf(this.keys, sessionId),
          }
        : {}),
    };
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

const statusOf = (row: Row): PaymentSessionStatus => fromStored(row.status);
const isApplied = (effect: StatusUpdateResult['effect']): boolean => effect === 'applied' || effect === 'overridden';
const isEvent = (effect: StatusUpdateResult['effect']): effect is Exclude<TransitionEffect, 'stale'> =>
  isApplied(effect) || effect === 'conflicting';

/** The effect of an update on a payment. A conflicting status that is recorded already is stale. */
async function evaluate(
  transaction: Transaction,
  row: Row,
  { status }: StatusUpdate,
): Promise<StatusUpdateResult['effect']> {
  if (status === undefined) return 'unrecognized';
  const effect = evaluateTransition(statusOf(row), status);
  if (effect !== 'conflicting') return effect;
  const recorded = await transaction
    .selectFrom('payment_session_events')
    .select('number')
    .where('payment_session_id', '=', row.id)
    .where('status', '=', toStored(status))
    .executeTakeFirst();
  return recorded === undefined ? 'conflicting' : 'stale';
}

/** The details of the current status: those that came with it, or the first that came later. */
function detailsAfter(
  row: Row,
  { status, details }: StatusUpdate,
  effect: StatusUpdateResult['effect'],
): string | null {
  if (isApplied(effect)) return details ?? null;
  if (effect === 'unrecognized' && !isFinal(statusOf(row))) return details ?? row.status_details;
  return status === statusOf(row) ? (row.status_details ?? details ?? null) : row.status_details;
}

async function insertEvent(
  transaction: Transaction,
  { id, event_count }: Row,
  { status, source, details, actor, reconciledOn }: StatusUpdate,
  effect: Exclude<TransitionEffect, 'stale'>,
  at: number,
): Promise<void> {
  if (status === undefined) return;
  await transaction
    .insertInto('payment_session_events')
    .values({
      payment_session_id: id,
      number: event_count + 1,
      status: toStored(status),
      source,
      at,
      details: details ?? null,
      effect: toStored(effect),
      told_by: actor ?? null,
      reconciled_on: reconciledOn ?? null,
    })
    .execute();
}

/**
 * Marks the payment's key as DONE, since the reported status is the result of its attempt. The key's retention begins
 * when the payment is final.
 */
async function moveKey(transaction: Transaction, paymentId: string, closedAt: number | null): Promise<void> {
  await transaction
    .updateTable('idempotency_keys')
    .set({ state: 'DONE', closed_at: closedAt })
    .where('payment_session_id', '=', paymentId)
    .where('state', 'in', ['UNKNOWN', 'DONE', 'REFUSED'])
    .execute();
}
