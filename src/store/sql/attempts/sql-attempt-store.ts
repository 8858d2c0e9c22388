import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expiryTransition, transitionsFor } from '../../../domain/idempotency-key.js';
import type { Attempt, AttemptResult, KeyRecord, KeyTransition } from '../../../domain/idempotency-key.js';
import type { PaymentSession } from '../../../domain/payment.js';
import { UNAVAILABLE } from '../../../domain/provider-result.js';
import type { RateLimits } from '../../../domain/rate-limits.js';
import type { Sensitive } from '../../../domain/sensitive.js';
import { QueueAborted } from '../../../lib/keyed-batches.js';
import type { AttemptStore, Claimed, FinishedAttempt, NewClaim } from '../../contracts/attempt-store.js';
import type { Database } from '../../database/database.js';
import type { StoreHealth } from '../../database/store-health.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import { keyRows, seal, sessionIndexOf, toRecord } from '../payment-rows.js';
import { SqlClaims, firstAttempt } from './sql-claims.js';
import { SqlTransitions } from './sql-transitions.js';
import type { TransitionMaker } from './transition-statement.js';

/** Maximum number of stale attempts that are expired at once. */
const BATCH = 100;

/**
 * Keys and attempts in SQL. Each transition is a conditional write on the row of the key: of concurrent ones exactly
 * one finds the row in the required state, and the dependent writes are committed with it.
 */
export class SqlAttemptStore implements AttemptStore {
  readonly #claims: SqlClaims;
  readonly #transitions: SqlTransitions;

  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
    leaseMs: number,
    /** Delay before a started payment is looked up. */
    checkAfterMs: number,
    limits: RateLimits,
  ) {
    this.#claims = new SqlClaims(database, keys, leaseMs, limits);
    this.#transitions = new SqlTransitions(database, keys, leaseMs, checkAfterMs);
  }

  claim(claim: NewClaim): Promise<Claimed> {
    return this.health.guard(async () => {
      for (;;) {
        const attempt = firstAttempt(claim);
        const claimed = await this.#begin(attempt, () => this.#claims.write(claim, attempt));
        if (claimed !== undefined) return claimed;
        // Another replica changed the key in the middle of the claim, so it is repeated.
      }
    });
  }

  reclaim({ attempt, payment }: KeyRecord): Promise<Attempt | undefined> {
    return this.health.guard(async () => {
      const next: Attempt = { number: attempt + 1, owner: randomUUID(), payment };
      return (await this.#begin(next, () => this.#transitions.reclaim(next))) ? next : undefined;
    });
  }

  read({ id }: Pick<PaymentSession, 'id'>): Promise<KeyRecord | undefined> {
    return this.health.guard(async () => {
      const row = await keyRows(this.database).where('k.payment_session_id', '=', id).executeTakeFirst();
      return row && toRecord(row, this.keys);
    });
  }

  mark(attempt: Attempt): Promise<boolean> {
    return this.health.guard(() => this.#transitions.mark(attempt));
  }

  finish(
    attempt: Attempt,
    result: AttemptResult,
    orphaned: readonly Sensitive<string>[],
  ): Promise<FinishedAttempt | undefined> {
    return this.health.guard(async () => {
      for (const { from, ...transition } of transitionsFor(result, attempt.payment)) {
        const at = await this.#apply(attempt, { ...transition, orphaned }, { from, by: 'owner' });
        if (at !== undefined) return this.#finished(attempt, transition, at);
      }
      return undefined;
    });
  }

  recordOrphans(attempt: Attempt, orphaned: readonly Sensitive<string>[]): Promise<void> {
    return this.health.guard(async () => {
      const rows = orphaned.map((sessionId) => this.#toOrphanRow(attempt, sessionId));
      if (rows.length > 0)
        await this.database.write((transaction) => transaction.insertInto('abandoned_attempts').values(rows).execute());
    });
  }

  expire(record: KeyRecord): Promise<void> {
    return this.health.guard(() => this.#expire(record, 'anyone-after-lease'));
  }

  expireStaleAttempts(all = false): Promise<number> {
    return this.health.guard(async () => {
      const isExpired = all ? sql<boolean>`true` : sql<boolean>`lease_until <= ${this.database.nowMs}`;
      const attempts = keyRows(this.database).where('k.state', 'in', ['CLAIMED', 'MARKED']);
      const stale = await attempts.where(isExpired).limit(BATCH).execute();
      for (const row of stale) await this.#expire(toRecord(row, this.keys), all ? 'anyone' : 'anyone-after-lease');
      return stale.length;
    });
  }

  async #finished({ payment }: Attempt, transition: KeyTransition, at: number): Promise<FinishedAttempt> {
    const { to: state, payment: updated } = transition;
    if (updated !== undefined) return { state, payment: { ...updated, updatedAt: new Date(at) } };
    const current = transition.identifiedPayment && (await this.read(payment));
    return { state, payment: current?.payment ?? payment };
  }

  async #expire(record: KeyRecord, by: TransitionMaker['by']): Promise<void> {
    const { state, attempt: number, payment } = record;
    if (state !== 'CLAIMED' && state !== 'MARKED') return;
    await this.#apply({ number, payment, owner: undefined }, expiryTransition(record), { from: [state], by });
  }

  /** Applies a transition. Returns its time; undefined when the key was not in the required state. */
  async #apply(
    attempt: Pick<Attempt, 'number' | 'payment'> & { readonly owner: string | undefined },
    transition: KeyTransition,
    maker: TransitionMaker,
  ): Promise<number | undefined> {
    const at = await this.#transitions.apply(attempt, transition, maker);
    if (at !== undefined && transition.payment !== undefined) this.database.changes.publish(attempt.payment.id);
    return at;
  }

  /**
   * Writes the claim of an attempt. A claim whose write failed may have been stored all the same, and would block its
   * key until the lease expires although nobody acts for it; so it is released. The release is tried once only: retries
   * of all requests would pile up while the database is down. A claim that was not begun is not released: the releases
   * of all waiting requests would fill the pool that other requests wait for.
   */
  async #begin<T>(attempt: Attempt, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof QueueAborted))
        this.finish(attempt, { kind: 'released', as: UNAVAILABLE }, []).catch(() => undefined);
      throw error;
    }
  }

  #toOrphanRow({ number, payment: { id } }: Attempt, sessionId: Sensitive<string>) {
    const { nowMs } = this.database;
    const sealed = {
      session_id: seal(this.keys, sessionId, 'session_id', id),
      session_index: sessionIndexOf(this.keys, sessionId),
    };
    return { payment_session_id: id, attempt: number, ...sealed, at: nowMs, next_cancel_at: nowMs };
  }
}
