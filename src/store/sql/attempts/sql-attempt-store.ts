import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import { UNAVAILABLE } from '../../../domain/outcome.js';
import type { PaymentSession } from '../../../domain/payment.js';
import type { RateLimits } from '../../../domain/rate-limits.js';
import { isFinal } from '../../../domain/payment-status.js';
import type { Sensitive } from '../../../domain/sensitive.js';
import { ClaimChecks } from './claim-checks.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Database } from '../../database/database.js';
import { recordFlinksIds, insertOrphans, movePayment, toOrphanRow } from './dependent-writes.js';
import { toRecord } from '../payment-rows.js';
import { SqlClaims, firstAttempt } from './sql-claims.js';
import { expiryTransition, transitionsFor } from '../../../domain/key-state-machine.js';
import type { KeyTransition } from '../../../domain/key-state-machine.js';
import type { StoreHealth } from '../../database/store-health.js';
import { QueueAborted } from '../../../lib/keyed-mutex.js';
import type { Attempt, AttemptResult, KeyRecord, KeyState, ScopedKey } from '../../../domain/idempotency-key.js';
import type { AttemptStore, Claimed, FinishedAttempt, NewClaim } from '../../contracts/attempt-store.js';

/** At most so many dead attempts are looked at in one go. */
const BATCH = 100;

/** Which key, attempt and states a step may be taken from. */
type TransitionGuard = Pick<Attempt, 'number' | 'payment'> & { readonly condition: Expression<SqlBool> };

/**
 * Keys and attempts in SQL. Each step is a conditional write on the row of the key: of those who try it at the same time one
 * finds the row as it must be, and what follows from the step is written with it.
 */
