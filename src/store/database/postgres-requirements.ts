import pg from 'pg';
import { StoreConfigurationError } from './database.js';
import { durableSettings } from './postgres-settings.js';
import type { DurableCommit } from './postgres-settings.js';

declare module 'pg' {
  interface ClientBase {
    /** Id of the server process, as the server reported it when the connection was established. */
    processID: number | null;
    /** Parameters of the connection's start-up packet. */
    getStartupConf(): Record<string, string>;
  }
}

type Facts = Readonly<Record<'fsync' | 'pages' | 'encoding' | 'commit' | 'read_only', string> & { standby: boolean }>;

const FACTS = `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
  current_setting('server_encoding') as encoding, current_setting('synchronous_commit') as commit,
  pg_is_in_recovery() as standby, current_setting('default_transaction_read_only') as read_only`;

const IN_TRANSACTION = `select current_setting('synchronous_commit') as commit,
  current_setting('transaction_isolation') as isolation, current_setting('client_encoding') as encoding`;

/** Checks, before anything is written, that a server stores payments durably. Throws a `StoreConfigurationError`. */
export async function checkPostgres(connection: pg.ClientConfig) {
  const client = new pg.Client(connection);
  // An error of the connection also makes the query fail, which reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const facts = (await client.query<Facts>(FACTS)).rows[0] as Facts;
    rejectUnsafe(facts);
    const commit: DurableCommit = facts.commit === 'remote_apply' ? 'remote_apply' : 'on';
    await rejectUnstableTransactions(client, commit);
    return { isDirect: await isDirect(client), commit };
  } catch (error) {
    if (error instanceof StoreConfigurationError) throw error;
    throw configurationError(`server that cannot be used: ${explain(error as Error & { code?: string })}`);
  } finally {
    client.end().catch(() => undefined);
  }
}

function rejectUnsafe({ fsync, pages, encoding, standby, read_only }: Facts): void {
  if (fsync !== 'on') throw configurationError('server with fsync off: it would lose payments when its machine fails');
  if (pages !== 'on')
    throw configurationError(
      'server with full_page_writes off: pages torn by a failure of its machine would corrupt payments',
    );
  if (encoding !== 'UTF8')
    throw configurationError(
      `database with the encoding ${encoding}, which cannot hold every name and reference: ` +
        `make one with "create database … encoding 'UTF8' template template0"`,
    );
  if (standby) throw configurationError('server that is a standby and accepts no writes: use the primary');
  // Not overridden: operators may have set it to fence off a server that was replaced.
  if (read_only === 'on')
    throw configurationError('database with default_transaction_read_only on: it accepts no writes');
}

/** Checks that a transaction keeps the settings of its first statement, and drops them at its end. */
async function rejectUnstableTransactions(client: pg.Client, commit: DurableCommit): Promise<void> {
  const read = async () =>
    (await client.query<Record<'commit' | 'isolation' | 'encoding', string>>(IN_TRANSACTION)).rows;
  await client.query(durableSettings(commit).begin);
  const seen = [...(await read()), ...(await read())];
  await client.query('rollback');
  if (seen.some((each) => each.commit !== commit || each.isolation !== 'read committed'))
    throw configurationError(
      'server behind a pooler that does not keep a transaction on one connection: configure it to pool transactions or sessions',
    );
  if (seen.some(({ encoding }) => encoding !== 'UTF8'))
    throw configurationError('connection whose client_encoding is not UTF8: remove that setting');
}

function configurationError(problem: string): StoreConfigurationError {
  return new StoreConfigurationError('DATABASE_URL', `refers to a PostgreSQL ${problem}`);
}

/** A connection that was tried at several addresses fails with a code and without a message. */
function explain({ message, code }: Error & { code?: string }): string {
  return message === '' ? (code ?? 'no response') : message;
}

/**
 * Whether the connection goes to the server without a pooler. A pooler reports an invented process id, because the
 * server processes behind it change. Checked twice to exclude coincidence.
 */
export async function isDirect(client: pg.ClientBase): Promise<boolean> {
  const backendPid = async () => (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
  const pids = [await backendPid(), await backendPid()];
  return pids.every((pid) => pid === client.processID);
}
