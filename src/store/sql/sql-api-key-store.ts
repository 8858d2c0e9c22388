import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { SCOPES } from '../../domain/api-client.js';
import type { ApiKey, ApiKeyStore, NewApiKey } from '../contracts/api-key-store.js';
import type { Row, Tables } from '../database/tables.js';
import { SqlStore } from './sql-store.js';

/** API keys in SQL. */
export class SqlApiKeyStore extends SqlStore implements ApiKeyStore {
  add(key: NewApiKey): Promise<void> {
    return this.write((transaction) => this.#insert(transaction, key));
  }

  find(prefix: string): Promise<ApiKey | undefined> {
    return this.read(async (kysely) => {
      const row = await kysely.selectFrom('api_keys').selectAll().where('prefix', '=', prefix).executeTakeFirst();
      return row && toApiKey(row);
    });
  }

  list(): Promise<ApiKey[]> {
    return this.read(async (kysely) => {
      const rows = await kysely.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('prefix').execute();
      return rows.map(toApiKey);
    });
  }

  replace(prefix: string, key: NewApiKey, expiresAt: Date): Promise<boolean> {
    const atMs = sql.lit(expiresAt.getTime());
    return this.write(async (transaction) => {
      const expires_at = sql<number>`case when expires_at < ${atMs} then expires_at else ${atMs} end`;
      const expiring = transaction.updateTable('api_keys').set({ expires_at }).where('prefix', '=', prefix);
      const replaced = await expiring.where('revoked_at', 'is', null).returning('prefix').executeTakeFirst();
      if (replaced === undefined) return false;
      await this.#insert(transaction, key);
      return true;
    });
  }

  revoke(prefix: string): Promise<boolean> {
    return this.write(async (transaction) => {
      const revoked_at = sql<number>`coalesce(revoked_at, ${this.database.nowMs})`;
      const revoking = transaction.updateTable('api_keys').set({ revoked_at }).where('prefix', '=', prefix);
      return (await revoking.returning('prefix').executeTakeFirst()) !== undefined;
    });
  }

  async #insert(transaction: Kysely<Tables>, { prefix, hash, ...key }: NewApiKey): Promise<void> {
    const { clientId: caller, expiresAt } = key;
    const scopes = JSON.stringify(key.scopes);
    const times = { created_at: this.database.nowMs, expires_at: expiresAt?.getTime() ?? null };
    await transaction
      .insertInto('api_keys')
      .values({ prefix, hash, caller, scopes, ...times })
      .execute();
  }
}

function toApiKey(row: Row<'api_keys'>): ApiKey {
  // Scopes that only a later release knows are ignored.
  const stored = JSON.parse(row.scopes) as readonly string[];
  return {
    prefix: row.prefix,
    hash: row.hash,
    clientId: row.caller,
    scopes: SCOPES.filter((scope) => stored.includes(scope)),
    createdAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at),
    revokedAt: row.revoked_at === null ? undefined : new Date(row.revoked_at),
  };
}
