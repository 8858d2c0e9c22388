import type { QueryResultRow } from 'pg';
import { TestPostgres } from './postgres.js';
import { TcpProxy } from './tcp-proxy.js';

/** Stands in `url`, to be looked for where it must not be. The server trusts whoever comes, so any will do. */
export const DATABASE_PASSWORD = 'password-of-the-database';

/** A PostgreSQL that can be cut off, silenced and robbed of its answers. */
export class ProxiedPostgres {
  private constructor(
    readonly server: TestPostgres,
    readonly proxy: TcpProxy,
  ) {}

  static async start(): Promise<ProxiedPostgres> {
    const server = await TestPostgres.start();
    return new ProxiedPostgres(server, await TcpProxy.start({ host: '127.0.0.1', port: server.port }));
  }

  /** Through the proxy. */
  get url(): string {
    return this.server.databaseUrl('postgres', this.proxy.port).replace('postgres@', `postgres:${DATABASE_PASSWORD}@`);
  }

  /** Past the proxy. */
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

  async stop(): Promise<void> {
    await this.proxy.close();
    await this.server.stop();
  }
}
