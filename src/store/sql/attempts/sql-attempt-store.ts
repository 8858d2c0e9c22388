import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import { UNAVAILABLE } from '../../../domain/provider-result.js';
import type { PaymentSession } from '../../../domain/payment.js';
import type { RateLimits } from '../../../domain/rate-limits.js';
import { isFinal } from '../../../domain/payment-status.js';
import type { Sensitive } from '../../../domain/sensitive.js';
import { ClaimChecks } from './claim-checks.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Database } from '../../database/database.js';
import { insertIf, movePayment, recordFlinksIds, toOrphanRow } from './dependent-writes.js';
import { toRecord } from '../payment-rows.js';
import { fromNow } from '../sql-store.js';
import { SqlClaims, firstAttempt } from './sql-claims.js';
import { expiryTransition, transitionsFor } from '../../../domain/idempotency-key.js';
import type {
  KeyTransition,
  Attempt,
  AttemptResult,
  KeyRecord,
  KeyState,
  ScopedKey,
} from '../../../domain/idempotency-key.js';
import type { StoreHealth } from '../../database/store-health.js';
import { QueueAborted } from '../../../lib/keyed-mutex.js';
import type { AttemptStore, Claimed, FinishedAttempt, NewClaim } from '../../contracts/attempt-store.js';

/** Maximum number of stale attempts that are expired at once. */
const BATCH = 100;

/** The condition for a transition: which attempt of which key, and further conditions on the row of the key. */
type TransitionGuard = Pick<Attempt, 'number' | 'payment'> & { readonly condition: Expression<SqlBool> };

/**
 * Keys and attempts in SQL. Each transition is a conditional write on the row of the key: of concurrent ones exactly
 * one finds the row in the required state, and the dependent writes are committed with it.
 */
