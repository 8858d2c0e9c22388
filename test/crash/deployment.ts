import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.js';
import { TestPgbouncer } from '../support/pgbouncer.js';
import { HOSTILE_SETTINGS, TestPostgres } from '../support/postgres.js';
import { TestSandbox } from '../support/sandbox.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { isInProgress } from './key-history.js';
import type { Connections } from './disturbances.js';
import type { StoreRows } from './evidence.js';
import { Replica } from './replica.js';
import { ENVIRONMENT, TIMEOUTS_MS } from './settings.js';
import type { Settings } from './settings.js';
import { readPostgres, readSqlite } from './store-rows.js';

/** Flinks responds after this time, so that faults can happen during calls. */
const FLINKS_LATENCY_MS = 15;

/** The replicas, the sandbox, the database, and a proxy on each connection of each replica. */
export class Deployment {
  readonly replicas: Replica[] = [];
  readonly connections: Connections[] = [];

  private constructor(
    readonly sandbox: TestSandbox,
    readonly postgres: TestPostgres | undefined,
    private readonly pooler: TestPgbouncer | undefined,
    private readonly file: SqliteFile,
    private readonly database: string,
  ) {}

  static async start({ store, replicas }: Settings): Promise<Deployment> {
    const sandbox = await new TestSandbox({ latencyMs: FLINKS_LATENCY_MS }).start();
    const postgres = store === 'sqlite' ? undefined : await new TestPostgres().start();
    const isPooled = store === 'pgbouncer';
    const database = (await postgres?.createDatabase('', isPooled ? HOSTILE_SETTINGS : {})) ?? '';
    const pooler = isPooled && postgres !== undefined ? await TestPgbouncer.start(postgres.port) : undefined;
    const deployment = new Deployment(sandbox, postgres, pooler, await new SqliteFile().start(), database);
    while (deployment.replicas.length < replicas) await deployment.#addReplica();
    return deployment;
  }

  /**
   * Waits until no attempt is in progress. A gateway with a SQLite file ends attempts of earlier processes at its start. Replicas
   * on PostgreSQL do so only after the lease of an attempt has expired.
   */
  async waitUntilIdle(): Promise<void> {
    await sleep(TIMEOUTS_MS.mutation);
    const until = performance.now() + 2 * TIMEOUTS_MS.lease;
    while (this.postgres !== undefined && performance.now() < until && (await this.rows()).keys.some(isInProgress))
      await sleep(100);
  }

  /** Makes the existing database sessions read-only. Resolves to a function that ends the failover. */
  failOver(): Promise<() => Promise<void>> {
    if (this.postgres === undefined) throw new Error('a SQLite file has no sessions');
    return this.postgres.failOver(this.database);
  }

  rows(): Promise<StoreRows> {
    return this.postgres === undefined ? readSqlite(this.file) : readPostgres(this.postgres, this.database);
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.kill()));
    await this.sandbox.stop();
    for (const { flinks, store } of this.connections) await Promise.all([flinks.close(), store?.close()]);
    await this.pooler?.stop();
    await this.postgres?.stop();
    await this.file.stop();
  }

  async #addReplica(): Promise<void> {
    const flinks = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(this.sandbox.url).port) });
    const storePort = (this.pooler ?? this.postgres)?.port;
    const store = storePort === undefined ? undefined : await TcpProxy.start({ host: '127.0.0.1', port: storePort });
    this.connections.push({ flinks, store });
    const port = await freePort();
    const environment = {
      ...ENVIRONMENT,
      PORT: String(port),
      FLINKS_BASE_URL: `http://127.0.0.1:${flinks.port}`,
      // All replicas return the same links.
      FLINKS_APP_URL: `${this.sandbox.url}/app/`,
      DATABASE_URL: this.postgres?.databaseUrl(this.database, store?.port) ?? this.file.url,
    };
    this.replicas.push(new Replica(this.replicas.length, `http://127.0.0.1:${port}`, environment));
  }
}
