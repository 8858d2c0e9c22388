import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { RateLimits } from '../../../domain/rate-limits.js';
import type { AppliedGuard, ConditionalWrite } from '../../database/conditional-write.js';
import type { Database } from '../../database/database.js';
import type { Placeholders } from '../../database/statement.js';
import { keyRows } from '../payment-rows.js';
import { fromNow } from '../sql-store.js';
import { IS_ALLOWED, nextNumber, selectChecks } from './claim-checks.js';
import type { ClaimKind } from './claim-checks.js';
import type { ClaimValues } from './claim-values.js';
import { insertIf } from './dependent-writes.js';

type Values = Placeholders<ClaimValues>;

interface ClaimSettings {
  readonly limits: RateLimits;
  readonly leaseMs: number;
  /** Number of data keys, under each of which a payer may be indexed. */
  readonly dataKeys: number;
}

/**
 * The claim of a key: checks whether the key exists or anything rejects the claim, and else writes the key, the payment
 * with its first event, and its reference.
 */
export function claimStatement(
  database: Database,
  kind: ClaimKind,
  { limits, leaseMs, dataKeys }: ClaimSettings,
): ConditionalWrite<ClaimValues> {
  return {
    check: (values) => {
      const indexes = Array.from({ length: dataKeys }, (_, place) => values[`payerIndex${place}`]);
      const isOfPayer = sql<boolean>`payer_index in (${sql.join(indexes)})`;
      return sql`with clock as (select ${database.nowMs} as now),
        upcoming as materialized (select ${nextNumber(values)} as number),
        found as materialized ${keyOf(database, values)},
        checks as materialized (${selectChecks(values, kind, limits, isOfPayer)})
        select checks.*, found.*, case
          when found.id is null and ${values.isLate} = 0 and ${IS_ALLOWED} then 1 else 0 end as passes
        from checks left join found on true`;
    },
    guard: (values, passes) => {
      const lease = fromNow(database, leaseMs);
      // Unique indexes decide between concurrent claims. Alone they would allow a key to have two rows if the first of
      // two competing ones was cleaned up.
      const isFree = sql<boolean>`${passes} and not exists (select 1 from idempotency_keys
        where caller = ${values.client} and key = ${values.key})`;
      return sql`${insertIf('idempotency_keys', keyRow(values, lease), isFree)} on conflict do nothing
        returning ${database.nowMs} as at`;
    },
    dependents: insertPayment,
  };
}

/** The row of the key, with its payment; of two from an older release, that of the same operation. */
function keyOf(database: Database, { client, deliveryMethod, key }: Values) {
  return keyRows(database)
    .where('k.caller', '=', client)
    .where('k.key', '=', key)
    .orderBy(sql`case when k.operation = ${deliveryMethod} then 0 else 1 end`)
    .limit(sql.lit(1));
}

function keyRow(values: Values, lease_until: RawBuilder<number>) {
  return {
    caller: values.client,
    operation: values.deliveryMethod,
    key: values.key,
    payment_session_id: values.paymentId,
    state: sql.lit('CLAIMED'),
    attempt: values.attempt,
    owner: values.owner,
    fingerprint: values.fingerprint,
    fingerprint_key_id: values.fingerprintKeyId,
    fingerprint_form: values.fingerprintVersion,
    lease_until,
  };
}

/** Writes of the new payment with its first event and its reference. */
function insertPayment(values: Values, guard: AppliedGuard) {
  const { at, applied } = guard;
  const event = {
    payment_session_id: values.paymentId,
    number: sql.lit(1),
    status: sql.lit('CREATING'),
    source: sql.lit('GATEWAY'),
    at,
    effect: sql.lit('moved'),
    told_by: values.client,
  };
  const payment = sql`${insertIf('payment_sessions', paymentRow(values, guard), applied)}
    returning reference_suffix as written_suffix`;
  return [
    { query: insertReference(values, guard) },
    { query: payment, returned: ['written_suffix'] },
    { query: insertIf('payment_session_events', event, applied) },
  ];
}

function paymentRow(values: Values, guard: AppliedGuard) {
  return {
    id: values.paymentId,
    caller: values.client,
    client_number: nextNumber(values),
    delivery: values.deliveryMethod,
    status: sql.lit('CREATING'),
    reference_id: values.referenceId,
    ...upstreamReference(values, guard),
    user_id: values.userId,
    amount_minor: values.amountMinor,
    currency: values.currency,
    client_urls: values.clientUrls,
    customer_name: values.name,
    customer_email: values.email,
    payer_index: values.payerIndex0,
    created_at: guard.at,
    updated_at: guard.at,
    event_count: sql.lit(1),
  };
}

/** Records and returns a reference's first client; thanks to the no-op update also where one inserts concurrently. */
function insertReference({ ownershipKey, referenceKey, client }: Values, { applied }: AppliedGuard) {
  // Older replicas record nobody. In this order, because a client may have many payments of one reference.
  const isFirst = sql<boolean>`${applied} and case
    when exists (select 1 from payment_references where reference = ${ownershipKey}) then false
    else not exists (select 1 from payment_sessions where coalesce(reference_key, reference_id) = ${referenceKey}
      and caller <> ${client} and reference_suffix = '') end`;
  return sql`${insertIf('payment_references', { reference: ownershipKey, caller: client }, isFirst)}
    on conflict (reference) do update set reference = excluded.reference returning caller`;
}

/** The reference to send to Flinks: unchanged while no other client has used it, else with a suffix. */
function upstreamReference(values: Values, guard: AppliedGuard) {
  const ofReference = sql`payment_references where reference = ${values.ownershipKey}`;
  const owner = sql`coalesce((select caller from ${guard.first(ofReference)}), (select caller from ${ofReference}))`;
  const isPlain = sql`${values.needsSuffix} = 0 and ${owner} = ${values.client}`;
  return {
    reference_suffix: sql<string>`case when ${isPlain} then '' else ${values.suffix} end`,
    reference_key: sql<string>`case when ${isPlain} then ${values.referenceKey} else ${values.suffixedKey} end`,
  };
}
