import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import { ALL_OWNERS } from '../../domain/api-client.js';
import type { Owner } from '../../domain/api-client.js';
import type {
  PaymentSession,
  PaymentSessionEvent,
  PaymentFilter,
  PaymentPage,
  PaymentPosition,
} from '../../domain/payment.js';
import type { PaymentHistory, PaymentStore } from '../contracts/payment-store.js';
import { paymentsAfter } from './payment-pages.js';
import { toEvent, toPayment } from './payment-rows.js';
import { SqlStore } from './sql-store.js';

/** Payments and events in SQL. */
export class SqlPaymentStore extends SqlStore implements PaymentStore {
  findPayments(owner: Owner, ids: readonly string[]): Promise<PaymentSession[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.read(async (kysely) => {
      const named = kysely.selectFrom('payment_sessions').selectAll().where('id', 'in', ids);
      const rows = await named.where(isOf(owner)).execute();
      return rows.map((row) => toPayment(row, this.keys));
    });
  }

  listPayments(
    owner: Owner,
    filter: PaymentFilter,
    first: number,
    after: PaymentPosition | undefined,
  ): Promise<PaymentPage> {
    return this.read(async (kysely) => {
      // One row more than requested shows whether there are more.
      const rows = await paymentsAfter(kysely, owner, filter, after, first + 1).execute();
      const payments = rows.slice(0, first).map((row) => toPayment(row, this.keys));
      return { payments, hasNextPage: rows.length > first };
    });
  }

  findEvents(paymentIds: readonly string[]): Promise<ReadonlyMap<string, readonly PaymentSessionEvent[]>> {
    return this.read(async (kysely) => {
      const rows = await kysely
        .selectFrom('payment_session_events')
        .selectAll()
        .where('payment_session_id', 'in', paymentIds)
        .orderBy('payment_session_id')
        .orderBy('number')
        .execute();
      const events = new Map<string, PaymentSessionEvent[]>(paymentIds.map((id) => [id, []]));
      for (const row of rows) events.get(row.payment_session_id)?.push(toEvent(row));
      return events;
    });
  }

  findHistory(owner: Owner, id: string, afterEvent: number): Promise<PaymentHistory | undefined> {
    return this.read(async (kysely) => {
      const named = kysely.selectFrom('payment_sessions').selectAll().where('id', '=', id);
      const row = await named.where(isOf(owner)).executeTakeFirst();
      if (row === undefined) return undefined;
      // Events that are added between the two queries have higher numbers.
      const events = await kysely
        .selectFrom('payment_session_events')
        .selectAll()
        .where('payment_session_id', '=', id)
        .where('number', '>', afterEvent)
        .where('number', '<=', row.event_count)
        .orderBy('number')
        .execute();
      return { payment: toPayment(row, this.keys), eventCount: row.event_count, events: events.map(toEvent) };
    });
  }

  countEvents(paymentIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.read(async (kysely) => {
      const counts = kysely.selectFrom('payment_sessions').select(['id', 'event_count']);
      const rows = await counts.where('id', 'in', paymentIds).execute();
      return new Map(rows.map(({ id, event_count }) => [id, event_count]));
    });
  }
}

/** The row is found by id first: a request for another client's payment costs as much as one for a missing payment. */
function isOf(owner: Owner): Expression<SqlBool> {
  return owner === ALL_OWNERS ? sql<boolean>`true` : sql<boolean>`caller = ${owner}`;
}
