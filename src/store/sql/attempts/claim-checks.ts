import { sql } from 'kysely';
import type { Expression, RawBuilder } from 'kysely';
import type { PaymentDeliveryMethod } from '../../../domain/payment.js';
import type { RateLimits, RateLimit } from '../../../domain/rate-limits.js';
import { toStored } from '../../database/stored-values.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Database, Queryable } from '../../database/database.js';
import { REPEATABLE_KEY_STATE } from '../../../domain/duplicates.js';
import { payerKey } from '../../../domain/payer-key.js';
import { UNPAID_FINAL_STATUSES } from '../../../domain/payment-status.js';
import type { NewClaim } from '../../contracts/attempt-store.js';

type FreeAt = Readonly<Record<'payments_free_at' | 'emails_free_at' | 'amount_free_at', number | null>>;
type ClaimCheckRow = FreeAt & { readonly known: 0 | 1; readonly now: number; readonly duplicate_id: string | null };

const NEVER = sql<null>`null`;
const NOW = sql<number>`(select now from clock)`;

/**
 * Checks a claim against rate limits and for duplicates. Limits are counted over the payments themselves, by the
 * database's clock: they hold for every period of that length, and a rejected claim leaves nothing behind.
 */
export class ClaimChecks {
  constructor(
    private readonly database: Pick<Database, 'nowMs'>,
    private readonly keys: DataKeys,
    private readonly limits: RateLimits,
  ) {}

  /** Whether anything can reject such a claim. */
  applies({ deliveryMethod, guarded }: NewClaim): boolean {
    const { paymentsPerClient, emailsPerPayer, amountPerPayer, duplicateWindowMs } = this.limits;
    const toPayer = deliveryMethod === 'EMAIL' ? (emailsPerPayer ?? amountPerPayer) : undefined;
    return (paymentsPerClient ?? toPayer ?? (guarded ? duplicateWindowMs : undefined)) !== undefined;
  }

  /**
   * All checks at once. `isKnown`: the key exists, for either mutation, and nothing rejects a repeated request.
   * `retryAfterMs`: until no limit rejects the claim; undefined: none does. `duplicateId`: of the latest duplicate.
   */
  async check(claim: NewClaim, { kysely }: Queryable) {
    const [row] = (await this.buildQuery(claim).execute(kysely)).rows;
    if (row === undefined) throw new Error('the database returned no row for a claim check');
    const freeAt = Math.max(row.now, row.payments_free_at ?? 0, row.emails_free_at ?? 0, row.amount_free_at ?? 0);
    return {
      isKnown: row.known === 1,
      retryAfterMs: freeAt > row.now ? freeAt - row.now : undefined,
      duplicateId: row.duplicate_id ?? undefined,
    };
  }

  /** The single query that evaluates all checks. Public for tests of its query plan. */
  buildQuery(claim: NewClaim): RawBuilder<ClaimCheckRow> {
    const { paymentsPerClient, emailsPerPayer, amountPerPayer, duplicateWindowMs } = this.limits;
    const { clientId, key, deliveryMethod, guarded } = claim;
    const sent = deliveryMethod === 'EMAIL';
    const ofClient = sql`caller || ' ' = ${`${clientId} `}`;
    const sentToPayer = this.#ofPayer(claim, ['EMAIL']);
    return sql<ClaimCheckRow>`with clock as (select ${this.database.nowMs} as now)
      select ${NOW} as now,
        case when exists (select 1 from idempotency_keys
          where caller = ${clientId} and key = ${key}) then 1 else 0 end as known,
        ${paymentsPerClient ? countFreeAt(paymentsPerClient, ofClient) : NEVER} as payments_free_at,
        ${sent && emailsPerPayer ? countFreeAt(emailsPerPayer, sentToPayer) : NEVER} as emails_free_at,
        ${sent && amountPerPayer ? amountFreeAt(amountPerPayer, sentToPayer, claim) : NEVER} as amount_free_at,
        ${guarded && duplicateWindowMs ? this.#duplicateOf(claim, duplicateWindowMs) : NEVER} as duplicate_id`;
  }

  /**
   * The last duplicate, as `domain/duplicates.ts` defines it. The reference is compared by an expression that no index
   * has: with one, PostgreSQL would search through a frequent reference.
   */
  #duplicateOf(claim: NewClaim, guardMs: number) {
    const { amount, referenceId } = claim.order;
    return sql`(select id from payment_sessions p
      where ${this.#ofPayer(claim, ['LINK', 'EMAIL'])} and created_at > ${NOW} - ${sql.lit(guardMs)}
        and amount_minor = ${amount.amountMinor} and currency = ${amount.currency} and reference_id || '' = ${referenceId}
        and status not in (${sql.join(UNPAID_FINAL_STATUSES.map((status) => toStored(status)))})
        and not exists (select 1 from idempotency_keys k where k.payment_session_id = p.id and k.state = ${REPEATABLE_KEY_STATE})
      order by created_at desc, id desc limit 1)`;
  }

  #ofPayer({ clientId, order }: NewClaim, deliveries: readonly PaymentDeliveryMethod[]) {
    const indexes = this.keys.indexesOf(payerKey(clientId, order.customer.email));
    return sql<boolean>`payer_index in (${sql.join(indexes)}) and delivery in (${sql.join(deliveries)})`;
  }
}

/** When the oldest of the newest `limit` payments leaves the period, if all of them are in it. */
function countFreeAt({ limit, periodMs }: RateLimit, which: Expression<unknown>) {
  return sql`(select created_at + ${sql.lit(periodMs)} from payment_sessions
    where ${which} and created_at > ${NOW} - ${sql.lit(periodMs)}
    order by created_at desc limit 1 offset ${sql.lit(limit - 1)})`;
}

/** When the period no longer has the newest payment that, with all later ones, leaves too little for this claim. */
function amountFreeAt({ limit, periodMs }: RateLimit, which: Expression<unknown>, { order }: NewClaim) {
  return sql`(select created_at + ${sql.lit(periodMs)} from (
      select created_at, sum(amount_minor) over (order by created_at desc, id desc rows unbounded preceding) as total
      from payment_sessions where ${which} and created_at > ${NOW} - ${sql.lit(periodMs)}) as newest
    where total > ${sql.lit(limit - order.amount.amountMinor)}
    order by created_at desc limit 1)`;
}
