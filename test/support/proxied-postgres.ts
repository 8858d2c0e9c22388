import type { QueryResultRow } from 'pg';
import { TestPostgres } from './postgres.js';
import { started } from './started.js';
import { TcpProxy } from './tcp-proxy.js';

/** The password in `url`, which tests search for in logs. The server accepts any, because it does not check passwords. */
export const DATABASE_PASSWORD = 'password-of-the-database';

/** A PostgreSQL server behind a proxy that can break connections, delay responses or lose them. */
export class ProxiedPostgres {
  readonly server = new TestPostgres();
  #proxy: TcpProxy | undefined;

  async start(): Promise<this> {
    await this.server.start();
    this.#proxy = await TcpProxy.start({ host: '127.0.0.1', port: this.server.port });
    return this;
  }

  async stop(): Promise<void> {
    await this.#proxy?.close();
    await this.server.stop();
  }

  get proxy(): TcpProxy {
    return started(this.#proxy, 'proxy');
  }

  /** The URL of the database through the proxy. */
  get url(): string {
    return this.server.databaseUrl('postgres', this.proxy.port).replace('postgres@', `postgres:${DATABASE_PASSWORD}@`);
  }

  /** Runs SQL on a connection that bypasses the proxy. */
  query<Row extends QueryResultRow>(sql: string): Promise<Row[]> {
    return this.server.query<Row>(sql);
  }

  cutOff(): void {
    this.proxy.refuse();
    this.proxy.cutAll();
  }

  reconnect(): void {
    this.proxy.accept();
  }
}
