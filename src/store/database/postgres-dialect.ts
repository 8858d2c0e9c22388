import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver } from 'kysely';
import type { PostgresPool } from './postgres-pool.js';
import { PostgresSession } from './postgres-session.js';

/** A Kysely dialect whose connections are sessions of the pool, which begin transactions with durable settings. */
export function postgresDialect(pool: PostgresPool): Dialect {
  return {
    createDriver: () => driverOf(pool),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function driverOf(pool: PostgresPool): Driver {
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => pool.acquire(),
    beginTransaction: (connection) => {
      sessionOf(connection).begin();
      return Promise.resolve();
    },
    commitTransaction: (connection) => sessionOf(connection).commit(),
    rollbackTransaction: (connection) => sessionOf(connection).rollback(),
    releaseConnection: (connection) => {
      sessionOf(connection).release();
      return Promise.resolve();
    },
    destroy: () => pool.end(),
  };
}

/** Kysely knows connections by their interface only. */
function sessionOf(connection: DatabaseConnection): PostgresSession {
  if (connection instanceof PostgresSession) return connection;
  throw new TypeError('a connection of another pool');
}
