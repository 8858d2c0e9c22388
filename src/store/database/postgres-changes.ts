import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { ChangeListener, Changes } from '../contracts/changes.js';
import { isDirect } from './postgres-client.js';
import { problemOf } from './store-health.js';

const CHANNEL = 'payment_changes';
/** A connection on which nothing happens is tried after this time: it may have died, or its server been replaced, without a word. */
const TRY_EVERY_MS = 10_000;
const RECONNECT = { firstMs: 100, mostMs: 5_000, factor: 2 };
/** PostgreSQL takes 8,000 bytes at most. */
const IDS_IN_A_MESSAGE = 100;
const WHETHER_READ_ONLY = `current_setting('transaction_read_only') as read_only`;
const POOLED =
  'DATABASE_URL names a pooler, which passes on no notifications: each replica compares with the store about every 10 s';

/**
 * Replicas tell each other by LISTEN and NOTIFY on a connection of its own. Nothing is told in the transaction of a change,
 * since all NOTIFYs of a server wait for one lock at their commit; here they are few, each with many ids, and not synced.
 */
export class PostgresChanges implements Changes {
  /** Ours are not told to us again. */
  readonly #sender = randomUUID();
  readonly #unpublished = new Set<string>();
  #listener: ChangeListener | undefined;
  #listening = false;
  #closed = false;
  #wake: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(private readonly connection: pg.ClientConfig) {}

  publish(paymentId: string): void {
    this.#listener?.onChange(paymentId);
    // Without a connection they would only pile up. The other replicas find out by themselves.
    if (!this.#listening) return;
    this.#unpublished.add(paymentId);
    this.#wake?.();
  }

  subscribe(listener: ChangeListener): void {
    this.#listener = listener;
    this.#running = this.#run(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake?.();
    await this.#running;
  }

  /** Keeps a connection as long as it holds, then makes the next one. */
  async #run(listener: ChangeListener): Promise<void> {
    let waitMs = RECONNECT.firstMs;
    let isLost = false;
    while (this.#isWanted()) {
      try {
        await this.#connected(() => {
          waitMs = RECONNECT.firstMs;
          isLost = false;
          listener.onListening();
        });
      } catch (error) {
        if (error instanceof Pooled) {
          listener.onLost(error.message);
          return;
        }
        if (!isLost) listener.onLost(problemOf(error));
        isLost = true;
      }
      this.#listening = false;
      this.#unpublished.clear();
      if (this.#isWanted()) await this.#pause(waitMs * (0.5 + Math.random()));
      waitMs = Math.min(RECONNECT.factor * waitMs, RECONNECT.mostMs);
    }
  }

  /** Rejects when the connection is lost or cannot be had; resolves when it is not wanted any more. */
  async #connected(onListening: () => void): Promise<void> {
    const client = new pg.Client(this.connection);
    let problem: Error | undefined;
    client.on('error', (error) => {
      problem = error;
      this.#wake?.();
    });
    client.on('notification', ({ payload = '' }) => this.#receive(payload));
    try {
      await client.connect();
      // It would listen for all who are lent the same connection, and hear nothing itself.
      if (!(await isDirect(client))) throw new Pooled(POOLED);
      await client.query(`listen ${CHANNEL}`);
      this.#listening = true;
      onListening();
      while (this.#isWanted()) {
        if (problem !== undefined) throw problem;
        if (this.#unpublished.size > 0) await this.#notify(client);
        else if (!(await this.#pause(TRY_EVERY_MS))) refuseReplaced(await client.query(`select ${WHETHER_READ_ONLY}`));
      }
    } finally {
      // Not waited for: a server that is gone does not answer that either.
      client.end().catch(() => undefined);
    }
  }

  /** One statement, so the lock is taken once. Only this transaction does not wait for the disk: it writes no data. */
  async #notify(client: pg.Client): Promise<void> {
    const ids = [...this.#unpublished];
    this.#unpublished.clear();
    const messages: string[] = [];
    while (ids.length > 0) messages.push([this.#sender, ...ids.splice(0, IDS_IN_A_MESSAGE)].join(' '));
    refuseReplaced(
      await client.query(
        `select set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', message), ${WHETHER_READ_ONLY}
          from unnest($1::text[]) as message`,
        [messages],
      ),
    );
  }

  #receive(message: string): void {
    const [sender, ...ids] = message.split(' ');
    if (sender === this.#sender) return;
    for (const id of ids) this.#listener?.onChange(id);
  }

  #isWanted(): boolean {
    return !this.#closed;
  }

  /** True when there is something to do before the time has passed. */
  async #pause(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const woken = await new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms).unref();
      this.#wake = () => resolve(true);
    });
    clearTimeout(timer);
    this.#wake = undefined;
    return woken;
  }
}

/** There is a pooler in between: nothing to try again. */
class Pooled extends Error {}

/** Where nothing can be written, changes happen elsewhere. */
function refuseReplaced({ rows: [row] }: pg.QueryResult<{ read_only: string }>): void {
  if (row?.read_only !== 'off') throw new Error('the server takes no writes any more');
}
