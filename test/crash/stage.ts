import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.js';
import { TestPgbouncer } from '../support/pgbouncer.js';
import { HOSTILE, TestPostgres } from '../support/postgres.js';
import { TestSandbox } from '../support/sandbox.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { isUnderWay } from './case.js';
import type { Lines } from './cuts.js';
import type { StoreRows } from './evidence.js';
import { Replica } from './replica.js';
import { ENVIRONMENT, TIMES } from './settings.js';
import type { Settings } from './settings.js';
import { readPostgres, readSqlite } from './store-rows.js';

/** Flinks's answers take so long, so that there is time for something to happen. */
const LATENCY_MS = 15;

/** Everything that runs: sandbox, store, and a proxy on each line of each replica. */
export class Stage {
  readonly replicas: Replica[] = [];
  readonly lines: Lines[] = [];

  private constructor(
    readonly sandbox: TestSandbox,
    readonly postgres: TestPostgres | undefined,
    private readonly pooler: TestPgbouncer | undefined,
    private readonly file: SqliteFile,
    private readonly database: string,
  ) {}

  static async build({ store, replicas }: Settings): Promise<Stage> {
    const sandbox = await new TestSandbox({ latencyMs: LATENCY_MS }).start();
    const postgres = store === 'sqlite' ? undefined : await new TestPostgres().start();
    const isPooled = store === 'pgbouncer';
    const database = (await postgres?.createDatabase('', isPooled ? HOSTILE : {})) ?? '';
    const pooler = isPooled && postgres !== undefined ? await TestPgbouncer.start(postgres.port) : undefined;
    const stage = new Stage(sandbox, postgres, pooler, await new SqliteFile().start(), database);
    while (stage.replicas.length < replicas) await stage.#addReplica();
    return stage;
  }

  /**
   * Waits until no attempt is under way. A file is nobody else's, so a gateway that started has ended what another one left;
   * among replicas the others have to wait for its lease, and to look.
   */
  async rest(): Promise<void> {
    await sleep(TIMES.mutation);
    const until = performance.now() + 2 * TIMES.lease;
    while (this.postgres !== undefined && performance.now() < until && (await this.rows()).keys.some(isUnderWay))
      await sleep(100);
  }

  /** Has the sessions that exist turn read-only; gives what ends that. */
  failOver(): Promise<() => Promise<void>> {
    if (this.postgres === undefined) throw new Error('a file has no sessions');
    return this.postgres.failOver(this.database);
  }

  rows(): Promise<StoreRows> {
    return this.postgres === undefined ? readSqlite(this.file) : readPostgres(this.postgres, this.database);
  }

  /** Ends whatever still runs, in whatever state. */
  async close(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.kill()));
    await this.sandbox.stop();
    for (const { flinks, store } of this.lines) await Promise.all([flinks.close(), store?.close()]);
    await this.pooler?.stop();
    await this.postgres?.stop();
    await this.file.stop();
  }

  async #addReplica(): Promise<void> {
    const flinks = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(this.sandbox.url).port) });
    const storePort = (this.pooler ?? this.postgres)?.port;
    const store = storePort === undefined ? undefined : await TcpProxy.start({ host: '127.0.0.1', port: storePort });
    this.lines.push({ flinks, store });
    const port = await freePort();
    const environment = {
      ...ENVIRONMENT,
      PORT: String(port),
      FLINKS_BASE_URL: `http://127.0.0.1:${flinks.port}`,
      // Links are the same, whichever replica tells them.
      FLINKS_APP_URL: `${this.sandbox.url}/app/`,
      DATABASE_URL: this.postgres?.databaseUrl(this.database, store?.port) ?? this.file.url,
    };
    this.replicas.push(new Replica(this.replicas.length, `http://127.0.0.1:${port}`, environment));
  }
}
