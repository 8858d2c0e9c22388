import { ExpressionWrapper, Kysely, sql } from 'kysely';
import type { CompiledQuery, OperationNodeSource } from 'kysely';
import pg from 'pg';
import type { Database, Queryable } from './database.js';
import { PostgresChanges } from './postgres-changes.js';
import { postgresDialect } from './postgres-dialect.js';
import { checkPostgres } from './postgres-requirements.js';
import { PostgresPool } from './postgres-pool.js';
import { PostgresSettings, QUERY_TIMEOUT_MS } from './postgres-settings.js';
import { retried } from './retried-writes.js';
import type { Tables } from './tables.js';
import { KeyedMutex } from '../../lib/keyed-mutex.js';

const CONNECT_TIMEOUT_MS = 3_000;
const NO_TIMEOUT = 0;
// Any number, as long as no other program of the database server takes it.
const MIGRATION_LOCK = 7_350_214_081;
// Likewise; locks of two numbers never meet those of one.
const ALONE_LOCKS = 735_021_408;

interface Written {
  readonly at: number;
}

type Run = (statement: CompiledQuery<Written>) => Promise<readonly Written[]>;

/** A database on a PostgreSQL server that any number of replicas share. */
export async function openPostgres(url: string): Promise<Database> {
  const connection = connectionTo(url);
  const { isDirect, commit } = await checkPostgres(connection);
  const pool = new PostgresPool(connection, new PostgresSettings(commit), isDirect);
  const kysely = new Kysely<Tables>({ dialect: postgresDialect(pool) });
  const changes = new PostgresChanges(connection);
  const turns = new KeyedMutex();
  return {
    nowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    dialect: 'postgres',
    changes,
    ...queryableOn(kysely, (statement) => retried(() => pool.use((session) => session.write<Written>(statement)))),
    write: (unit) => retried(() => kysely.transaction().execute(unit)),
    // Whoever waits here holds no connection that others need.
    writeExclusive: (name, unit) =>
      turns.run(name, () =>
        retried(() =>
          kysely.transaction().execute(async (transaction) => {
            await sql`select pg_advisory_xact_lock(${ALONE_LOCKS}, hashtext(${name}))`.execute(transaction);
            return unit(
              queryableOn(transaction, async (statement) => (await transaction.executeQuery(statement)).rows),
            );
          }),
        ),
      ),
    migrate: async (work) => {
      // An index over millions of rows takes its time, and so does waiting for another replica that builds it.
      const settings = new PostgresSettings(commit, NO_TIMEOUT);
      const patient = new Kysely<Tables>({
        dialect: postgresDialect(new PostgresPool({ ...connection, query_timeout: NO_TIMEOUT }, settings, isDirect)),
      });
      const migrateAlone = () =>
        patient.transaction().execute(async (transaction) => {
          await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
          await work(transaction);
        });
      try {
        await retried(migrateAlone, Infinity);
      } finally {
        await patient.destroy();
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
    conditionalWrite: async (gate, followers) => {
      const taken = {
        applied: sql<boolean>`exists (select from won)`,
        at: sql<number>`(select at from won)`,
        // Not the table: a statement does not see what it has written.
        first: () => sql`follower_0`,
      };
      const dependents = followers(taken).map(
        (query, index) => sql`, ${sql.id(`follower_${index}`)} as (${embedded(query)})`,
      );
      const statement = sql<Written>`with won as (${embedded(gate)}) ${sql.join(dependents, sql``)} select at from won`;
      const rows = await run(statement.compile(kysely));
      return rows[0]?.at;
    },
  };
}

function embedded(query: OperationNodeSource) {
  return new ExpressionWrapper(query.toOperationNode());
}

function connectionTo(connectionString: string): pg.ClientConfig {
  // Amounts and times fit a number, so 64-bit integers are not left as text.
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
