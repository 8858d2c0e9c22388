import { Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Database } from './database.js';
import { insertRowsPostgres } from './insert-rows.js';
import { PostgresChanges } from './postgres-changes.js';
import { PostgresPool } from './postgres-pool.js';
import { checkPostgres } from './postgres-requirements.js';
import { QUERY_TIMEOUT_MS, durableSettings } from './postgres-settings.js';
import { PostgresWrite } from './postgres-write.js';
import type { PostgresQuery, PostgresWriter } from './postgres-write.js';
import { retried } from './transaction-retry.js';
import type { Tables } from './tables.js';
import { KeyedBatches } from '../../lib/keyed-batches.js';

const CONNECT_TIMEOUT_MS = 3_000;
const NO_TIMEOUT = 0;
// Any number that no other program uses on the same database server.
const MIGRATION_LOCK = 7_350_214_081;
// Likewise. Locks of two numbers are separate from those of one.
const EXCLUSIVE_LOCKS = 735_021_408;
/** Exclusive writes in one transaction at the most: each waits for those before it. */
const MAX_BATCH = 50;

/** Opens a database on a PostgreSQL server that any number of replicas share; throws a `StoreConfigurationError`. */
export async function openPostgres(url: string): Promise<Database> {
  const connection = connectionTo(url);
  const { isDirect, commit } = await checkPostgres(connection);
  const pool = new PostgresPool(connection, durableSettings(commit), isDirect);
  const kysely = new Kysely<Tables>({ dialect: pool.dialect });
  const changes = new PostgresChanges(connection);
  const writer = writerOn(pool);
  return {
    kysely,
    nowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    dialect: 'postgres',
    changes,
    insertRows: insertRowsPostgres,
    listOf: (texts) => sql`(select unnest(${texts}::text[]))`,
    write: (unit) => retried(() => kysely.transaction().execute(unit)),
    prepareWrite: (definition) => new PostgresWrite(kysely, writer, definition),
    migrate: async (work) => {
      // Building an index over millions of rows takes long, and so does waiting for another replica that builds it.
      const settings = durableSettings(commit, NO_TIMEOUT);
      const unlimited = new Kysely<Tables>({
        dialect: new PostgresPool({ ...connection, query_timeout: NO_TIMEOUT }, settings, isDirect).dialect,
      });
      const migrateAlone = async (transaction: Kysely<Tables>) => {
        await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
        await work(transaction);
      };
      try {
        await retried(() => unlimited.transaction().execute(migrateAlone), Infinity);
      } finally {
        await unlimited.destroy();
      }
    },
    close: async () => {
      await changes.close();
      await kysely.destroy();
    },
  };
}

function writerOn(pool: PostgresPool): PostgresWriter {
  const transact = (queries: readonly PostgresQuery[]) => pool.use((session) => session.write(queries));
  // Those that wait here occupy no connection that others need.
  const batches = new KeyedBatches<() => PostgresQuery, object | undefined>(
    (name, queries) =>
      retried(async () => {
        const results = await transact([lockOf(name), ...queries.map((query) => query())]);
        return results.slice(1).map(([row]) => row);
      }),
    MAX_BATCH,
  );
  return {
    run: async (query) => (await retried(() => transact([query])))[0]?.[0],
    runExclusive: (name, query) => batches.add(name, query),
  };
}

function lockOf(name: string): PostgresQuery {
  const text = `select pg_advisory_xact_lock(${EXCLUSIVE_LOCKS}, hashtext($1))`;
  return { name: 'lock_client', text, values: [name] };
}

function connectionTo(connectionString: string): pg.ClientConfig {
  // Amounts and times fit a JavaScript number, so 64-bit integers are not returned as text.
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return {
    connectionString,
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'flinks-pay-graphql',
  };
}
