import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Tables } from '../../database/tables.js';
import { notExists } from './not-exists.js';
import { RANGE_ROWS, isWithin } from './ranges.js';
import type { Range } from './ranges.js';
import type { Import } from '../../contracts/reconciliation-store.js';

/** Where a range of payments ends that ended one after another. */
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
 * Notes payments that ended on the day, and not by this file. Those that came to nothing by a decision made here, of which Flinks
 * may never have heard, are not expected in any file.
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
