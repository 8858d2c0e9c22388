import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { OTHER_AMOUNT_BY_REFERENCE } from '../../../domain/reconciliation.js';
import type { RowOutcome } from '../../../domain/reconciliation.js';
import { folded } from '../../database/folded-ids.js';
import { isWithin } from './ranges.js';
import type { Range } from './ranges.js';
import { toStored } from '../../database/stored-values.js';
import type { Tables } from '../../database/tables.js';

/**
 * Resolves the conflicts between rows of the same payment, of which one counts, for a range of payments of an import.
 * The result for the others depends on all of them, and not on their order.
 */
export async function resolveRowConflicts(transaction: Kysely<Tables>, importId: number, range: Range<string>) {
  const several = groups(importId, range, sql`count(*) > 1`);
  if ((await sql`${several} limit 1`.execute(transaction)).rows.length === 0) return;
  // A row with another amount that only its reference identifies belongs to another payment if another row matches as
  // well or better.
  await dismiss(transaction, importId, 'MISSING_IN_GATEWAY')
    .where('precedence', '=', OTHER_AMOUNT_BY_REFERENCE)
    .where(sql<boolean>`payment_session_id in (${several})`)
    .execute();
  // Rows with different payment requests that match the same payment, of which none is proven to be its own.
  const rivals = groups(importId, range, sql`count(distinct ${folded('payment_request_id')}) > 1`);
  await dismiss(transaction, importId, 'AMBIGUOUS')
    .where('unreadable', 'is', null)
    .where(sql<boolean>`payment_session_id in (${rivals})`)
    .execute();
  await markDuplicates(transaction, importId, range);
}

/** Compares a duplicate with the row that counts, because the payment itself follows that row. */
async function markDuplicates(transaction: Kysely<Tables>, importId: number, range: Range<string>): Promise<void> {
  const ranked = sql`select line, amount_minor, status, row_number() over rows as place,
    first_value(amount_minor) over rows as counted_minor, first_value(status) over rows as counted_status
    from ${readable(importId, range)}
    window rows as (partition by payment_session_id order by precedence, digest, line)`;
  const differs = sql`case when amount_minor <> counted_minor then 'AMOUNT' when status <> counted_status then 'STATUS' end`;
  const either = (amount: string, status: string) => sql`case ${differs} when 'AMOUNT' then
    cast(${sql.ref(amount)} / 100 as text) || '.' || substr(cast(100 + ${sql.ref(amount)} % 100 as text), 2)
    when 'STATUS' then ${sql.ref(status)} end`;
  await sql`update reconciliation_rows set outcome = 'DUPLICATE_ROW', is_news = 0,
      field = duplicate.field, ours = duplicate.ours, theirs = duplicate.theirs
    from (select line, ${differs} as field, ${either('counted_minor', 'counted_status')} as ours,
      ${either('amount_minor', 'status')} as theirs from (${ranked}) as ranked where place > 1) as duplicate
    where reconciliation_rows.import_id = ${importId} and reconciliation_rows.line = duplicate.line`.execute(
    transaction,
  );
}

function dismiss(transaction: Kysely<Tables>, importId: number, outcome: RowOutcome) {
  return transaction
    .updateTable('reconciliation_rows')
    .set({ outcome: toStored(outcome), payment_session_id: null, field: null, ours: null, theirs: null, is_news: 0 })
    .where('import_id', '=', importId);
}

function groups(importId: number, range: Range<string>, condition: RawBuilder<unknown>) {
  return sql`select payment_session_id from ${readable(importId, range)} group by payment_session_id having ${condition}`;
}

function readable(importId: number, range: Range<string>) {
  return sql`reconciliation_rows where import_id = ${importId} and unreadable is null and outcome <> 'IDENTITY_DIFFERS'
    and ${isWithin('payment_session_id', range)}`;
}
