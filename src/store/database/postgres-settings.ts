/** The server gives up first; the client's limit is for a server that does not answer at all. */
export const STATEMENT_TIMEOUT_MS = 4_000;
export const QUERY_TIMEOUT_MS = 5_000;

const ISOLATION = 'read committed';

/** What waits for the disk, and for the standby where one is waited for. */
export type DurableCommit = 'on' | 'remote_apply';

/** Settings under which every write holds what is promised, whatever the defaults of server, database, role and pooler are. */
export class PostgresSettings {
  /** In every transaction, which alone a pooler leaves together. */
  readonly #local: Readonly<Record<string, string>>;

  constructor(commit: DurableCommit, statementTimeoutMs = STATEMENT_TIMEOUT_MS) {
    this.#local = {
      synchronous_commit: commit,
      statement_timeout: String(statementTimeoutMs),
      lock_timeout: '0',
      idle_in_transaction_session_timeout: String(QUERY_TIMEOUT_MS),
    };
  }

  /** Begins a transaction that carries them, and leaves nothing behind. */
  get begin(): string {
    const settings = Object.entries(this.#local).map(([name, value]) => `set local ${name} = '${value}'`);
    return [`begin isolation level ${ISOLATION}`, ...settings].join('; ');
  }

  /** The same as parameters of a connection, with which it is made: they end with it and cannot be changed from outside. */
  get parameters(): Readonly<Record<string, string>> {
    return { ...this.#local, default_transaction_isolation: ISOLATION };
  }
}
