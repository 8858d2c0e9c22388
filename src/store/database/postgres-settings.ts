/**
 * Time after which the server aborts a statement. Shorter than the client's timeout, which is for a server that does
 * not respond.
 */
export const STATEMENT_TIMEOUT_MS = 4_000;
/** Time after which the client gives up waiting for a query. */
export const QUERY_TIMEOUT_MS = 5_000;

const ISOLATION = 'read committed';

/** Value of `synchronous_commit`: waits for the disk, and with `remote_apply` for the synchronous standby. */
export type DurableCommit = 'on' | 'remote_apply';

/** Settings with which every write is durable, whatever the defaults of server, database, role and pooler are. */
export class PostgresSettings {
  /** Set in every transaction, because a pooler keeps only transactions together. */
  readonly #local: Readonly<Record<string, string>>;

  constructor(commit: DurableCommit, statementTimeoutMs = STATEMENT_TIMEOUT_MS) {
    this.#local = {
      synchronous_commit: commit,
      statement_timeout: String(statementTimeoutMs),
      lock_timeout: '0',
      idle_in_transaction_session_timeout: String(QUERY_TIMEOUT_MS),
    };
  }

  /** Begins a transaction with the settings, which end with the transaction. */
  get begin(): string {
    const settings = Object.entries(this.#local).map(([name, value]) => `set local ${name} = '${value}'`);
    return [`begin isolation level ${ISOLATION}`, ...settings].join('; ');
  }

  /**
   * The same settings as connection parameters: they last as long as the connection, and defaults cannot override them.
   */
  get parameters(): Readonly<Record<string, string>> {
    return { ...this.#local, default_transaction_isolation: ISOLATION };
  }
}
