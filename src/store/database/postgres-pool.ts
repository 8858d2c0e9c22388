import pg from 'pg';
import './postgres-client.js';
import { PostgresSession } from './postgres-session.js';
import type { PostgresSettings } from './postgres-settings.js';

const MAX_CONNECTIONS = 10;

/**
 * Connections to one server. Where it is reached directly, connections are made with the settings that writes need, and a single
 * statement needs no more; through a pooler, which would hand them to others, each transaction brings its own.
 */
export class PostgresPool {
  readonly #pool: pg.Pool;
  readonly #prepared = new WeakSet<pg.ClientBase>();
  /** Connections of an earlier generation lead to where one of them was told that it is over. */
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
        // The pool listens only while the connection is idle; in use it may break between two queries, which fail by themselves.
        client.on('error', () => undefined);
        this.#generations.set(client, this.#generation);
        if (isDirect && (await carries(client, settings.parameters))) this.#prepared.add(client);
      },
    });
    // A connection that breaks while idle leaves the pool by itself; unheard, the event would end the process.
    this.#pool.on('error', () => undefined);
  }

  async acquire(): Promise<PostgresSession> {
    for (;;) {
      const client = await this.#pool.connect();
      const generation = this.#generations.get(client);
      if (generation === this.#generation) return this.#sessionOn(client, generation);
      client.release(true);
    }
  }

  /** Lends a session for a while. */
  async use<T>(work: (session: PostgresSession) => Promise<T>): Promise<T> {
    const session = await this.acquire();
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  #sessionOn(client: pg.PoolClient, generation: number): PostgresSession {
    return new PostgresSession(client, {
      begin: this.settings.begin,
      isPrepared: this.#prepared.has(client),
      onStale: () => (this.#generation = Math.max(this.#generation, generation + 1)),
    });
  }
}

/** Connections with parameters beside those of the URL. */
function clientWith(parameters: Readonly<Record<string, string>>): new () => pg.Client {
  return class extends pg.Client {
    override getStartupConf() {
      return { ...super.getStartupConf(), ...parameters };
    }
  };
}

/** Seen, not believed: what has come in between meanwhile may have let them fall. */
async function carries(client: pg.ClientBase, parameters: Readonly<Record<string, string>>): Promise<boolean> {
  const names = Object.keys(parameters);
  const query = 'select name, setting from pg_settings where name = any($1) and pg_backend_pid() = $2';
  const { rows } = await client.query<{ name: string; setting: string }>(query, [names, client.processID]);
  return rows.length === names.length && rows.every(({ name, setting }) => parameters[name] === setting);
}
