import type pg from 'pg';

declare module 'pg' {
  interface ClientBase {
    /** The server process that answers, as the server named it when the connection was made. */
    processID: number | null;
    /** What the first packet of a connection says. */
    getStartupConf(): Record<string, string>;
  }
}

/**
 * Whether nothing is in between that hands the connection to others: a pooler names a process of its own invention, since the
 * ones that answer change. Asked twice, so that chance does not count.
 */
export async function isDirect(client: pg.ClientBase): Promise<boolean> {
  const pids = [await backendOf(client), await backendOf(client)];
  return pids.every((pid) => pid === client.processID);
}

async function backendOf(client: pg.ClientBase): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}
