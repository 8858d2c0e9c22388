import { sql } from 'kysely';
import type { Expression, Kysely, SqlBool } from 'kysely';
import { ALL_OWNERS } from '../../domain/api-client.js';
import type { Owner } from '../../domain/api-client.js';
import { PAYMENT_DELIVERY_METHODS } from '../../domain/payment.js';
import type { PaymentFilter, PaymentPosition } from '../../domain/payment-list.js';
import { PAYMENT_SESSION_STATUSES } from '../../domain/payment-status.js';
import { toStored } from '../database/stored-values.js';
import type { Tables } from '../database/tables.js';

/**
 * Up to so many payments after a position, newest first. Every delivery with every status is a range of an index that is in this
 * order, so what a page reads depends on its size only: at most so many rows of each of the 22, most often hardly more than
 * it gives. Without a limit of their own PostgreSQL would sort whole ranges.
 *
 * What all callers together have of a user or a reference is in no index in this order: it is read once, and sorted.
 */
export function paymentsAfter(
  kysely: Kysely<Tables>,
  owner: Owner,
  filter: PaymentFilter,
  after: PaymentPosition | undefined,
  limit: number,
) {
  const all = paymentsOf(kysely, owner, filter, after);
  const newest = (query: typeof all) => query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  if (owner === ALL_OWNERS && (filter.userId ?? filter.referenceId) !== undefined) {
    const { deliveryMethod = null, status = null } = filter;
    return newest(
      all
        .$if(deliveryMethod !== null, (query) => query.where('delivery', '=', deliveryMethod))
        .$if(status !== null, (query) => query.where('status', '=', toStored(status ?? undefined))),
    );
  }
  return allOf(filter.deliveryMethod, PAYMENT_DELIVERY_METHODS)
    .flatMap((delivery) =>
      allOf(filter.status, PAYMENT_SESSION_STATUSES).map((status) =>
        newest(all.where('delivery', '=', delivery).where('status', '=', toStored(status))),
      ),
    )
    .map((each) => kysely.selectFrom(each.as('range')).selectAll())
    .reduce((union, each) => union.unionAll(each))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
}

/** All that fit, but for delivery and status. */
function paymentsOf(kysely: Kysely<Tables>, owner: Owner, filter: PaymentFilter, after: PaymentPosition | undefined) {
  const end = endOf(filter, after);
  return kysely
    .selectFrom('payment_sessions')
    .selectAll()
    .where(scopeOf(owner, filter))
    .where('created_at', '>=', filter.createdFrom?.getTime() ?? 0)
    .where(sql<boolean>`(created_at, id) < (${end.createdAt}, ${end.id})`);
}

function allOf<T>(wanted: T | undefined, all: readonly T[]): readonly T[] {
  return wanted === undefined ? all : [wanted];
}

/**
 * As the indexes of the migrations 5 and 7 have it, letter for letter. If a condition fitted another index, PostgreSQL would take that one
 * whenever it believes that most of its rows pass what is left to check, and read on and on where they do not.
 */
function scopeOf(owner: Owner, { userId, referenceId }: PaymentFilter): Expression<SqlBool> {
  if (userId === undefined && referenceId === undefined)
    return owner === ALL_OWNERS ? sql<boolean>`substr(caller, 1, 0) = ''` : sql<boolean>`caller || '' = ${owner}`;
  const isOwned = owner === ALL_OWNERS ? sql<boolean>`true` : sql<boolean>`caller = ${owner}`;
  if (referenceId === undefined) return sql<boolean>`user_id = ${userId} and ${isOwned}`;
  if (userId === undefined) return sql<boolean>`reference_id = ${referenceId} and ${isOwned}`;
  // Ids have no spaces.
  return sql<boolean>`user_id || ' ' || reference_id = ${`${userId} ${referenceId}`} and ${isOwned}`;
}

/** What all of a page comes before: one place, since of two bounds PostgreSQL may take the wrong one to begin at. */
function endOf(
  { createdBefore }: PaymentFilter,
  after: PaymentPosition | undefined,
): { readonly createdAt: number; readonly id: string } {
  const before = createdBefore?.getTime() ?? Number.MAX_SAFE_INTEGER;
  if (after === undefined || after.createdAt.getTime() >= before) return { createdAt: before, id: '' };
  return { createdAt: after.createdAt.getTime(), id: after.id };
}
