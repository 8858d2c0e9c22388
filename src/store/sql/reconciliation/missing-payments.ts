import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Tables } from '../../database/tables.js';
import { notExists, RANGE_ROWS, isWithin } from './ranges.js';
import type { Range } from './ranges.js';
import type { Import } from '../../contracts/reconciliation-store.js';

/**
 * The `final_at` at which the next range of payments that became final before the end of the day ends; undefined for
 * the last range.
 */
export async function nextEnding(
  kysely: Kysely<Tables>,
  { until }: Import,
  above: number,
): Promise<number | undefined> {
  const row = await kysely
    .selectFrom('payment_sessions')
    .select('final_at')
    .where('final_at', '>', above)
    .where('final_at', '<', until.getTime())
    .orderBy('final_at')
    .offset(RANGE_ROWS - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.final_at ?? undefined;
}

/**
 * Records payments that became final on the day and are not in its file. Payments that ended unpaid by a decision made
 * in this gateway are not expected in any file: Flinks may not know of it.
 */
export async function recordMissingPayments(
  transaction: Kysely<Tables>,
  { id, until }: Import,
  settledOnly: boolean,
  range: Range<number>,
): Promise<void> {
  await sql`insert into reconciliation_absences (import_id, payment_session_id)
    select ${id}, p.id from payment_sessions p
    where ${isWithin('p.final_at', range)} and p.final_at < ${until.getTime()} and p.at_flinks_since is not null
    ${settledOnly ? sql`and p.status = 'SETTLED'` : sql``}
    and ${notExists(sql`select 1 from reconciliation_rows r
      where r.import_id = ${id} and r.payment_session_id = p.id and r.status = p.status`)}
    and ${notExists(sql`select 1 from payment_session_events e
      where e.payment_session_id = p.id and e.status = p.status and e.effect <> 'contradicted'
      and (e.source = 'GATEWAY' and e.status = 'EXPIRED' or e.source = 'OPERATOR' and e.status <> 'SETTLED')`)}`.execute(
    transaction,
  );
}
