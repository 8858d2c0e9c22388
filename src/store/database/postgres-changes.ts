import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { ChangeListener, Changes } from '../contracts/changes.js';
import { backoffMs } from '../../lib/backoff.js';
import { WakeSignal } from '../../lib/wake-signal.js';
import { isDirect } from './postgres-requirements.js';
import { problemOf } from './store-health.js';

const CHANNEL = 'payment_changes';
/** Idle connections are checked: one may have broken, or its server may have been replaced, without a notice. */
const CHECK_INTERVAL_MS = 10_000;
const RECONNECT = { initialMs: 100, maxMs: 5_000 };
/** PostgreSQL limits a notification to 8,000 bytes. */
const MAX_IDS_PER_MESSAGE = 100;
const READ_ONLY_SETTING = `current_setting('transaction_read_only') as read_only`;
const POOLER_PROBLEM =
  'DATABASE_URL refers to a pooler, which does not forward notifications: each replica compares with the database about every 10 s';

/**
 * Replicas notify each other of changes by LISTEN and NOTIFY on a dedicated connection. NOTIFY is not part of the
 * transaction of a change, because all NOTIFYs of a server wait for one lock when they commit. Here they are few, each
 * with many ids, and not synced to disk.
 */
export class PostgresChanges implements Changes {
  /** Identifies this replica's own notifications, which it ignores. */
  readonly #sender = randomUUID();
  readonly #unpublished = new Set<string>();
  #listener: ChangeListener | undefined;
  #listening = false;
  /** There are ids to publish, or the connection broke. */
  readonly #work = new WakeSignal();
  readonly #closing = new WakeSignal();
  #closed = false;
  #running: Promise<void> | undefined;

  constructor(private readonly connection: pg.ClientConfig) {}

  publish(paymentId: string): void {
    this.#listener?.onChange(paymentId);
    // Without a connection they would only accumulate. The other replicas detect the change on their own.
    if (!this.#listening) return;
    this.#unpublished.add(paymentId);
    this.#work.notify();
  }

  subscribe(listener: ChangeListener): void {
    this.#listener = listener;
    this.#running = this.#run(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#work.close();
    this.#closing.close();
    await this.#running;
  }

  /** Keeps a connection until it breaks, then opens the next one. */
  async #run(listener: ChangeListener): Promise<void> {
    let failures = 0;
    let isLost = false;
    while (this.#isOpen()) {
      try {
        await this.#connected(() => {
          failures = 0;
          isLost = false;
          listener.onListening();
        });
      } catch (error) {
        if (error instanceof PoolerError) {
          listener.onLost(error.message);
          return;
        }
        if (!isLost) listener.onLost(problemOf(error));
        isLost = true;
      }
      this.#listening = false;
      this.#unpublished.clear();
      failures += 1;
      await this.#closing.wait(backoffMs(RECONNECT, failures) * (0.5 + Math.random()));
    }
  }

  /** Rejects when the connection breaks or cannot be established; resolves when this object is closed. */
  async #connected(onListening: () => void): Promise<void> {
    const client = new pg.Client(this.connection);
    let problem: Error | undefined;
    client.on('error', (error) => {
      problem = error;
      this.#work.notify();
    });
    client.on('notification', ({ payload = '' }) => this.#receive(payload));
    try {
      await client.connect();
      // Through a pooler it would listen on behalf of every user of the same server connection, and receive nothing
      // itself.
      if (!(await isDirect(client))) throw new PoolerError(POOLER_PROBLEM);
      await client.query(`listen ${CHANNEL}`);
      this.#listening = true;
      onListening();
      while (this.#isOpen()) {
        if (problem !== undefined) throw problem;
        if (this.#unpublished.size > 0) await this.#notify(client);
        else if (!(await this.#work.wait(CHECK_INTERVAL_MS)))
          throwIfReadOnly(await client.query(`select ${READ_ONLY_SETTING}`));
      }
    } finally {
      // Not awaited: an unreachable server does not respond to this either.
      client.end().catch(() => undefined);
    }
  }

  /** One statement takes the lock once. Only this transaction does not wait for the disk: it writes no data. */
  async #notify(client: pg.Client): Promise<void> {
    const ids = [...this.#unpublished];
    this.#unpublished.clear();
    const messages: string[] = [];
    while (ids.length > 0) messages.push([this.#sender, ...ids.splice(0, MAX_IDS_PER_MESSAGE)].join(' '));
    throwIfReadOnly(
      await client.query(
        `select set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', message), ${READ_ONLY_SETTING}
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

  #isOpen(): boolean {
    return !this.#closed;
  }
}

/** A pooler is in between, so retrying is useless. */
class PoolerError extends Error {}

/** Detects a server that was replaced: where nothing can be written, changes happen elsewhere. */
function throwIfReadOnly({ rows: [row] }: pg.QueryResult<{ read_only: string }>): void {
  if (row?.read_only !== 'off') throw new Error('the server no longer accepts writes');
}