export class SqlAttemptStore implements AttemptStore {
  readonly #claims: SqlClaims;

  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
    private readonly leaseMs: number,
    /** Delay before a started payment is looked up. */
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
        // The key was removed between the two steps, so it can be claimed.
      }
    });
  }

  reclaim({ attempt, payment }: KeyRecord): Promise<Attempt | undefined> {
    return this.health.guard(async () => {
      const next: Attempt = { number: attempt + 1, owner: randomUUID(), payment };
      const { number, owner } = next;
      const lease_until = fromNow(this.database, this.leaseMs);
      const guard = this.#keyOf(payment)
        .set({ state: 'CLAIMED', attempt: number, owner, lease_until, closed_at: null })
        .where('attempt', '=', attempt)
        .where('state', '=', 'RELEASED');
      const at = await this.#begin(next, () => this.database.conditionalWrite(guard, () => []));
      return at === undefined ? undefined : next;
    });
  }

  read({ id }: Pick<PaymentSession, 'id'>): Promise<KeyRecord | undefined> {
    return this.health.guard(() => this.#record({ payment_session_id: id }));
  }

  mark(attempt: Attempt): Promise<boolean> {
    return this.health.guard(async () => {
      const guard = this.#keyOf(attempt.payment)
        .set({ state: 'MARKED' })
        .where(isHeldBy(attempt, ['CLAIMED', 'MARKED']))
        .where('lease_until', '>', this.database.nowMs);
      return (await this.database.conditionalWrite(guard, () => [])) !== undefined;
    });
  }

  finish(
    attempt: Attempt,
    result: AttemptResult,
    orphaned: readonly Sensitive<string>[],
  ): Promise<FinishedAttempt | undefined> {
    return this.health.guard(async () => {
      for (const { from, ...transition } of transitionsFor(result, attempt.payment)) {
        const held = isHeldBy(attempt, from);
        const condition = transition.identifiedPayment
          ? sql<boolean>`${held} and ${lacksSession(attempt.payment)}`
          : held;
        const at = await this.#transition({ ...attempt, condition }, { ...transition, orphaned });
        if (at !== undefined) return this.#finished(attempt, transition, at);
      }
      return undefined;
    });
  }

  recordOrphans(attempt: Attempt, orphaned: readonly Sensitive<string>[]): Promise<void> {
    return this.health.guard(async () => {
      const rows = orphaned.map((sessionId) => toOrphanRow(attempt, sessionId, this.keys, this.database.nowMs));
      if (rows.length > 0)
        await this.database.write((transaction) => transaction.insertInto('abandoned_attempts').values(rows).execute());
    });
  }

  expire(record: KeyRecord): Promise<void> {
    return this.health.guard(() => this.#expire(record, this.#isLeaseExpired()));
  }

  expireStaleAttempts(all = false): Promise<number> {
    return this.health.guard(async () => {
      const isExpired = all ? sql<boolean>`true` : this.#isLeaseExpired();
      const attempts = this.#keyRows().where('k.state', 'in', ['CLAIMED', 'MARKED']);
      const stale = await attempts.where(isExpired).limit(BATCH).execute();
      for (const row of stale) await this.#expire(toRecord(row, this.keys), isExpired);
      return stale.length;
    });
  }

  async #finished({ payment }: Attempt, transition: KeyTransition, at: number): Promise<FinishedAttempt> {
    const { to: state, payment: updated } = transition;
    if (updated !== undefined) return { state, payment: { ...updated, updatedAt: new Date(at) } };
    const current = transition.identifiedPayment && (await this.#record({ payment_session_id: payment.id }));
    return { state, payment: current?.payment ?? payment };
  }

  async #expire(record: KeyRecord, isExpired: Expression<SqlBool>): Promise<void> {
    const { state, attempt: number, payment } = record;
    if (state !== 'CLAIMED' && state !== 'MARKED') return;
    const condition = sql<boolean>`state = ${state} and ${isExpired}`;
    await this.#transition({ number, payment, condition }, expiryTransition(record));
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
    return row && toRecord(row, this.keys);
  }

  #keyRows() {
    return this.database.kysely
      .selectFrom('idempotency_keys as k')
      .innerJoin('payment_sessions as p', 'p.id', 'k.payment_session_id')
      .selectAll('p')
      .select(['k.state', 'k.attempt', 'k.fingerprint', 'k.fingerprint_key_id', 'k.fingerprint_form', 'k.released_as'])
      .select(sql<number>`case when ${this.#isLeaseExpired()} then 1 else 0 end`.as('lease_over'));
  }

  /** Applies a transition under its guard. Returns its time; undefined when the key was not in the required state. */
  async #transition(
    { number, payment: before, condition }: TransitionGuard,
    { to, releasedAs, payment, identifiedPayment, orphaned = [] }: KeyTransition,
  ): Promise<number | undefined> {
    const { database, keys } = this;
    const closed = to === 'RELEASED' || (payment !== undefined && isFinal(payment.status));
    const guard = this.#keyOf(before)
      .set({
        state: to,
        released_as: releasedAs === undefined ? null : JSON.stringify(releasedAs),
        ...(identifiedPayment === undefined ? { closed_at: closed ? database.nowMs : null } : {}),
      })
      .where('attempt', '=', number)
      .where(condition);
    const at = await database.conditionalWrite(guard, (write) => [
      ...(payment ? movePayment(payment, keys, this.checkAfterMs, write) : []),
      ...(identifiedPayment ? [recordFlinksIds(identifiedPayment, keys, write)] : []),
      ...orphaned.map((sessionId) => {
        const row = toOrphanRow({ number, payment: before }, sessionId, keys, write.at);
        return insertIf('abandoned_attempts', row, write.applied);
      }),
    ]);
    if (at !== undefined && payment !== undefined) database.changes.publish(payment.id);
    return at;
  }

  #keyOf({ id }: PaymentSession) {
    const keys = this.database.kysely.updateTable('idempotency_keys').where('payment_session_id', '=', id);
    return keys.returning(this.database.nowMs.as('at'));
  }

  #isLeaseExpired(): Expression<SqlBool> {
    return sql<boolean>`lease_until <= ${this.database.nowMs}`;
  }
}

function isHeldBy({ number, owner }: Attempt, states: readonly KeyState[]): Expression<SqlBool> {
  return sql<boolean>`attempt = ${number} and owner = ${owner} and state in (${sql.join(states)})`;
}

function lacksSession({ id }: PaymentSession): Expression<SqlBool> {
  return sql<boolean>`exists (select 1 from payment_sessions where id = ${id} and session_id is null
    and at_flinks_since is not null)`;
}
