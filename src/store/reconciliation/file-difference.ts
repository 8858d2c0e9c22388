import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { FileDifference } from '../../domain/reconciliation.js';
import { isWithin, nextInImport, ranges } from './ranges.js';
import type { Range } from './ranges.js';
import type { Tables } from '../tables.js';

/** An import of which all rows are there. */
interface Whole {
  readonly id: number;
  readonly rows: number;
}

/** How the rows of two files differ; what a file has twice counts twice. */
export async function differenceOf(kysely: Kysely<Tables>, before: Whole, after: Whole): Promise<FileDifference> {
  // Digests are spread evenly, so a part of the larger file is a part of the smaller one.
  const larger = before.rows > after.rows ? before.id : after.id;
  const difference = { rowsAdded: 0, rowsGone: 0 };
  for await (const range of ranges<string>('', (above) => nextInImport(kysely, larger, 'digest', above))) {
    const part = await differenceWithin(kysely, before.id, after.id, range);
    difference.rowsAdded += part.rowsAdded;
    difference.rowsGone += part.rowsGone;
  }
  return difference;
}

async function differenceWithin(
  kysely: Kysely<Tables>,
  before: number,
  after: number,
  range: Range<string>,
): Promise<FileDifference> {
  const occurrences = (importId: number, sign: number) => sql`select digest, ${sql.lit(sign)} as occurrence
    from reconciliation_rows where import_id = ${importId} and ${isWithin('digest', range)}`;
  const { rows } = await sql<FileDifference>`
    select cast(coalesce(sum(case when surplus > 0 then surplus else 0 end), 0) as bigint) as "rowsAdded",
      cast(coalesce(sum(case when surplus < 0 then -surplus else 0 end), 0) as bigint) as "rowsGone"
    from (select digest, sum(occurrence) as surplus
      from (${occurrences(after, 1)} union all ${occurrences(before, -1)}) as occurrences group by digest) as digests`.execute(
    kysely,
  );
  return rows[0] ?? { rowsAdded: 0, rowsGone: 0 };
}
