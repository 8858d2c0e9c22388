import type { Kysely, Selectable } from 'kysely';
import type { PaymentSessionEventsTable, Tables } from '../../database/tables.js';

/** Few enough to list all of them in one statement. */
const LATE_EVENTS = 500;

type LateEvent = Pick<Selectable<PaymentSessionEventsTable>, 'id' | 'payment_session_id' | 'status'>;

/** Events of status updates from the file of a day, after the event with the given id. */
export function lateEvents(kysely: Kysely<Tables>, day: string, after: number): Promise<LateEvent[]> {
  return kysely
    .selectFrom('payment_session_events')
    .select(['id', 'payment_session_id', 'status'])
    .where('reconciled_on', '=', day)
    .where('effect', '<>', 'contradicted')
    .where('id', '>', after)
    .orderBy('id')
    .limit(LATE_EVENTS)
    .execute();
}

/** Marks rows whose status updates came from an earlier import of the same file: they remain late updates. */
export async function markLateUpdates(
  transaction: Kysely<Tables>,
  importId: number,
  events: readonly LateEvent[],
): Promise<void> {
  for (const status of new Set(events.map((event) => event.status)))
    await transaction
      .updateTable('reconciliation_rows')
      .set({ outcome: 'LATE_NEWS' })
      .where('import_id', '=', importId)
      .where('outcome', '=', 'MATCHED')
      .where('status', '=', status)
      .where(
        'payment_session_id',
        'in',
        events.filter((event) => event.status === status).map((event) => event.payment_session_id),
      )
      .execute();
}
