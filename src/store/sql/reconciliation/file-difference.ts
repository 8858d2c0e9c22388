import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ImportChanges } from '../../../domain/reconciliation.js';
import { isWithin, nextInImport, ranges } from './ranges.js';
import type { Range } from './ranges.js';
import type { Tables } from '../../database/tables.js';

/** An import with all of its rows. */
interface CompleteImport {
  readonly id: number;
  readonly rows: number;
}

/** Differences between the rows of two imports; a row that a file has twice counts twice. */
export async function differenceOf(
  kysely: Kysely<Tables>,
  before: CompleteImport,
  after: CompleteImport,
): Promise<ImportChanges> {
  // Digests are evenly distributed, so a small range of the larger file is a small range of the smaller one.
  const larger = before.rows > after.rows ? before.id : after.id;
  const changes = { rowsAdded: 0, rowsRemoved: 0 };
  for await (const range of ranges<string>('', (above) => nextInImport(kysely, larger, 'digest', above))) {
    const part = await differenceWithin(kysely, before.id, after.id, range);
    changes.rowsAdded += part.rowsAdded;
    changes.rowsRemoved += part.rowsRemoved;
  }
  return changes;
}

async function differenceWithin(
  kysely: Kysely<Tables>,
  before: number,
  after: number,
  range: Range<string>,
): Promise<ImportChanges> {
  const occurrences = (importId: number, sign: number) => sql`select digest, ${sql.lit(sign)} as occurrence
    from reconciliation_rows where import_id = ${importId} and ${isWithin('digest', range)}`;
  const { rows } = await sql<ImportChanges>`
    select cast(coalesce(sum(case when surplus > 0 then surplus else 0 end), 0) as bigint) as "rowsAdded",
      cast(coalesce(sum(case when surplus < 0 then -surplus else 0 end), 0) as bigint) as "rowsRemoved"
    from (select digest, sum(occurrence) as surplus
      from (${occurrences(after, 1)} union all ${occurrences(before, -1)}) as occurrences group by digest) as digests`.execute(
    kysely,
  );
  return rows[0] ?? { rowsAdded: 0, rowsRemoved: 0 };
}