export class SqlAttemptStore implements AttemptStore {
  readonly #claims: SqlClaims;

  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
    private readonly leaseMs: number,
    /** After which time a payment that was started is looked up. */
    private readonly checkAfterMs: number,
    limits: RateLimits,
  ) {
    this.#claims = new SqlClaims(database, keys, leaseMs, new ClaimChecks(database, keys, limits));
  }

  claim(claim: NewClaim): Promise<Claimed> {
    return this.health.guard(async () => {
      for (;;) {
        const attempt = firstAttempt(claim);
        const claimed = await this.#begin(attempt, () => this.#claims.write(claim, attempt));
        if (claimed !== undefined) return claimed;
        const record = await this.#record(claim);
        if (record !== undefined) return { record };
        // Cleaned up between the two: the key is free.
      }
    });
  }

  reclaim({ attempt, payment }: KeyRecord): Promise<Attempt | undefined> {
    return this.health.guard(async () => {
      const next: Attempt = { number: attempt + 1, owner: randomUUID(), payment };
      const gate = this.#keyOf(payment)
        .set({
          state: 'CLAIMED',
          attempt: next.number,
          owner: next.owner,
          lease_until: this.#leaseEnd(),
          closed_at: null,
        })
        .where('attempt', '=', attempt)
        .where('state', '=', 'RELEASED');
      return (await this.#begin(next, () => this.database.conditionalWrite(gate, () => []))) === undefined
        ? undefined
        : next;
    });
  }

  read({ id }: Pick<PaymentSession, 'id'>): Promise<KeyRecord | undefined> {
    return this.health.guard(() => this.#record({ payment_session_id: id }));
  }

  mark(attempt: Attempt): Promise<boolean> {
    return this.health.guard(async () => {
      const gate = this.#keyOf(attempt.payment)
        .set({ state: 'MARKED' })
        .where(this.#isHeldBy(attempt, ['CLAIMED', 'MARKED']))
        .where('lease_until', '>', this.database.nowMs);
      return (await this.database.conditionalWrite(gate, () => [])) !== undefined;
    });
  }

  finish(
    attempt: Attempt,
    result: AttemptResult,
    left: readonly Sensitive<string>[],
  ): Promise<FinishedAttempt | undefined> {
    return this.health.guard(async () => {
      for (const { from, ...step } of transitionsFor(result, attempt.payment)) {
        const held = this.#isHeldBy(attempt, from);
        const condition =
          step.identifiedPayment === undefined ? held : sql<boolean>`${held} and ${lacksSession(attempt.payment)}`;
        const at = await this.#transition({ ...attempt, condition }, { ...step, orphaned: left });
        if (at !== undefined) return this.#finished(attempt, step, at);
      }
      return undefined;
    });
  }

  recordOrphans(attempt: Attempt, left: readonly Sensitive<string>[]): Promise<void> {
    return this.health.guard(async () => {
      const rows = left.map((sessionId) => toOrphanRow(attempt, sessionId, this.keys, this.database.nowMs));
      if (rows.length > 0)
        await this.database.write((transaction) => transaction.insertInto('abandoned_attempts').values(rows).execute());
    });
  }

  expire(record: KeyRecord): Promise<void> {
    return this.health.guard(async () => {
      await this.#expire(record, this.#isLeaseExpired());
    });
  }

  expireStaleAttempts(all = false): Promise<number> {
    return this.health.guard(async () => {
      const isOver = all ? sql<boolean>`true` : this.#isLeaseExpired();
      const stale = await this.#keyRows()
        .where('k.state', 'in', ['CLAIMED', 'MARKED'])
        .where(isOver)
        .limit(BATCH)
        .execute();
      for (const row of stale) await this.#expire(toRecord(row, this.keys), isOver);
      return stale.length;
    });
  }

  async #finished({ payment }: Attempt, step: KeyTransition, at: number): Promise<FinishedAttempt> {
    const { to: state, payment: moved } = step;
    if (moved !== undefined) return { state, payment: { ...moved, updatedAt: new Date(at) } };
    const stands = step.identifiedPayment && (await this.#record({ payment_session_id: payment.id }));
    return { state, payment: stands?.payment ?? payment };
  }

  async #expire(record: KeyRecord, isOver: Expression<SqlBool>): Promise<void> {
    const { state, attempt: number, payment } = record;
    if (state !== 'CLAIMED' && state !== 'MARKED') return;
    await this.#transition(
      { number, payment, condition: sql<boolean>`state = ${state} and ${isOver}` },
      expiryTransition(record),
    );
  }

  /**
   * Writes the claim of an attempt. When that fails it may be written all the same, and hold its key until its lease ends though
   * nobody acts for it; so it is given back. Once only: while the store is down, all calls would pile up what they repeat. What
   * was not begun is not written: all who waited would fill the pool, where others wait.
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

  async #record(where: ScopedKey | { payment_session_id: string }): Promise<KeyRecord | undefined> {
    const rows = this.#keyRows();
    const found =
      'key' in where
        ? rows
            .where('k.caller', '=', where.clientId)
            .where('k.key', '=', where.key)
            .orderBy(sql`case when k.operation = ${where.deliveryMethod} then 0 else 1 end`)
            .limit(1)
        : rows.where('k.payment_session_id', '=', where.payment_session_id);
    const row = await found.executeTakeFirst();
    return row === undefined ? undefined : toRecord(row, this.keys);
  }

  #keyRows() {
    return this.database.kysely
      .selectFrom('idempotency_keys as k')
      .innerJoin('payment_sessions as p', 'p.id', 'k.payment_session_id')
      .selectAll('p')
      .select(['k.state', 'k.attempt', 'k.fingerprint', 'k.fingerprint_key_id', 'k.fingerprint_form', 'k.released_as'])
      .select(sql<number>`case when ${this.#isLeaseExpired()} then 1 else 0 end`.as('lease_over'));
  }

  /** Takes a step from where `held` says. Gives its time, or undefined when the key was not there. */
  async #transition(
    { number, payment: before, condition }: TransitionGuard,
    { to, releasedAs, payment, identifiedPayment: identified, orphaned: left = [] }: KeyTransition,
  ): Promise<number | undefined> {
    const closed = to === 'RELEASED' || (payment !== undefined && isFinal(payment.status));
    const gate = this.#keyOf(before)
      .set({
        state: to,
        released_as: releasedAs === undefined ? null : JSON.stringify(releasedAs),
        ...(identified === undefined ? { closed_at: closed ? this.database.nowMs : null } : {}),
      })
      .where('attempt', '=', number)
      .where(condition);
    const at = await this.database.conditionalWrite(gate, (taken) => [
      ...(payment === undefined ? [] : movePayment(this.database.kysely, payment, this.keys, this.checkAfterMs, taken)),
      ...(identified === undefined ? [] : recordFlinksIds(this.database.kysely, identified, this.keys, taken)),
      ...insertOrphans({ number, payment: before }, left, this.keys, taken),
    ]);
    if (at !== undefined && payment !== undefined) this.database.changes.publish(payment.id);
    return at;
  }

  #keyOf({ id }: PaymentSession) {
    return this.database.kysely
      .updateTable('idempotency_keys')
      .where('payment_session_id', '=', id)
      .returning(this.database.nowMs.as('at'));
  }

  #isHeldBy({ number, owner }: Attempt, states: readonly KeyState[]): Expression<SqlBool> {
    return sql<boolean>`attempt = ${number} and owner = ${owner} and state in (${sql.join(states)})`;
  }

  #isLeaseExpired(): Expression<SqlBool> {
    return sql<boolean>`lease_until <= ${this.database.nowMs}`;
  }

  #leaseEnd() {
    return sql<number>`${this.database.nowMs} + ${sql.lit(this.leaseMs)}`;
  }
}

function lacksSession({ id }: PaymentSession): Expression<SqlBool> {
  return sql<boolean>`exists (select 1 from payment_sessions where id = ${id} and session_id is null
    and at_flinks_since is not null)`;
}
