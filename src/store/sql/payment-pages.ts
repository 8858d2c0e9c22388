import { sql } from 'kysely';
import type { Expression, Kysely, SqlBool } from 'kysely';
import { ALL_OWNERS } from '../../domain/api-client.js';
import type { Owner } from '../../domain/api-client.js';
import { PAYMENT_DELIVERY_METHODS } from '../../domain/payment.js';
import type { PaymentFilter, PaymentPosition } from '../../domain/payment.js';
import { PAYMENT_SESSION_STATUSES } from '../../domain/payment-status.js';
import { toStored } from '../database/stored-values.js';
import type { Tables } from '../database/tables.js';

/**
 * At most `limit` payments after a position, newest first. Every delivery method with every status is a range of an
 * index in this order, so the cost of a page depends on its size only: it reads at most `limit` rows from each of the
 * 22 ranges, usually hardly more than it returns. Each range has its own limit, because PostgreSQL would sort whole
 * ranges otherwise.
 *
 * No index has the payments of all clients of one user or reference in this order: they are read once, and sorted.
 */
export function paymentsAfter(
  kysely: Kysely<Tables>,
  owner: Owner,
  filter: PaymentFilter,
  after: PaymentPosition | undefined,
  limit: number,
) {
  const end = upperBound(filter, after);
  // All payments that match, before delivery method and status are compared.
  const all = kysely
    .selectFrom('payment_sessions')
    .selectAll()
    .where(scopeOf(owner, filter))
    .where('created_at', '>=', filter.createdFrom?.getTime() ?? 0)
    .where(sql<boolean>`(created_at, id) < (${end.createdAt}, ${end.id})`);
  const newest = (query: typeof all) => query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  const { deliveryMethod, status } = filter;
  if (owner === ALL_OWNERS && (filter.userId ?? filter.referenceId) !== undefined) {
    const delivered = deliveryMethod === undefined ? all : all.where('delivery', '=', deliveryMethod);
    return newest(status === undefined ? delivered : delivered.where('status', '=', toStored(status)));
  }
  return (deliveryMethod === undefined ? PAYMENT_DELIVERY_METHODS : [deliveryMethod])
    .flatMap((delivery) =>
      (status === undefined ? PAYMENT_SESSION_STATUSES : [status]).map((each) =>
        newest(all.where('delivery', '=', delivery).where('status', '=', toStored(each))),
      ),
    )
    .map((each) => kysely.selectFrom(each.as('range')).selectAll())
    .reduce((union, each) => union.unionAll(each))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
}

/**
 * Literally as in the indexes of migrations 5 and 7. If another index had the condition, PostgreSQL would use that one
 * whenever it estimates that most rows pass the other conditions, and would read far too much where they do not.
 */
function scopeOf(owner: Owner, { userId, referenceId }: PaymentFilter): Expression<SqlBool> {
  if (userId === undefined && referenceId === undefined)
    return owner === ALL_OWNERS ? sql<boolean>`substr(caller, 1, 0) = ''` : sql<boolean>`caller || '' = ${owner}`;
  const isOwned = owner === ALL_OWNERS ? sql<boolean>`true` : sql<boolean>`caller = ${owner}`;
  if (referenceId === undefined) return sql<boolean>`user_id = ${userId} and ${isOwned}`;
  if (userId === undefined) return sql<boolean>`reference_id = ${referenceId} and ${isOwned}`;
  // Ids contain no spaces.
  return sql<boolean>`user_id || ' ' || reference_id = ${`${userId} ${referenceId}`} and ${isOwned}`;
}

/** The exclusive end of a page, as one position: given two bounds, PostgreSQL may start at the wrong one. */
function upperBound({ createdBefore }: PaymentFilter, after: PaymentPosition | undefined) {
  const before = createdBefore?.getTime() ?? Number.MAX_SAFE_INTEGER;
  if (after === undefined || after.createdAt.getTime() >= before) return { createdAt: before, id: '' };
  return { createdAt: after.createdAt.getTime(), id: after.id };
}
