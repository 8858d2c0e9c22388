/** Time after which the server aborts a statement. The longer one below is for a server that does not respond. */
const STATEMENT_TIMEOUT_MS = 4_000;
/** Time after which the client gives up waiting for a query. */
export const QUERY_TIMEOUT_MS = 5_000;

const ISOLATION = 'read committed';

/** Value of `synchronous_commit`: waits for the disk, and with `remote_apply` for the synchronous standby. */
export type DurableCommit = 'on' | 'remote_apply';

/** Settings with which every write is durable, whatever the defaults of server, database, role and pooler are. */
export interface PostgresSettings {
  /** Begins a transaction with the settings, because a pooler keeps only transactions together. They end with it. */
  readonly begin: string;
  /** The same settings as parameters: they last as long as the connection, and defaults cannot override them. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The settings for a kind of commit. */
export function durableSettings(commit: DurableCommit, statementTimeoutMs = STATEMENT_TIMEOUT_MS): PostgresSettings {
  const local = {
    synchronous_commit: commit,
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: '0',
    idle_in_transaction_session_timeout: String(QUERY_TIMEOUT_MS),
  };
  const statements = Object.entries(local).map(([name, value]) => `set local ${name} = '${value}'`);
  return {
    begin: [`begin isolation level ${ISOLATION}`, ...statements].join('; '),
    parameters: { ...local, default_transaction_isolation: ISOLATION },
  };
}
