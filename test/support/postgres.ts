import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import type { QueryResultRow } from 'pg';
import { freePort } from './free-port.js';
import { PostgresPrograms } from './postgres-programs.js';
import type { Program } from './postgres-programs.js';
import { childrenOf } from './processes.js';
import { started } from './started.js';
import { until } from './until.js';

/** Defaults that a database may set for its sessions. The gateway must work under them. */
export const HOSTILE_SETTINGS = { synchronous_commit: 'off', default_transaction_isolation: 'serializable' };

const READY = /database system is ready to accept (read-only )?connections/;

/** A PostgreSQL server with an empty cluster, as durable as a real one. Stopping it removes its data. */
export class TestPostgres {
  #programs: PostgresPrograms | undefined;
  #port: number | undefined;
  #server: Program | undefined;
  #paused: number[] = [];

  /** `settings` are settings of postgresql.conf that differ from the defaults. */
  constructor(private readonly settings: Readonly<Record<string, string>> = {}) {}

  async start(): Promise<this> {
    try {
      this.#programs = await PostgresPrograms.find();
      this.#port = await freePort();
      await this.#programs.initialize(this.#dataFolder);
      await this.restart();
      return this;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  get port(): number {
    return started(this.#port, 'PostgreSQL server');
  }

  /** `port` is that of a proxy, if the connection uses one. */
  databaseUrl(name = 'postgres', port = this.port): string {
    return `postgres://postgres@127.0.0.1:${port}/${name}`;
  }

  /**
   * Creates an empty database and returns its name. `options` are those of `create database`, `settings` are defaults of its
   * sessions.
   */
  async createDatabase(options = '', settings: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await this.query(`create database ${name} ${options}`);
    for (const [setting, value] of Object.entries(settings))
      await this.query(`alter database ${name} set ${setting} = '${value}'`);
    return name;
  }

  /** Runs SQL on a separate connection. */
  async query<Row extends QueryResultRow>(sql: string, database = 'postgres'): Promise<Row[]> {
    const client = new Client({ connectionString: this.databaseUrl(database) });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /**
   * Makes existing sessions of a database read-only while new ones can write, as after a failover behind an address that keeps
   * connections open. The returned function undoes this and ends all sessions.
   */
  async failOver(database: string): Promise<() => Promise<void>> {
    const setting = 'default_transaction_read_only';
    // New sessions start with the setting of their database, which outranks the server's.
    await this.query(`alter database ${database} set ${setting} = off`);
    await this.reload(setting, 'on');
    return async () => {
      await this.reload(setting, 'off');
      await this.query(`alter database ${database} reset ${setting}`);
      await this.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
    };
  }

  /** Changes a setting of the server. Resolves when existing sessions have adopted it. */
  async reload(setting: string, value: string): Promise<void> {
    const client = new Client({ connectionString: this.databaseUrl() });
    await client.connect();
    try {
      await client.query(`alter system set ${setting} = '${value}'`);
      await client.query('select pg_reload_conf()');
      const query = 'select current_setting($1) as value';
      await until(async () => (await client.query<{ value: string }>(query, [setting])).rows[0]?.value === value);
    } finally {
      await client.end();
    }
  }

  /** Kills the server as a crash would, and resolves when all its processes have ended. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Starts the server after `kill` with the same data and port. It recovers all committed data. */
  async restart(): Promise<void> {
    const server = this.#installed.serve(this.#dataFolder, {
      port: String(this.port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      // `synchronous_commit` is on by default. If set here, it would override `reload`.
      fsync: 'on',
      ...this.settings,
    });
    this.#server = server;
    let written = '';
    await new Promise<void>((resolve, reject) => {
      server.stderr.on('data', (chunk: Buffer) => {
        written += chunk.toString();
        if (READY.test(written)) resolve();
      });
      server.once('error', reject);
      server.once('close', (code) => {
        // Otherwise `stop` would wait for a process that has already closed.
        if (this.#server === server) this.#server = undefined;
        reject(new Error(`PostgreSQL ended with ${String(code)}: ${written}`));
      });
    });
  }

  /** Restarts the server as a standby that never reaches its primary. */
  async becomeStandby(): Promise<void> {
    await this.kill();
    this.#installed.write(join(this.#dataFolder, 'standby.signal'));
    await this.restart();
  }

  /** Pauses the server and all its connections. */
  pause(): void {
    const server = this.#server?.pid;
    if (server === undefined) return;
    // The server is paused first, so that it starts no more child processes.
    process.kill(server, 'SIGSTOP');
    this.#paused = [server, ...childrenOf(server)];
    for (const pid of this.#paused) process.kill(pid, 'SIGSTOP');
  }

  resume(): void {
    for (const pid of this.#paused.splice(0)) process.kill(pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    // SIGQUIT ends it without a checkpoint, because the data is removed anyway.
    await this.#end('SIGQUIT');
    this.#programs?.remove();
  }

  get #installed(): PostgresPrograms {
    return started(this.#programs, 'PostgreSQL server');
  }

  get #dataFolder(): string {
    return join(this.#installed.folder, 'data');
  }

  /** All processes of a server write to one pipe, so it closes with the last of them. */
  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.kill(signal);
    this.resume();
    await closed;
  }
}
