import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import { isFinal, statusesBelow } from '../../../domain/payment-status.js';
import type { PaymentSessionStatus } from '../../../domain/payment-status.js';
import { isPolled } from '../../../domain/poll-schedule.js';
import type { AppliedGuard, DependentWrite } from '../../database/conditional-write.js';
import { hasRequestId } from '../../database/folded-ids.js';
import type { Placeholders } from '../../database/statement.js';
import { toStored } from '../../database/stored-values.js';
import type { Tables } from '../../database/tables.js';
import type { TransitionValues } from './transition-values.js';

// Writes that depend on a transition of a key, each on condition that the transition was applied.

type Condition = AppliedGuard['applied'];

/** Whether another payment has the payment request id with this `idKey`. */
export function isAssignedToAnother(requestKey: unknown, paymentId: unknown): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from payment_sessions o
    where ${hasRequestId(sql`(${requestKey})`, 'o')} and o.id <> ${paymentId})`;
}

/** What a change of a payment's status depends on besides its values. */
interface Movement extends SessionHandling {
  readonly status: PaymentSessionStatus;
  readonly hasFlinksId: boolean;
  /** Delay before the first lookup. */
  readonly checkAfterMs: number;
}

interface SessionHandling {
  /** The recorded session id is kept. */
  readonly keepsSession: boolean;
}

/** Writes a payment's new status, Flinks's ids and the event. */
export function movePayment(
  values: Placeholders<TransitionValues>,
  { status, hasFlinksId, checkAfterMs, keepsSession }: Movement,
  { kysely, at, applied, first }: AppliedGuard,
): DependentWrite[] {
  const { paymentId } = values;
  const isLookedUp = isPolled({ status, hasFlinksId });
  const below = statusesBelow(status).map((each) => toStored(each));
  const update = kysely
    .updateTable('payment_sessions')
    .set({
      status: toStored(status),
      ...flinksIdsOf(values, keepsSession),
      updated_at: at,
      final_at: isFinal(status) ? at : null,
      at_flinks_since: isFinal(status) ? null : at,
      next_check_at: isLookedUp ? sql<number>`${at} + ${sql.lit(checkAfterMs)}` : null,
      event_count: sql`event_count + 1`,
    })
    .where('id', '=', paymentId)
    .where('status', 'in', below)
    .where(applied)
    .returning(['id', 'event_count']);
  const event = sql`insert into payment_session_events (payment_session_id, number, status, source, at)
    select id, event_count, ${toStored(status)}, 'GATEWAY', ${at} from ${first(sql`payment_sessions where id = ${paymentId}`)}`;
  return [{ query: update }, { query: event }];
}

/** Writes Flinks's ids of a payment whose status another source has already reported. */
export function recordFlinksIds(
  values: Placeholders<TransitionValues>,
  { keepsSession }: SessionHandling,
  { kysely, applied }: AppliedGuard,
): DependentWrite[] {
  const update = kysely.updateTable('payment_sessions').set(flinksIdsOf(values, keepsSession));
  return [{ query: update.where('id', '=', values.paymentId).where('session_id', 'is', null).where(applied) }];
}

function flinksIdsOf(values: Placeholders<TransitionValues>, keepsSession: boolean) {
  const { paymentId, sessionId, sessionIndex, requestId, requestKey } = values;
  return {
    ...(keepsSession ? {} : { session_id: sessionId, session_index: sessionIndex }),
    // An id that was recorded in the meantime is kept. So is the recorded one if another payment has the new one: an id
    // of Flinks belongs to one payment forever.
    payment_request_id: sql<string | null>`coalesce(
      case when ${isAssignedToAnother(requestKey, paymentId)} then null else ${requestId} end, payment_request_id)`,
  };
}

/** Records the sessions that an attempt left behind: for each, whether its id is known. */
export function insertOrphans(
  values: Placeholders<TransitionValues>,
  orphaned: readonly boolean[],
  { at, applied }: AppliedGuard,
): DependentWrite[] {
  return orphaned.map((isKnown, place) => {
    const row = {
      payment_session_id: values.paymentId,
      attempt: values.attempt,
      session_id: values[`orphan${place}`],
      session_index: values[`orphanIndex${place}`],
      at,
      // Without its id, which a crash lost, it cannot be cancelled and is never due.
      next_cancel_at: isKnown ? at : sql`cast(null as bigint)`,
    };
    return { query: insertIf('abandoned_attempts', row, applied) };
  });
}

/** An insert of given values under a condition, which Kysely cannot express. */
export function insertIf(table: keyof Tables, row: Readonly<Record<string, unknown>>, condition: Condition) {
  const columns = Object.keys(row).map((column) => sql.ref(column));
  return sql`insert into ${sql.table(table)} (${sql.join(columns)}) select ${sql.join(Object.values(row))} where ${condition}`;
}
