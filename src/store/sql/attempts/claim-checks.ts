import { sql } from 'kysely';
import type { Expression, RawBuilder, SqlBool } from 'kysely';
import type { PaymentDeliveryMethod } from '../../../domain/payment.js';
import type { RateLimits, RateLimit } from '../../../domain/rate-limits.js';
import { toStored } from '../../database/stored-values.js';
import { REPEATABLE_KEY_STATE } from '../../../domain/duplicates.js';
import { UNPAID_FINAL_STATUSES } from '../../../domain/payment-status.js';
import type { Placeholders } from '../../database/statement.js';
import type { ClaimValues } from './claim-values.js';

/** What decides which checks apply to a claim. */
export interface ClaimKind {
  readonly deliveryMethod: PaymentDeliveryMethod;
  readonly guarded: boolean;
}

type Values = Placeholders<ClaimValues>;

/** The results of the checks. A time is when a limit no longer rejects the claim; null: it does not reject it. */
export interface ClaimCheckRow {
  readonly now: number;
  readonly payments_free_at: number | null;
  readonly emails_free_at: number | null;
  readonly amount_free_at: number | null;
  /** The latest payment that it would duplicate. */
  readonly duplicate_id: string | null;
}

const NEVER = sql<null>`cast(null as bigint)`;
const NOW = sql<number>`(select now from clock)`;

/** Conditions on the `ClaimCheckRow` called `checks` under which neither limits nor duplicates reject the claim. */
export const IS_ALLOWED = sql<boolean>`checks.payments_free_at is null and checks.emails_free_at is null
  and checks.amount_free_at is null and checks.duplicate_id is null`;

/**
 * Selects the `ClaimCheckRow` of a claim, from a `clock` with the time `now`, and `upcoming` with the `nextNumber`. Limits
 * are counted over the payments themselves, by the database's clock: they hold for every period of that length, and a
 * rejected claim leaves nothing behind.
 */
export function selectChecks(
  values: Values,
  { deliveryMethod, guarded }: ClaimKind,
  limits: RateLimits,
  isOfPayer: Expression<SqlBool>,
) {
  const { paymentsPerClient, emailsPerPayer, amountPerPayer, duplicateWindowMs } = limits;
  const sent = deliveryMethod === 'EMAIL';
  const sentToPayer = sql<boolean>`${isOfPayer} and delivery = 'EMAIL'`;
  return sql<ClaimCheckRow>`select ${NOW} as now,
    ${paymentsPerClient ? clientFreeAt(paymentsPerClient, values) : NEVER} as payments_free_at,
    ${sent && emailsPerPayer ? countFreeAt(emailsPerPayer, sentToPayer) : NEVER} as emails_free_at,
    ${sent && amountPerPayer ? amountFreeAt(amountPerPayer, sentToPayer, values) : NEVER} as amount_free_at,
    ${guarded && duplicateWindowMs ? duplicateOf(values, duplicateWindowMs, isOfPayer) : sql`cast(null as text)`} as duplicate_id`;
}

/** Condition for the payments of the client, with the expression of the index. */
function ofClient({ client }: Values): RawBuilder<boolean> {
  return sql`caller || ' ' = ${client} || ' '`;
}

/** The number of the client's next payment. */
export function nextNumber(values: Values): RawBuilder<number> {
  return sql`coalesce((select client_number from payment_sessions
    where ${ofClient(values)} and client_number is not null order by client_number desc limit 1), 0) + 1`;
}

/**
 * When the client may create another payment. If the payment `limit` places before it is older than the period, fewer
 * than `limit` are in the period. Only otherwise they are counted, because some of the numbers may have been removed.
 */
function clientFreeAt({ limit, periodMs }: RateLimit, values: Values) {
  const start = sql`${NOW} - ${sql.lit(periodMs)}`;
  const before = sql`(select created_at from payment_sessions
    where ${ofClient(values)} and client_number <= (select number from upcoming) - ${sql.lit(limit)}
    order by client_number desc limit 1)`;
  // A limit of 0 is seen before the first row is read; SQLite checks a condition for each row.
  const newest = sql`(select created_at from payment_sessions where ${ofClient(values)}
    order by client_number desc limit case when ${before} > ${start} then 1 else 0 end offset ${sql.lit(limit - 1)})`;
  return sql`(select newest.created_at + ${sql.lit(periodMs)} from ${newest} as newest
    where newest.created_at > ${start})`;
}

/** When the oldest of the newest `limit` payments leaves the period, if all of them are in it. */
function countFreeAt({ limit, periodMs }: RateLimit, which: Expression<unknown>) {
  return sql`(select created_at + ${sql.lit(periodMs)} from payment_sessions
    where ${which} and created_at > ${NOW} - ${sql.lit(periodMs)}
    order by created_at desc limit 1 offset ${sql.lit(limit - 1)})`;
}

/** When the period no longer has the newest payment that, with all later ones, leaves too little for this claim. */
function amountFreeAt({ limit, periodMs }: RateLimit, which: Expression<unknown>, { amountMinor }: Values) {
  return sql`(select created_at + ${sql.lit(periodMs)} from (
      select created_at, sum(amount_minor) over (order by created_at desc, id desc rows unbounded preceding) as total
      from payment_sessions where ${which} and created_at > ${NOW} - ${sql.lit(periodMs)}) as newest
    where total > ${sql.lit(limit)} - ${amountMinor}
    order by created_at desc limit 1)`;
}

/**
 * The last duplicate, as `domain/duplicates.ts` defines it. The reference is compared by an expression that no index
 * has: with one, PostgreSQL would search through a frequent reference.
 */
function duplicateOf(values: Values, guardMs: number, isOfPayer: Expression<SqlBool>) {
  return sql`(select id from payment_sessions p
    where ${isOfPayer} and delivery in ('LINK', 'EMAIL') and created_at > ${NOW} - ${sql.lit(guardMs)}
      and amount_minor = ${values.amountMinor} and currency = ${values.currency}
      and reference_id || '' = ${values.referenceId}
      and status not in (${sql.join(UNPAID_FINAL_STATUSES.map((status) => toStored(status)))})
      and not exists (select 1 from idempotency_keys k where k.payment_session_id = p.id and k.state = ${REPEATABLE_KEY_STATE})
    order by created_at desc, id desc limit 1)`;
}
