import { sql } from 'kysely';
import type { PaymentSession } from '../../domain/payment.js';
import type { DataKeys } from '../encryption/data-keys.js';
import { dueIds, nowOnce } from './lease-due.js';
import type { Database } from '../database/database.js';
import { toPayment } from './payment-rows.js';
import type { StoreHealth } from '../database/store-health.js';
import type { Backlog, DueStore } from '../contracts/status-store.js';

/** Further due payments are not counted, so that monitoring does not slow down polling. */
const MAX_COUNTED = 100_000;

const DUE = { table: 'payment_sessions', id: 'id', dueAt: 'next_check_at' } as const;

/** Lookups in SQL. A payment is due by its `next_check_at`, which is null for one that cannot be looked up. */
export class SqlDueStore implements DueStore {
  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
  ) {}

  leaseDue(limit: number, leaseMs: number): Promise<PaymentSession[]> {
    return this.health.guard(() =>
      this.database.write(async (transaction) => {
        const due = dueIds<string>(this.database, DUE, limit);
        const rows = await transaction
          .updateTable('payment_sessions')
          .set({ next_check_at: this.#inMs(leaseMs) })
          .where('id', 'in', due)
          .returningAll()
          .execute();
        return rows.map((row) => toPayment(row, this.keys));
      }),
    );
  }

  scheduleCheck(paymentId: string, inMs: number | undefined): Promise<void> {
    return this.health.guard(async () => {
      await this.database.write((transaction) =>
        transaction
          .updateTable('payment_sessions')
          .set({ next_check_at: inMs === undefined ? null : this.#inMs(inMs) })
          .where('id', '=', paymentId)
          .where('next_check_at', 'is not', null)
          .execute(),
      );
    });
  }

  reserve(paymentIds: readonly string[], forMs: number): Promise<void> {
    return this.health.guard(async () => {
      await this.database.write((transaction) =>
        transaction
          .updateTable('payment_sessions')
          .set({ next_check_at: this.#inMs(forMs) })
          .where('id', 'in', paymentIds)
          .where('next_check_at', 'is not', null)
          .execute(),
      );
    });
  }

  backlog(): Promise<Backlog> {
    const due = this.database.kysely
      .selectFrom('payment_sessions')
      .select('next_check_at as at')
      .where('next_check_at', '<=', nowOnce(this.database))
      .orderBy('next_check_at')
      .limit(MAX_COUNTED);
    return this.health.guard(async () => {
      const { count, lag } = await this.database.kysely
        .selectFrom(due.as('due'))
        .select((is) => [
          is.fn.countAll<number>().as('count'),
          sql<number | null>`${this.database.nowMs} - ${is.fn.min('at')}`.as('lag'),
        ])
        .executeTakeFirstOrThrow();
      return { due: count, lagMs: Math.max(0, lag ?? 0) };
    });
  }

  #inMs(ms: number) {
    return sql<number>`${this.database.nowMs} + ${sql.lit(Math.round(ms))}`;
  }
}
