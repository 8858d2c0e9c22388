import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { CallbackStore, CallbackSubscription, NewCallbackSubscription } from '../contracts/callback-store.js';
import type { DataKeys } from '../encryption/data-keys.js';
import type { Database } from '../database/database.js';
import type { StoreHealth } from '../database/store-health.js';
import type { CallbackSubscriptionsTable, Tables } from '../database/tables.js';

/** A replica that was paused for less than this may still be adding a subscription under its old lease. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/**
 * Callback subscriptions in SQL. Each replica has one lease, so that thousands of subscriptions cost one write per
 * renewal.
 */
export class SqlCallbackStore implements CallbackStore {
  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
  ) {}

  renew(holder: string, forMs: number): Promise<boolean> {
    const { nowMs } = this.database;
    const leaseUntil = sql<number>`${nowMs} + ${sql.lit(forMs)}`;
    return this.#write(async (transaction) => {
      const renewed = await transaction
        .updateTable('callback_holders')
        .set({ lease_until: leaseUntil })
        .where('id', '=', holder)
        .where('lease_until', '>', nowMs)
        .returning('id')
        .execute();
      if (renewed.length > 0) return true;
      await this.#removeExpiredHolders(transaction);
      await transaction
        .insertInto('callback_holders')
        .values({ id: holder, lease_until: leaseUntil })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ lease_until: leaseUntil }))
        .execute();
      return false;
    });
  }

  add(holder: string, subscription: NewCallbackSubscription, limit: number): Promise<string | undefined> {
    const { key, clientId, registration, afterEvent } = subscription;
    const id = this.keys.indexOf(key);
    const row = {
      caller: clientId,
      registration: this.keys.seal(registration, aadFor(id)),
      after_event: afterEvent,
      holder,
    };
    return this.#write(async (transaction) => {
      // With whichever key it was indexed.
      await transaction.deleteFrom('callback_subscriptions').where('id', 'in', this.keys.indexesOf(key)).execute();
      const added = await sql`insert into callback_subscriptions (id, caller, registration, after_event, holder)
        select ${id}, ${row.caller}, ${row.registration}, ${sql.lit(row.after_event)}, ${row.holder}
        where (select count(*) from callback_subscriptions) < ${sql.lit(limit)}
        on conflict (id) do update set caller = excluded.caller, registration = excluded.registration,
          after_event = excluded.after_event, holder = excluded.holder
        returning id`.execute(transaction);
      return added.rows.length > 0 ? id : undefined;
    });
  }

  async takeOver(holder: string, limit: number): Promise<CallbackSubscription[]> {
    const rows = await this.#write((transaction) => {
      const free = transaction
        .selectFrom('callback_subscriptions')
        .select('id')
        .where(
          sql<boolean>`(holder is null or holder in
            (select id from callback_holders where lease_until <= ${this.database.nowMs}))`,
        )
        .limit(limit)
        .$if(this.database.dialect === 'postgres', (query) => query.forUpdate().skipLocked());
      return transaction
        .updateTable('callback_subscriptions')
        .set({ holder })
        .where('id', 'in', free)
        .returningAll()
        .execute();
    });
    return rows.map((row) => this.#toSubscription(row));
  }

  holds(holder: string, id: string): Promise<boolean> {
    return this.health.guard(async () => {
      const rows = await this.#heldBy(holder).where('id', '=', id).execute();
      return rows.length > 0;
    });
  }

  heldBy(holder: string): Promise<ReadonlySet<string>> {
    return this.health.guard(async () => {
      const rows = await this.#heldBy(holder).execute();
      return new Set(rows.map(({ id }) => id));
    });
  }

  letGo(holder: string, ids: readonly string[]): Promise<void> {
    return this.#write(async (transaction) => {
      await transaction
        .updateTable('callback_subscriptions')
        .set({ holder: null })
        .where('id', 'in', ids)
        .where('holder', '=', holder)
        .execute();
    });
  }

  advance(holder: string, id: string, event: number): Promise<boolean> {
    return this.#write(async (transaction) => {
      const advanced = await transaction
        .updateTable('callback_subscriptions')
        .set({ after_event: event })
        .where('id', '=', id)
        .where('holder', '=', holder)
        .returning('id')
        .execute();
      return advanced.length > 0;
    });
  }

  remove(holder: string, id: string): Promise<void> {
    return this.#write(async (transaction) => {
      await transaction
        .deleteFrom('callback_subscriptions')
        .where('id', '=', id)
        .where('holder', '=', holder)
        .execute();
    });
  }

  release(holder: string): Promise<void> {
    return this.#write(async (transaction) => {
      await transaction
        .updateTable('callback_subscriptions')
        .set({ holder: null })
        .where('holder', '=', holder)
        .execute();
      // The holder is not deleted: a subscription that it is adding at this moment could not be taken over.
      await transaction.updateTable('callback_holders').set({ lease_until: 0 }).where('id', '=', holder).execute();
    });
  }

  #heldBy(holder: string) {
    return this.database.kysely.selectFrom('callback_subscriptions').select('id').where('holder', '=', holder);
  }

  /**
   * Removes holders whose lease expired long ago. A holder is kept while it has subscriptions, because others find
   * through it what to take over.
   */
  async #removeExpiredHolders(transaction: Kysely<Tables>): Promise<void> {
    await transaction
      .deleteFrom('callback_holders')
      .where('lease_until', '<=', sql<number>`${this.database.nowMs} - ${sql.lit(FORGOTTEN_AFTER_MS)}`)
      .where(sql<boolean>`not exists (select 1 from callback_subscriptions where holder = callback_holders.id)`)
      .execute();
  }

  #toSubscription(row: Selectable<CallbackSubscriptionsTable>): CallbackSubscription {
    const { id, caller: clientId, registration, after_event: afterEvent } = row;
    return { id, clientId, registration: this.keys.unsealIfPossible(registration, aadFor(id)), afterEvent };
  }

  #write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.health.guard(() => this.database.write(unit));
  }
}

function aadFor(id: string): string {
  return `callback subscription ${id}`;
}
