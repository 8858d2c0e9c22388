import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { Sensitive } from '../../domain/sensitive.js';
import type { DataKeys } from '../encryption/data-keys.js';
import { dueIds } from './lease-due.js';
import type { Database } from '../database/database.js';
import type { StoreHealth } from '../database/store-health.js';
import type { InboxCounts, InboxEvent, InboxStore } from '../contracts/inbox-store.js';
import type { WebhookInboxTable } from '../database/tables.js';

type LeasedRow = Pick<Selectable<WebhookInboxTable>, 'digest' | 'payload'> & { readonly age_ms: number };

const DUE = { table: 'webhook_inbox', id: 'digest', dueAt: 'next_attempt_at' } as const;

/** Webhook events in SQL, by a keyed digest of their bytes, so that the same bytes are stored once. */
export class SqlInboxStore implements InboxStore {
  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
  ) {}

  add(body: Sensitive<Buffer>, state: 'WAITING' | 'UNREADABLE'): Promise<boolean> {
    const text = toText(body);
    const digest = this.keys.indexOf(text);
    const { nowMs } = this.database;
    return this.health.guard(() =>
      this.database.write(async (transaction) => {
        // With whichever key it was indexed.
        const existing = await transaction
          .selectFrom('webhook_inbox')
          .select('digest')
          .where('digest', 'in', this.keys.indexesOf(text))
          .executeTakeFirst();
        if (existing !== undefined) return false;
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
          .execute();
        return added.length > 0;
      }),
    );
  }

  leaseDue(limit: number, leaseMs: number): Promise<InboxEvent[]> {
    return this.health.guard(() =>
      this.database.write(async (transaction) => {
        const due = dueIds<string>(this.database, DUE, limit);
        const rows = await transaction
          .updateTable('webhook_inbox')
          .set({ next_attempt_at: this.#inMs(leaseMs), attempts: sql`attempts + 1` })
          .where('digest', 'in', due)
          .returning(['digest', 'payload', sql<number>`${this.database.nowMs} - received_at`.as('age_ms')])
          .execute();
        return rows.map((row) => this.#toEvent(row));
      }),
    );
  }

  reschedule(id: string, inMs: number): Promise<void> {
    return this.health.guard(async () => {
      await this.database.write((transaction) =>
        transaction
          .updateTable('webhook_inbox')
          .set({ next_attempt_at: this.#inMs(inMs) })
          .where('digest', '=', id)
          .where('state', '=', 'WAITING')
          .execute(),
      );
    });
  }

  complete(id: string, paymentId: string | undefined): Promise<void> {
    return this.health.guard(() =>
      this.database.write(async (transaction) => {
        await transaction
          .updateTable('webhook_inbox')
          .set({
            state: paymentId === undefined ? 'UNMATCHED' : 'DONE',
            next_attempt_at: null,
            payment_session_id: paymentId ?? null,
          })
          .where('digest', '=', id)
          .execute();
        // Data that was erased from a payment must not come back with its late events.
        await transaction
          .deleteFrom('webhook_inbox')
          .where('digest', '=', id)
          .where('payment_session_id', 'in', (from) =>
            from
              .selectFrom('payment_sessions')
              .select('id')
              .where('id', '=', paymentId ?? '')
              .where('customer_name', 'is', null),
          )
          .execute();
      }),
    );
  }

  counts(): Promise<InboxCounts> {
    return this.health.guard(async () => {
      // A literal, because SQLite does not recognize otherwise that the index matches.
      const { rows } = await sql<{ state: keyof InboxCounts; events: number }>`
        select state, count(*) as events from webhook_inbox where state <> 'DONE' group by state`.execute(
        this.database.kysely,
      );
      return {
        WAITING: 0,
        UNMATCHED: 0,
        UNREADABLE: 0,
        ...Object.fromEntries(rows.map((row) => [row.state, row.events])),
      };
    });
  }

  #toEvent({ digest, payload, age_ms }: LeasedRow): InboxEvent {
    const text = this.keys.unsealIfPossible(payload, aadFor(digest));
    const body = text && new Sensitive(Buffer.from(text.reveal(), 'latin1'));
    return { id: digest, body, ageMs: age_ms };
  }

  #inMs(ms: number) {
    return sql<number>`${this.database.nowMs} + ${sql.lit(Math.round(ms))}`;
  }
}

function aadFor(digest: string): string {
  return `webhook ${digest}`;
}

/** One character per byte, because the signed bytes may not be UTF-8. */
function toText(body: Sensitive<Buffer>): Sensitive<string> {
  return new Sensitive(body.reveal().toString('latin1'));
}
