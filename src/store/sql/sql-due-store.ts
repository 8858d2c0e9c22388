import { sql } from 'kysely';
import type { PaymentSession } from '../../domain/payment.js';
import type { Backlog, DueStore } from '../contracts/status-store.js';
import { toPayment } from './payment-rows.js';
import { SqlStore, dueIds, fromNow, nowOnce } from './sql-store.js';

/** Further due payments are not counted, so that monitoring does not slow down polling. */
const MAX_COUNTED = 100_000;

const DUE = { table: 'payment_sessions', id: 'id', dueAt: 'next_check_at' } as const;

/** Lookups in SQL. A payment is due by its `next_check_at`, which is null for one that cannot be looked up. */
export class SqlDueStore extends SqlStore implements DueStore {
  leaseDue(limit: number, leaseMs: number): Promise<PaymentSession[]> {
    return this.write(async (transaction) => {
      const rows = await transaction
        .updateTable('payment_sessions')
        .set({ next_check_at: fromNow(this.database, leaseMs) })
        .where('id', 'in', dueIds<string>(this.database, DUE, limit))
        .returningAll()
        .execute();
      return rows.map((row) => toPayment(row, this.keys));
    });
  }

  scheduleCheck(paymentId: string, inMs: number | undefined): Promise<void> {
    return this.#schedule([paymentId], inMs);
  }

  reserve(paymentIds: readonly string[], forMs: number): Promise<void> {
    return this.#schedule(paymentIds, forMs);
  }

  backlog(): Promise<Backlog> {
    return this.read(async (kysely) => {
      const due = kysely
        .selectFrom('payment_sessions')
        .select('next_check_at as at')
        .where('next_check_at', '<=', nowOnce(this.database))
        .orderBy('next_check_at')
        .limit(MAX_COUNTED);
      const { count, lag } = await kysely
        .selectFrom(due.as('due'))
        .select((is) => [
          is.fn.countAll<number>().as('count'),
          sql<number | null>`${this.database.nowMs} - ${is.fn.min('at')}`.as('lag'),
        ])
        .executeTakeFirstOrThrow();
      return { due: count, lagMs: Math.max(0, lag ?? 0) };
    });
  }

  async #schedule(paymentIds: readonly string[], inMs: number | undefined): Promise<void> {
    await this.write((transaction) =>
      transaction
        .updateTable('payment_sessions')
        .set({ next_check_at: inMs === undefined ? null : fromNow(this.database, inMs) })
        .where('id', 'in', paymentIds)
        .where('next_check_at', 'is not', null)
        .execute(),
    );
  }
}
