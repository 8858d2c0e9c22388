import type { OrphanedSession, OrphanStore } from '../contracts/attempt-store.js';
import { unseal } from './payment-rows.js';
import { SqlStore, dueIds, fromNow } from './sql-store.js';

const DUE = { table: 'abandoned_attempts', id: 'id', dueAt: 'next_cancel_at' } as const;

/** Orphaned sessions in SQL. */
export class SqlOrphanStore extends SqlStore implements OrphanStore {
  leaseDue(limit: number, leaseMs: number): Promise<OrphanedSession[]> {
    return this.write(async (transaction) => {
      const rows = await transaction
        .updateTable('abandoned_attempts')
        .set({ next_cancel_at: fromNow(this.database, leaseMs) })
        .where('id', 'in', dueIds<number>(this.database, DUE, limit))
        .returning(['id', 'payment_session_id', 'session_id'])
        .execute();
      return rows.map(({ id, payment_session_id: paymentId, session_id }) => ({
        ...{ id, paymentId },
        sessionId: unseal(this.keys, session_id, 'session_id', paymentId),
      }));
    });
  }

  async resolve(id: number): Promise<void> {
    await this.write((transaction) =>
      transaction.updateTable('abandoned_attempts').set({ next_cancel_at: null }).where('id', '=', id).execute(),
    );
  }
}
