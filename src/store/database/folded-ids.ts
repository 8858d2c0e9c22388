import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** An id as `idKey` writes those that Flinks makes: a GUID without case, anything else as it is. Words of an index. */
export function folded(column: string): RawBuilder<string> {
  const id = sql.ref(column);
  const hyphens = [9, 14, 19, 24].map((place) => sql`substr(${id}, ${sql.lit(place)}, 1) = '-'`);
  return sql`(case when length(${id}) = 36 and ${sql.join(hyphens, sql` and `)} then lower(${id}) else ${id} end)`;
}

/** By which payments are found when somebody tells the id of their payment request; of a table or of its alias. */
export function foldedRequestId(table = 'payment_sessions'): RawBuilder<string> {
  return folded(`${table}.payment_request_id`);
}
