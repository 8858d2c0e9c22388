import { sql } from 'kysely';
import type { DataKeys } from '../encryption/data-keys.js';
import { dueIds } from './lease-due.js';
import type { Database } from '../database/database.js';
import { unseal } from './payment-rows.js';
import type { StoreHealth } from '../database/store-health.js';
import type { OrphanedSession, OrphanStore } from '../contracts/orphan-store.js';

const DUE = { table: 'abandoned_attempts', id: 'id', dueAt: 'next_cancel_at' } as const;

/** Orphaned sessions in SQL. */
export class SqlOrphanStore implements OrphanStore {
  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
  ) {}

  leaseDue(limit: number, leaseMs: number): Promise<OrphanedSession[]> {
    return this.health.guard(() =>
      this.database.write(async (transaction) => {
        const due = dueIds<number>(this.database, DUE, limit);
        const rows = await transaction
          .updateTable('abandoned_attempts')
          .set({ next_cancel_at: sql<number>`${this.database.nowMs} + ${sql.lit(leaseMs)}` })
          .where('id', 'in', due)
          .returning(['id', 'payment_session_id', 'session_id'])
          .execute();
        return rows.map(({ id, payment_session_id: paymentId, session_id }) => ({
          ...{ id, paymentId },
          sessionId: unseal(this.keys, session_id, 'session_id', paymentId),
        }));
      }),
    );
  }

  resolve(id: number): Promise<void> {
    return this.health.guard(async () => {
      await this.database.write((transaction) =>
        transaction.updateTable('abandoned_attempts').set({ next_cancel_at: null }).where('id', '=', id).execute(),
      );
    });
  }
}
