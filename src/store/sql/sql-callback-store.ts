import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { CallbackStore, CallbackSubscription, NewCallbackSubscription } from '../contracts/callback-store.js';
import type { Tables } from '../database/tables.js';
import { SqlStore, fromNow } from './sql-store.js';

/** A replica that was paused for less than this may still be adding a subscription under its old lease. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/** Callback subscriptions in SQL. Each replica has one lease: renewing it is one write for thousands of them. */
export class SqlCallbackStore extends SqlStore implements CallbackStore {
  renew(holder: string, forMs: number): Promise<boolean> {
    const leaseUntil = fromNow(this.database, forMs);
    return this.write(async (transaction) => {
      const renewed = await transaction
        .updateTable('callback_holders')
        .set({ lease_until: leaseUntil })
        .where('id', '=', holder)
        .where('lease_until', '>', this.database.nowMs)
        .returning('id')
        .executeTakeFirst();
      if (renewed !== undefined) return true;
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
    const { key, clientId, afterEvent } = subscription;
    const id = this.keys.indexOf(key);
    const registration = this.keys.seal(subscription.registration, aadFor(id));
    return this.write(async (transaction) => {
      // With whichever key it was indexed.
      await transaction.deleteFrom('callback_subscriptions').where('id', 'in', this.keys.indexesOf(key)).execute();
      const added = await sql`insert into callback_subscriptions (id, caller, registration, after_event, holder)
        select ${id}, ${clientId}, ${registration}, ${sql.lit(afterEvent)}, ${holder}
        where (select count(*) from callback_subscriptions) < ${sql.lit(limit)}
        on conflict (id) do update set caller = excluded.caller, registration = excluded.registration,
          after_event = excluded.after_event, holder = excluded.holder
        returning id`.execute(transaction);
      return added.rows.length > 0 ? id : undefined;
    });
  }

  async takeOver(holder: string, limit: number): Promise<CallbackSubscription[]> {
    const isFree = sql<boolean>`(holder is null or holder in
            (select id from callback_holders where lease_until <= ${this.database.nowMs}))`;
    const rows = await this.write((transaction) => {
      const free = transaction
        .selectFrom('callback_subscriptions')
        .select('id')
        .where(isFree)
        .limit(limit)
        .$if(this.database.dialect === 'postgres', (query) => query.forUpdate().skipLocked());
      const taken = transaction.updateTable('callback_subscriptions').set({ holder }).where('id', 'in', free);
      return taken.returningAll().execute();
    });
    return rows.map(({ id, caller: clientId, registration, after_event: afterEvent }) => ({
      ...{ id, clientId, afterEvent },
      registration: this.keys.unsealIfPossible(registration, aadFor(id)),
    }));
  }

  holds(holder: string, id: string): Promise<boolean> {
    return this.read(async (kysely) => {
      return (await selectHeldBy(kysely, holder).where('id', '=', id).executeTakeFirst()) !== undefined;
    });
  }

  heldBy(holder: string): Promise<ReadonlySet<string>> {
    return this.read(async (kysely) => {
      const rows = await selectHeldBy(kysely, holder).execute();
      return new Set(rows.map(({ id }) => id));
    });
  }

  async letGo(holder: string, ids: readonly string[]): Promise<void> {
    await this.write((transaction) =>
      updateHeldBy(transaction, holder).set({ holder: null }).where('id', 'in', ids).execute(),
    );
  }

  advance(holder: string, id: string, event: number): Promise<boolean> {
    return this.write(async (transaction) => {
      const advancing = updateHeldBy(transaction, holder).set({ after_event: event }).where('id', '=', id);
      return (await advancing.returning('id').executeTakeFirst()) !== undefined;
    });
  }

  async remove(holder: string, id: string): Promise<void> {
    await this.write((transaction) =>
      transaction.deleteFrom('callback_subscriptions').where('id', '=', id).where('holder', '=', holder).execute(),
    );
  }

  async release(holder: string): Promise<void> {
    await this.write(async (transaction) => {
      await updateHeldBy(transaction, holder).set({ holder: null }).execute();
      // The holder is not deleted: a subscription that it is adding at this moment could not be taken over.
      await transaction.updateTable('callback_holders').set({ lease_until: 0 }).where('id', '=', holder).execute();
    });
  }

  /** Removes holders whose lease expired long ago. One that has subscriptions is kept: others find them through it. */
  async #removeExpiredHolders(transaction: Kysely<Tables>): Promise<void> {
    await transaction
      .deleteFrom('callback_holders')
      .where('lease_until', '<=', sql<number>`${this.database.nowMs} - ${sql.lit(FORGOTTEN_AFTER_MS)}`)
      .where(sql<boolean>`not exists (select 1 from callback_subscriptions where holder = callback_holders.id)`)
      .execute();
  }
}

function selectHeldBy(kysely: Kysely<Tables>, holder: string) {
  return kysely.selectFrom('callback_subscriptions').select('id').where('holder', '=', holder);
}

function updateHeldBy(transaction: Kysely<Tables>, holder: string) {
  return transaction.updateTable('callback_subscriptions').where('holder', '=', holder);
}

function aadFor(id: string): string {
  return `callback subscription ${id}`;
}
