import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';

/**
 * Folds an id in SQL like `idKey`: a GUID to lower case, nothing else. Indexes are defined by it, so it must not
 * change.
 */
export function folded(column: string): RawBuilder<string> {
  const id = sql.ref(column);
  const hyphens = [9, 14, 19, 24].map((place) => sql`substr(${id}, ${sql.lit(place)}, 1) = '-'`);
  return sql`(case when length(${id}) = 36 and ${sql.join(hyphens, sql` and `)} then lower(${id}) else ${id} end)`;
}

/** Whether a payment has a folded payment request id of a list; `table` is that of the payments or its alias. */
export function hasRequestId(ids: RawBuilder<unknown>, table = 'payment_sessions'): RawBuilder<SqlBool> {
  const column = `${table}.payment_request_id`;
  // The index has only rows with an id, and neither database derives that from the comparison.
  return sql`(${folded(column)} in ${ids} and ${sql.ref(column)} is not null)`;
}
