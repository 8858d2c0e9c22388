import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect } from 'kysely';
import pg from 'pg';
import { PostgresSession } from './postgres-session.js';
import type { PostgresSettings } from './postgres-settings.js';

const MAX_CONNECTIONS = 10;

/**
 * Connections to one server. Direct ones are opened with the settings that writes need, so that a single statement
 * needs no transaction. A pooler would hand them to others, so through one each transaction sets its own settings.
 */
export class PostgresPool {
  readonly #pool: pg.Pool;
  readonly #prepared = new WeakSet<pg.ClientBase>();
  /** Connections of an earlier generation lead to a server that one of them found to be stale. */
  #generation = 0;
  readonly #generations = new WeakMap<pg.ClientBase, number>();

  constructor(
    connection: pg.ClientConfig,
    private readonly settings: PostgresSettings,
    isDirect: boolean,
  ) {
    this.#pool = new pg.Pool({
      ...connection,
      max: MAX_CONNECTIONS,
      pipeline: true,
      ...(isDirect && { Client: clientWith(settings.parameters) }),
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- awaited by the pool, whatever its type says
      onConnect: async (client) => {
        // The pool listens for errors only while the connection is idle. One that breaks in use fails its next query.
        client.on('error', () => undefined);
        this.#generations.set(client, this.#generation);
        if (isDirect && (await hasParameters(client, settings.parameters))) this.#prepared.add(client);
      },
    });
    // A connection that breaks while idle leaves the pool by itself; unheard, the event would end the process.
    this.#pool.on('error', () => undefined);
  }

  /** Takes a connection of the current generation from the pool. Release it after use. */
  async acquire(): Promise<PostgresSession> {
    for (;;) {
      const client = await this.#pool.connect();
      const generation = this.#generations.get(client);
      if (generation === this.#generation) return this.#sessionOn(client, generation);
      client.release(true);
    }
  }

  /** Runs `work` with a session and releases it afterwards. */
  async use<T>(work: (session: PostgresSession) => Promise<T>): Promise<T> {
    const session = await this.acquire();
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }

  /** A Kysely dialect whose connections are sessions of the pool, which begin transactions with durable settings. */
  get dialect(): Dialect {
    return {
      createDriver: () => ({
        init: () => Promise.resolve(),
        acquireConnection: () => this.acquire(),
        beginTransaction: (connection) => sessionOf(connection).begin(),
        commitTransaction: (connection) => sessionOf(connection).commit(),
        rollbackTransaction: (connection) => sessionOf(connection).rollback(),
        releaseConnection: (connection) => {
          sessionOf(connection).release();
          return Promise.resolve();
        },
        destroy: () => this.#pool.end(),
      }),
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    };
  }

  #sessionOn(client: pg.PoolClient, generation: number): PostgresSession {
    return new PostgresSession(client, {
      begin: this.settings.begin,
      isPrepared: this.#prepared.has(client),
      onStale: () => (this.#generation = Math.max(this.#generation, generation + 1)),
    });
  }
}

/** A client class whose connections are opened with additional parameters. */
function clientWith(parameters: Readonly<Record<string, string>>): new () => pg.Client {
  return class extends pg.Client {
    override getStartupConf() {
      return { ...super.getStartupConf(), ...parameters };
    }
  };
}

/** Checks that the parameters took effect: something in between may have dropped them. */
async function hasParameters(client: pg.ClientBase, parameters: Readonly<Record<string, string>>): Promise<boolean> {
  const names = Object.keys(parameters);
  const query = 'select name, setting from pg_settings where name = any($1) and pg_backend_pid() = $2';
  const { rows } = await client.query<{ name: string; setting: string }>(query, [names, client.processID]);
  return rows.length === names.length && rows.every(({ name, setting }) => parameters[name] === setting);
}

/** Kysely knows connections by their interface only. */
function sessionOf(connection: DatabaseConnection): PostgresSession {
  if (connection instanceof PostgresSession) return connection;
  throw new TypeError('a connection of another pool');
}
