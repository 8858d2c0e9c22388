import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import pg from 'pg';
import { READ_ONLY, retried } from './retried-writes.js';

/** Where a session comes from. */
export interface SessionOptions {
  /** The statement that begins a transaction. */
  readonly begin: string;
  /** Whether the connection itself carries the settings that writes need. */
  readonly isPrepared: boolean;
  /** Told when the connection leads to a server that is gone or takes no writes any more. */
  readonly onStale: () => void;
}

/**
 * A connection while somebody uses it. It is closed, not given back, once anything but a refused statement has happened on it:
 * after a timeout the answer may still come, to the next one who asks.
 */
export class PostgresSession implements DatabaseConnection {
  #begun: Promise<unknown> | undefined;
  #isSpoilt = false;
  #isStale = false;

  constructor(
    private readonly client: pg.PoolClient,
    private readonly options: SessionOptions,
  ) {}

  /** Not waited for: it goes with the first query, in the same round trip. */
  begin(): void {
    this.#begun = this.#send(this.options.begin);
    this.#begun.catch(() => undefined);
  }

  async commit(): Promise<void> {
    await this.#begun;
    refuseRollback(await this.#send('commit'));
    this.#begun = undefined;
  }

  async rollback(): Promise<void> {
    this.#begun = undefined;
    // What is closed is rolled back.
    if (!this.#isSpoilt) await this.#send('rollback');
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } =
      this.#begun === undefined
        ? await retried(() => this.#send(sql, parameters))
        : await this.#afterBegin(() => this.#send(sql, parameters));
    const writes = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command);
    return { rows: rows as R[], ...(writes && { numAffectedRows: BigInt(rowCount ?? 0) }) };
  }

  /** Runs one write, durable when it resolves, in one round trip. */
  async write<R>({ sql, parameters }: CompiledQuery): Promise<readonly R[]> {
    if (this.options.isPrepared) return (await this.#send(sql, parameters)).rows as R[];
    const [begun, written, committed] = await Promise.allSettled([
      this.#send(this.options.begin),
      this.#send(sql, parameters),
      this.#send('commit'),
    ]);
    valueOf(begun);
    const { rows } = valueOf(written);
    refuseRollback(valueOf(committed));
    return rows as R[];
  }

  streamQuery(): never {
    throw new Error('nothing here reads a stream of rows');
  }

  release(): void {
    if (this.#isStale && !this.options.isPrepared) void this.#leaveInTransaction();
    else this.client.release(this.#isSpoilt);
  }

  /** A pooler keeps the connection behind this one, which leads to the same server, unless a transaction is left open on it. */
  async #leaveInTransaction(): Promise<void> {
    await this.client.query('begin').catch(() => undefined);
    this.client.release(true);
  }

  async #afterBegin(query: () => Promise<pg.QueryResult>): Promise<pg.QueryResult> {
    const [, result] = await Promise.all([this.#begun, query()]);
    return result;
  }

  async #send(text: string, parameters: readonly unknown[] = []): Promise<pg.QueryResult> {
    try {
      return await this.client.query(text, [...parameters]);
    } catch (error) {
      this.#isStale ||= error instanceof pg.DatabaseError && meansStale(error);
      this.#isSpoilt ||= this.#isStale || !(error instanceof pg.DatabaseError);
      if (this.#isStale) this.options.onStale();
      throw error;
    }
  }
}

/** Read-only, shutting down, or a problem of the connection: classes 25006, 57P0x and 08xxx. */
function meansStale({ code = '' }: pg.DatabaseError): boolean {
  return code === READ_ONLY || /^(57P0|08)/.test(code);
}

/** The server answers a commit so, where a statement before it has failed. */
function refuseRollback({ command }: pg.QueryResult): void {
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back');
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
