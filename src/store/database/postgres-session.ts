import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import pg from 'pg';
import type { PostgresQuery } from './postgres-write.js';
import { READ_ONLY, retried } from './transaction-retry.js';

/** How a session of the pool works. */
export interface SessionOptions {
  /** The statement that begins a transaction. */
  readonly begin: string;
  /** Whether the connection was opened with the settings that writes need. */
  readonly isPrepared: boolean;
  /** Called when the server is unreachable or no longer accepts writes. */
  readonly onStale: () => void;
}

/**
 * A connection in use. It is closed instead of returned to the pool after any failure but a rejected statement: after a
 * timeout the response may still arrive, and would reach the next query.
 */
export class PostgresSession implements DatabaseConnection {
  #begun: Promise<unknown> | undefined;
  #isBroken = false;
  #isStale = false;

  constructor(
    private readonly client: pg.PoolClient,
    private readonly options: SessionOptions,
  ) {}

  /** Begins a transaction. Resolves at once: the statement is sent with the first query, in the same round trip. */
  begin(): Promise<void> {
    this.#begun = this.#send(this.options.begin);
    this.#begun.catch(() => undefined);
    return Promise.resolve();
  }

  /** Commits the transaction; throws if the server rolled it back. */
  async commit(): Promise<void> {
    await this.#begun;
    throwIfRolledBack(await this.#send('commit'));
    this.#begun = undefined;
  }

  /** Rolls back the transaction. */
  async rollback(): Promise<void> {
    this.#begun = undefined;
    // A closed connection is rolled back by the server.
    if (!this.#isBroken) await this.#send('rollback');
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const send = () => this.#send(sql, parameters);
    const [{ command, rowCount, rows }] =
      this.#begun === undefined ? [await retried(send)] : await Promise.all([send(), this.#begun]);
    const writes = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command);
    return { rows: rows as R[], ...(writes && { numAffectedRows: BigInt(rowCount ?? 0) }) };
  }

  /** Runs writes in one transaction and one round trip; they are durable when the call resolves to their rows. */
  async write(queries: readonly PostgresQuery[]): Promise<readonly (readonly object[])[]> {
    const [first] = queries;
    if (this.options.isPrepared && first !== undefined && queries.length === 1) return [(await this.#run(first)).rows];
    const begun = this.#send(this.options.isPrepared ? 'begin' : this.options.begin);
    const written = queries.map((query) => this.#run(query));
    const committed = this.#send('commit');
    // All are awaited before the first error is thrown, because nobody would handle the others.
    const settled = await Promise.allSettled([begun, ...written, committed]);
    const [, ...results] = settled.map((each) => valueOf(each));
    throwIfRolledBack(results.pop() as pg.QueryResult);
    return results.map(({ rows }) => rows as object[]);
  }

  streamQuery(): never {
    throw new Error('nothing here reads a stream of rows');
  }

  /** Returns the connection to the pool, or closes it if it is broken. */
  release(): void {
    if (this.#isStale && !this.options.isPrepared) {
      // A pooler would keep its connection to the stale server, unless a transaction is left open on it.
      const close = () => this.client.release(true);
      this.client.query('begin').then(close, close);
    } else this.client.release(this.#isBroken);
  }

  /** A pooler may run the query on a connection that does not know its name. */
  #run({ name, text, values }: PostgresQuery): Promise<pg.QueryResult> {
    return this.#send(text, values, this.options.isPrepared ? name : undefined);
  }

  async #send(text: string, parameters: readonly unknown[] = [], name?: string): Promise<pg.QueryResult> {
    try {
      return await this.client.query({ text, values: [...parameters], ...(name !== undefined && { name }) });
    } catch (error) {
      this.#isStale ||= error instanceof pg.DatabaseError && meansStale(error);
      this.#isBroken ||= this.#isStale || !(error instanceof pg.DatabaseError);
      if (this.#isStale) this.options.onStale();
      throw error;
    }
  }
}

/** Whether the server is stale: read-only (25006), shutting down (57P0x), or with connection problems (08xxx). */
function meansStale({ code = '' }: pg.DatabaseError): boolean {
  return code === READ_ONLY || /^(57P0|08)/.test(code);
}

/** After a failed statement the server responds to COMMIT with ROLLBACK, and not with an error. */
function throwIfRolledBack({ command }: pg.QueryResult): void {
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back');
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
