import { randomUUID } from 'node:crypto';
import { createPaymentId } from '../../../domain/ids.js';
import type { Attempt } from '../../../domain/idempotency-key.js';
import type { PaymentDeliveryMethod, PaymentSession } from '../../../domain/payment.js';
import type { RateLimits } from '../../../domain/rate-limits.js';
import type { Claimed, NewClaim } from '../../contracts/attempt-store.js';
import type { PreparedWrite } from '../../database/conditional-write.js';
import type { Database } from '../../database/database.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import { findPayments, toRecord } from '../payment-rows.js';
import type { KeyRow } from '../payment-rows.js';
import type { ClaimCheckRow } from './claim-checks.js';
import { claimStatement } from './claim-statement.js';
import { claimValues } from './claim-values.js';
import type { ClaimValues } from './claim-values.js';

/** Retry delay for a claim that is processed after its client stopped waiting: many claims were queued before it. */
const LATE_RETRY_AFTER_MS = 1_000;

/** The results of the checks, the row of the key if there is one, and what was written if nothing rejected the claim. */
type ClaimRow = ClaimCheckRow & KeyRow & { readonly at: number; readonly written_suffix: string };

/** Writes the first attempts of keys, unless something rejects them, in one step. */
export class SqlClaims {
  readonly #writes = new Map<string, PreparedWrite<ClaimValues, ClaimRow>>();

  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly leaseMs: number,
    private readonly limits: RateLimits,
  ) {}

  /** Writes the attempt of a claim, unless the key exists or the claim is rejected; undefined: the key was just made. */
  async write(claim: NewClaim, attempt: Attempt): Promise<Claimed | undefined> {
    const values = claimValues(claim, attempt, this.keys);
    // Replicas count a client's payments one after the other: concurrently, each would miss those of the others.
    const row = await this.#writeFor(claim).runExclusive(claim.clientId, () => ({
      ...values,
      isLate: claim.isLate() ? 1 : 0,
    }));
    if (isWritten(row)) return { attempt: { ...attempt, payment: asWritten(attempt.payment, row) } };
    if (isKnown(row)) return { record: toRecord(row, this.keys) };
    return this.#refusal(row as ClaimCheckRow, claim);
  }

  #writeFor({ deliveryMethod, guarded }: NewClaim): PreparedWrite<ClaimValues, ClaimRow> {
    const name = `${deliveryMethod}${guarded ? ', guarded' : ''}`;
    const write = this.#writes.get(name) ?? this.#prepare(deliveryMethod, guarded);
    this.#writes.set(name, write);
    return write;
  }

  #prepare(deliveryMethod: PaymentDeliveryMethod, guarded: boolean): PreparedWrite<ClaimValues, ClaimRow> {
    const settings = { limits: this.limits, leaseMs: this.leaseMs, dataKeys: this.keys.ids.length };
    return this.database.prepareWrite(claimStatement(this.database, { deliveryMethod, guarded }, settings));
  }

  async #refusal(row: ClaimCheckRow, { isLate }: NewClaim): Promise<Claimed | undefined> {
    const freeAt = Math.max(row.payments_free_at ?? 0, row.emails_free_at ?? 0, row.amount_free_at ?? 0);
    if (freeAt > row.now) return { limited: { retryAfterMs: freeAt - row.now } };
    if (row.duplicate_id !== null) {
      const [duplicate] = await findPayments(this.database.kysely, this.keys, [row.duplicate_id]);
      return duplicate && { duplicate };
    }
    return isLate() ? { limited: { retryAfterMs: LATE_RETRY_AFTER_MS } } : undefined;
  }
}

function isWritten(row: Partial<ClaimRow>): row is ClaimRow {
  return (row.at ?? null) !== null;
}

function isKnown(row: Partial<ClaimRow>): row is ClaimRow {
  return (row.id ?? null) !== null;
}

function asWritten(payment: PaymentSession, { at, written_suffix }: ClaimRow): PaymentSession {
  const times = { createdAt: new Date(at), updatedAt: new Date(at) };
  return { ...payment, upstreamReferenceId: `${payment.referenceId}${written_suffix}`, ...times };
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
