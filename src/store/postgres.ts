import { ExpressionWrapper, Kysely, PostgresDialect, sql } from 'kysely';
import type { OperationNodeSource, PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Database, Queryable } from './database.js';
import { PostgresChanges } from './postgres-changes.js';
import type { Tables } from './tables.js';
import { Turns } from './turns.js';
import { UnfitStore } from './unfit-store.js';

const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 3_000;
// The server gives up first; the other limit is for a server that does not answer at all.
const STATEMENT_TIMEOUT_MS = 4_000;
const QUERY_TIMEOUT_MS = 5_000;
// Any number, as long as no other program of the database server takes it.
const MIGRATION_LOCK = 7_350_214_081;
// Likewise; locks of two numbers never meet those of one.
const ALONE_LOCKS = 735_021_408;

// A commit that was answered is on disk, whatever the server's default; more than that stays as it is.
const PREPARE_CONNECTION = `
  select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') <> 'remote_apply';
  set statement_timeout = ${STATEMENT_TIMEOUT_MS};
  set idle_in_transaction_session_timeout = ${QUERY_TIMEOUT_MS}`;

interface Written {
  readonly at: number;
}

/** A database on a PostgreSQL server that any number of replicas share. */
export async function openPostgres(url: string): Promise<Database> {
  const connection = connectionTo(url);
  const pool = createPool(connection);
  const changes = new PostgresChanges(connection);
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await refuseUnsafe(kysely);
  } catch (error) {
    await kysely.destroy();
    throw error instanceof UnfitStore
      ? error
      : new UnfitStore(
          'DATABASE_URL',
          `names a PostgreSQL that cannot be used: ${explain(error as Error & { code?: string })}`,
        );
  }
  const turns = new Turns();
  return {
    nowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    dialect: 'postgres',
    changes,
    ...queryableOn(kysely),
    write: (unit) => kysely.transaction().execute(unit),
    // Whoever waits here holds no connection that others need.
    writeAlone: (name, unit) =>
      turns.take(name, () =>
        // At a higher level queries would see what was there before the lock was taken.
        kysely
          .transaction()
          .setIsolationLevel('read committed')
          .execute(async (transaction) => {
            await sql`select pg_advisory_xact_lock(${ALONE_LOCKS}, hashtext(${name}))`.execute(transaction);
            return unit(queryableOn(transaction));
          }),
      ),
    migrate: async (work) => {
      // An index over millions of rows takes its time, and so does waiting for another replica that builds it.
      const patient = new Kysely<Tables>({
        dialect: new PostgresDialect({ pool: createPool({ ...connection, query_timeout: 0 }) }),
      });
      try {
        await patient.transaction().execute(async (transaction) => {
          await sql`set local statement_timeout = 0`.execute(transaction);
          await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(transaction);
          await work(transaction);
        });
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

/** One statement is one round trip, and by itself a transaction of its own. */
function queryableOn(kysely: Kysely<Tables>): Queryable {
  return {
    kysely,
    writeIf: async (gate, followers) => {
      const taken = {
        won: sql<boolean>`exists (select from won)`,
        at: sql<number>`(select at from won)`,
        // Not the table: a statement does not see what it has written.
        first: () => sql`follower_0`,
      };
      const dependents = followers(taken).map(
        (query, index) => sql`, ${sql.id(`follower_${index}`)} as (${embedded(query)})`,
      );
      const statement = sql<Written>`with won as (${embedded(gate)}) ${sql.join(dependents, sql``)} select at from won`;
      const { rows } = await statement.execute(kysely);
      return rows[0]?.at;
    },
  };
}

function embedded(query: OperationNodeSource) {
  return new ExpressionWrapper(query.toOperationNode());
}

async function refuseUnsafe(kysely: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ fsync: string }>`select current_setting('fsync') as fsync`.execute(kysely);
  if (rows[0]?.fsync !== 'on')
    throw new UnfitStore(
      'DATABASE_URL',
      'names a PostgreSQL with fsync off: it would lose payments when its machine fails',
    );
}

/** A connection that was tried at several addresses fails without a message. */
function explain({ message, code }: Error & { code?: string }): string {
  return message === '' ? (code ?? 'no answer') : message;
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

function createPool(connection: pg.ClientConfig): PostgresPool {
  const pool = new pg.Pool({
    ...connection,
    max: MAX_CONNECTIONS,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- awaited by the pool, whatever its type says
    onConnect: prepare,
  });
  // A connection that breaks while idle leaves the pool by itself; unheard, the event would end the process.
  pool.on('error', () => undefined);
  return { connect: async () => guard(await pool.connect()), end: () => pool.end() };
}

function prepare(client: pg.ClientBase): Promise<unknown> {
  // The pool listens only while the connection is idle; in use it may break between two queries, which fail by themselves.
  client.on('error', () => undefined);
  return client.query(PREPARE_CONNECTION);
}

/**
 * A connection that is closed, not given back, once anything but a refused statement has happened on it: after a timeout the
 * answer may still come, to the next one who asks.
 */
function guard(client: pg.PoolClient): PostgresPoolClient {
  let broken = false;
  const query = async (text: string, parameters: readonly unknown[]): Promise<unknown> => {
    try {
      return await client.query(text, [...parameters]);
    } catch (error) {
      broken ||= !(error instanceof pg.DatabaseError);
      throw error;
    }
  };
  return { query: query as PostgresPoolClient['query'], release: () => client.release(broken) };
}
