import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/**
 * Folds an id in SQL like `idKey`: a GUID to lower case, nothing else. Indexes are defined by it, so it must not
 * change.
 */
export function folded(column: string): RawBuilder<string> {
  const id = sql.ref(column);
  const hyphens = [9, 14, 19, 24].map((place) => sql`substr(${id}, ${sql.lit(place)}, 1) = '-'`);
  return sql`(case when length(${id}) = 36 and ${sql.join(hyphens, sql` and `)} then lower(${id}) else ${id} end)`;
}

/** The folded payment request id, by which payments are found; of a table or its alias. */
export function foldedRequestId(table = 'payment_sessions'): RawBuilder<string> {
  return folded(`${table}.payment_request_id`);
}
