import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { PaymentSession } from '../../../domain/payment.js';
import { createPaymentId } from '../../../domain/ids.js';
import type { ClaimChecks } from './claim-checks.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Database, Queryable } from '../../database/database.js';
import { insertIf, insertPayment } from './dependent-writes.js';
import { toPayment } from '../payment-rows.js';
import { fromNow } from '../sql-store.js';
import type { Attempt } from '../../../domain/idempotency-key.js';
import type { ClaimRefusal, NewClaim } from '../../contracts/attempt-store.js';

/** Retry delay for a claim that is processed after its client stopped waiting: many claims were queued before it. */
const LATE_RETRY_AFTER_MS = 1_000;

/** Writes the first attempts of keys, after checking whether they are rejected. */
export class SqlClaims {
  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly leaseMs: number,
    private readonly checks: ClaimChecks,
  ) {}

  /** Writes the attempt of a claim, unless the claim is rejected; undefined when the key exists. */
  write(claim: NewClaim, attempt: Attempt): Promise<{ readonly attempt: Attempt } | ClaimRefusal | undefined> {
    if (!this.checks.applies(claim)) return this.#insert(claim, attempt, this.database);
    // Replicas count a client's payments one after the other: concurrently, each would miss those of the others.
    return this.database.writeExclusive(claim.clientId, async (queryable) => {
      const { isKnown, retryAfterMs, duplicateId } = await this.checks.check(claim, queryable);
      if (isKnown) return undefined;
      if (retryAfterMs !== undefined) return { limited: { retryAfterMs } };
      // The attempt would do nothing, and would count against the limits.
      if (claim.isLate()) return { limited: { retryAfterMs: LATE_RETRY_AFTER_MS } };
      if (duplicateId === undefined) return this.#insert(claim, attempt, queryable);
      const duplicate = queryable.kysely.selectFrom('payment_sessions').selectAll().where('id', '=', duplicateId);
      return { duplicate: toPayment(await duplicate.executeTakeFirstOrThrow(), this.keys) };
    });
  }

  async #insert(claim: NewClaim, attempt: Attempt, queryable: Queryable) {
    const { clientId, deliveryMethod, key, fingerprint } = claim;
    const { payment, owner, number } = attempt;
    const row = {
      caller: clientId,
      operation: deliveryMethod,
      key,
      payment_session_id: payment.id,
      state: 'CLAIMED',
      attempt: number,
      owner,
      fingerprint: fingerprint.mac,
      fingerprint_key_id: fingerprint.keyId,
      fingerprint_form: fingerprint.version,
      lease_until: fromNow(this.database, this.leaseMs),
    } as const;
    // Unique indexes decide between concurrent claims. Alone they would allow a key to have two rows if the first of
    // two competing ones was cleaned up.
    const isFree = sql<boolean>`not exists (select 1 from idempotency_keys where caller = ${clientId} and key = ${key})`;
    const guard = sql`${insertIf('idempotency_keys', row, isFree)} on conflict do nothing
      returning ${this.database.nowMs} as at`;
    const at = await queryable.conditionalWrite(guard, (write) => insertPayment(payment, clientId, this.keys, write));
    if (at === undefined) return undefined;
    const written = queryable.kysely.selectFrom('payment_sessions').where('id', '=', payment.id);
    const { reference_suffix } = await written.select('reference_suffix').executeTakeFirstOrThrow();
    const times = { createdAt: new Date(at), updatedAt: new Date(at) };
    const upstreamReferenceId = `${payment.referenceId}${reference_suffix}`;
    return { attempt: { ...attempt, payment: { ...payment, upstreamReferenceId, ...times } } };
  }
}

/** Creates the first attempt of a key, without writing it. */
export function firstAttempt({ deliveryMethod, order }: NewClaim): Attempt {
  const unwritten = new Date(0);
  const payment: PaymentSession = {
    ...order,
    id: createPaymentId(),
    deliveryMethod,
    upstreamReferenceId: order.referenceId,
    status: 'CREATING',
    sessionId: undefined,
    paymentRequestId: undefined,
    statusDetails: undefined,
    statusCheckedAt: undefined,
    createdAt: unwritten,
    updatedAt: unwritten,
  };
  return { number: 1, owner: randomUUID(), payment };
}
