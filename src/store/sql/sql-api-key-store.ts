import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import { SCOPES } from '../../domain/api-client.js';
import type { ApiKey, ApiKeyStore, NewApiKey } from '../contracts/api-key-store.js';
import type { Database } from '../database/database.js';
import type { StoreHealth } from '../database/store-health.js';
import type { ApiKeysTable, Tables } from '../database/tables.js';

/** API keys in SQL. */
export class SqlApiKeyStore implements ApiKeyStore {
  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
  ) {}

  add(key: NewApiKey): Promise<void> {
    return this.#write((transaction) => this.#insert(transaction, key));
  }

  find(prefix: string): Promise<ApiKey | undefined> {
    return this.health.guard(async () => {
      const rows = await this.#keys().where('prefix', '=', prefix).execute();
      return rows.map(toApiKey)[0];
    });
  }

  list(): Promise<ApiKey[]> {
    return this.health.guard(async () => {
      const rows = await this.#keys().orderBy('created_at').orderBy('prefix').execute();
      return rows.map(toApiKey);
    });
  }

  replace(prefix: string, key: NewApiKey, expiresAt: Date): Promise<boolean> {
    const atMs = sql.lit(expiresAt.getTime());
    return this.#write(async (transaction) => {
      const replaced = await transaction
        .updateTable('api_keys')
        .set({ expires_at: sql<number>`case when expires_at < ${atMs} then expires_at else ${atMs} end` })
        .where('prefix', '=', prefix)
        .where('revoked_at', 'is', null)
        .returning('prefix')
        .execute();
      if (replaced.length > 0) await this.#insert(transaction, key);
      return replaced.length > 0;
    });
  }

  revoke(prefix: string): Promise<boolean> {
    return this.#write(async (transaction) => {
      const revoked = await transaction
        .updateTable('api_keys')
        .set({ revoked_at: sql<number>`coalesce(revoked_at, ${this.database.nowMs})` })
        .where('prefix', '=', prefix)
        .returning('prefix')
        .execute();
      return revoked.length > 0;
    });
  }

  #keys() {
    return this.database.kysely.selectFrom('api_keys').selectAll();
  }

  async #insert(transaction: Kysely<Tables>, { prefix, hash, clientId, scopes, expiresAt }: NewApiKey): Promise<void> {
    const expires_at = expiresAt?.getTime() ?? null;
    await transaction
      .insertInto('api_keys')
      .values({
        prefix,
        hash,
        caller: clientId,
        scopes: JSON.stringify(scopes),
        created_at: this.database.nowMs,
        expires_at,
      })
      .execute();
  }

  #write<T>(unit: (transaction: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.health.guard(() => this.database.write(unit));
  }
}

function toApiKey(row: Selectable<ApiKeysTable>): ApiKey {
  // Scopes that only a later release knows are ignored.
  const stored = JSON.parse(row.scopes) as readonly string[];
  return {
    prefix: row.prefix,
    hash: row.hash,
    clientId: row.caller,
    scopes: SCOPES.filter((scope) => stored.includes(scope)),
    createdAt: new Date(row.created_at),
    expiresAt: toDate(row.expires_at),
    revokedAt: toDate(row.revoked_at),
  };
}

function toDate(ms: number | null): Date | undefined {
  return ms === null ? undefined : new Date(ms);
}
