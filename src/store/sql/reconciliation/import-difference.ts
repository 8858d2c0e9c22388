import type { Kysely } from 'kysely';
import type { ImportChanges } from '../../../domain/reconciliation.js';
import type { Row, Tables } from '../../database/tables.js';
import { isWithin, nextInImport, ranges } from './ranges.js';
import type { Range } from './ranges.js';

type CountedImport = Pick<Row<'reconciliation_imports'>, 'id' | 'row_count'>;

/** Number of digests that are compared at a time: few enough to be kept in memory. */
const PART_ROWS = 100_000;
const HEX_DIGITS = 8;

/** Differences between the rows of two imports; a row that a file has twice counts twice. */
export async function differenceOf(
  kysely: Kysely<Tables>,
  before: CountedImport,
  after: CountedImport,
): Promise<ImportChanges> {
  let [rowsAdded, rowsRemoved] = [0, 0];
  for (const part of partsFor(before.row_count + after.row_count)) {
    const surplus = new Map<string, number>();
    for await (const digest of digestsOf(kysely, after.id, part)) add(surplus, digest, 1);
    for await (const digest of digestsOf(kysely, before.id, part)) add(surplus, digest, -1);
    for (const count of surplus.values()) {
      rowsAdded += Math.max(count, 0);
      rowsRemoved += Math.max(-count, 0);
    }
  }
  return { rowsAdded, rowsRemoved };
}

/** Ranges of digests with about equally many rows, since digests are evenly distributed. */
function partsFor(rows: number): Range<string>[] {
  const count = Math.ceil(rows / PART_ROWS);
  const start = (index: number): string =>
    Math.floor((index / count) * 16 ** HEX_DIGITS)
      .toString(16)
      .padStart(HEX_DIGITS, '0');
  return Array.from({ length: count }, (_, index) => ({
    above: index === 0 ? '' : start(index),
    upTo: index === count - 1 ? undefined : start(index + 1),
  }));
}

async function* digestsOf(kysely: Kysely<Tables>, importId: number, part: Range<string>): AsyncGenerator<string> {
  for await (const lines of ranges(0, (above) => nextInImport(kysely, importId, 'line', above))) {
    const rows = kysely.selectFrom('reconciliation_rows').select('digest').where('import_id', '=', importId);
    for (const { digest } of await rows.where(isWithin('line', lines)).where(isWithin('digest', part)).execute())
      yield digest;
  }
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
