import { sql } from 'kysely';
import { Sensitive } from '../../domain/sensitive.js';
import type { InboxCounts, InboxEvent, InboxStore } from '../contracts/inbox-store.js';
import { SqlStore, dueIds, fromNow } from './sql-store.js';

const DUE = { table: 'webhook_inbox', id: 'digest', dueAt: 'next_attempt_at' } as const;

/** Webhook events in SQL, by a keyed digest of their bytes, so that the same bytes are stored once. */
export class SqlInboxStore extends SqlStore implements InboxStore {
  add(body: Sensitive<Buffer>, state: 'WAITING' | 'UNREADABLE'): Promise<boolean> {
    // One character per byte, because the signed bytes may not be UTF-8.
    const text = new Sensitive(body.reveal().toString('latin1'));
    const digest = this.keys.indexOf(text);
    const { nowMs } = this.database;
    return this.write(async (transaction) => {
      // With whichever key it was indexed.
      const stored = transaction.selectFrom('webhook_inbox').where('digest', 'in', this.keys.indexesOf(text));
      if ((await stored.select('digest').executeTakeFirst()) !== undefined) return false;
      const added = await transaction
        .insertInto('webhook_inbox')
        .values({
          digest,
          payload: this.keys.seal(text, aadFor(digest)),
          state,
          received_at: nowMs,
          next_attempt_at: state === 'WAITING' ? nowMs : null,
          attempts: 0,
          payment_session_id: null,
        })
        // Two replicas may receive the same event at once.
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .returning('digest')
        .executeTakeFirst();
      return added !== undefined;
    });
  }

  leaseDue(limit: number, leaseMs: number): Promise<InboxEvent[]> {
    return this.write(async (transaction) => {
      const rows = await transaction
        .updateTable('webhook_inbox')
        .set({ next_attempt_at: fromNow(this.database, leaseMs), attempts: sql`attempts + 1` })
        .where('digest', 'in', dueIds<string>(this.database, DUE, limit))
        .returning(['digest', 'payload', sql<number>`${this.database.nowMs} - received_at`.as('age_ms')])
        .execute();
      return rows.map(({ digest, payload, age_ms }) => {
        const text = this.keys.unsealIfPossible(payload, aadFor(digest));
        const body = text && new Sensitive(Buffer.from(text.reveal(), 'latin1'));
        return { id: digest, body, ageMs: age_ms };
      });
    });
  }

  async reschedule(id: string, inMs: number): Promise<void> {
    await this.write((transaction) =>
      transaction
        .updateTable('webhook_inbox')
        .set({ next_attempt_at: fromNow(this.database, inMs) })
        .where('digest', '=', id)
        .where('state', '=', 'WAITING')
        .execute(),
    );
  }

  async complete(id: string, paymentId: string | undefined): Promise<void> {
    const state = paymentId === undefined ? 'UNMATCHED' : 'DONE';
    await this.write(async (transaction) => {
      await transaction
        .updateTable('webhook_inbox')
        .set({ state, next_attempt_at: null, payment_session_id: paymentId ?? null })
        .where('digest', '=', id)
        .execute();
      // Data that was erased from a payment must not come back with its late events.
      const erased = transaction
        .selectFrom('payment_sessions')
        .select('id')
        .where('id', '=', paymentId ?? '')
        .where('customer_name', 'is', null);
      const event = transaction.deleteFrom('webhook_inbox').where('digest', '=', id);
      await event.where('payment_session_id', 'in', erased).execute();
    });
  }

  counts(): Promise<InboxCounts> {
    return this.read(async (kysely) => {
      // A literal, because SQLite does not recognize otherwise that the index matches.
      const { rows } = await sql<{ state: keyof InboxCounts; events: number }>`
        select state, count(*) as events from webhook_inbox where state <> 'DONE' group by state`.execute(kysely);
      const counts = Object.fromEntries(rows.map(({ state, events }) => [state, events]));
      return { WAITING: 0, UNMATCHED: 0, UNREADABLE: 0, ...counts };
    });
  }
}

function aadFor(digest: string): string {
  return `webhook ${digest}`;
}
