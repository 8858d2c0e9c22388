import type pg from 'pg';

declare module 'pg' {
  interface ClientBase {
    /** Id of the server process, as the server reported it when the connection was established. */
    processID: number | null;
    /** Parameters of the connection's start-up packet. */
    getStartupConf(): Record<string, string>;
  }
}

/**
 * Whether the connection goes to the server without a pooler. A pooler reports an invented process id, because the
 * server processes behind it change. Checked twice to exclude coincidence.
 */
export async function isDirect(client: pg.ClientBase): Promise<boolean> {
  const pids = [await backendPid(client), await backendPid(client)];
  return pids.every((pid) => pid === client.processID);
}

async function backendPid(client: pg.ClientBase): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}
