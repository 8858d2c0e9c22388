import { ExpressionWrapper, Kysely, sql } from 'kysely';
import type { CompiledQuery, OperationNodeSource } from 'kysely';
import pg from 'pg';
import type { AppliedWrite, Database, Queryable } from './database.js';
import { PostgresChanges } from './postgres-changes.js';
import { PostgresPool } from './postgres-pool.js';
import { checkPostgres } from './postgres-requirements.js';
import { QUERY_TIMEOUT_MS, durableSettings } from './postgres-settings.js';
import { retried } from './transaction-retry.js';
import type { Tables } from './tables.js';
import { KeyedMutex } from '../../lib/keyed-mutex.js';

const CONNECT_TIMEOUT_MS = 3_000;
const NO_TIMEOUT = 0;
// Any number that no other program uses on the same database server.
const MIGRATION_LOCK = 7_350_214_081;
// Likewise. Locks of two numbers are separate from those of one.
const EXCLUSIVE_LOCKS = 735_021_408;

type GuardRow = { readonly at: number };
type Run = (statement: CompiledQuery<GuardRow>) => Promise<readonly GuardRow[]>;

/** Opens a database on a PostgreSQL server that any number of replicas share; throws a `StoreConfigurationError`. */
export async function openPostgres(url: string): Promise<Database> {
  const connection = connectionTo(url);
  const { isDirect, commit } = await checkPostgres(connection);
  const pool = new PostgresPool(connection, durableSettings(commit), isDirect);
  const kysely = new Kysely<Tables>({ dialect: pool.dialect });
  const changes = new PostgresChanges(connection);
  const mutex = new KeyedMutex();
  return {
    nowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    dialect: 'postgres',
    changes,
    ...queryableOn(kysely, (statement) => retried(() => pool.use((session) => session.write<GuardRow>(statement)))),
    write: (unit) => retried(() => kysely.transaction().execute(unit)),
    // Units that wait here occupy no connection that others need.
    writeExclusive: (name, unit) =>
      mutex.run(name, () =>
        retried(() =>
          kysely.transaction().execute(async (transaction) => {
            await sql`select pg_advisory_xact_lock(${EXCLUSIVE_LOCKS}, hashtext(${name}))`.execute(transaction);
            const run: Run = async (statement) => (await transaction.executeQuery(statement)).rows;
            return unit(queryableOn(transaction, run));
          }),
        ),
      ),
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

function queryableOn(kysely: Kysely<Tables>, run: Run): Queryable {
  return {
    kysely,
    conditionalWrite: async (guard, dependents) => {
      const write: AppliedWrite = {
        kysely,
        applied: sql<boolean>`exists (select from applied)`,
        at: sql<number>`(select at from applied)`,
        // Not the table: a statement does not see its own writes.
        first: () => sql`dependent_0`,
      };
      const embed = (query: OperationNodeSource) => new ExpressionWrapper(query.toOperationNode());
      const queries = dependents(write).map(
        (query, index) => sql`, ${sql.id(`dependent_${index}`)} as (${embed(query)})`,
      );
      const statement = sql<GuardRow>`with applied as (${embed(guard)}) ${sql.join(queries, sql``)} select at from applied`;
      const rows = await run(statement.compile(kysely));
      return rows[0]?.at;
    },
  };
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
