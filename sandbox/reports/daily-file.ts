import type { State } from '../state.js';
import { boundsOfDay, today } from './days.js';
import type { DailyQuery } from './query.js';
import { Random } from './random.js';
import type { SeededFault } from './row-faults.js';
import { rowsOfDay, type Row } from './rows.js';
import { seedFaults } from './seed-faults.js';

/** A seeded fault with the numbers of its rows, where 1 is the row below the header. A left-out payment has none. */
export interface FaultInFile extends Omit<SeededFault, 'rows'> {
  rows: number[];
}

/** The rows of a daily file and the faults in them. */
export interface DailyFile {
  date: string;
  rows: readonly Partial<Row>[];
  faults: FaultInFile[];
}

const noonMs = 12 * 3_600_000;

/** Builds the daily file. The same query about the same payments gives the same file with the same faults. */
export function dailyFile(state: State, query: DailyQuery): DailyFile {
  const { timeZone, date = today(timeZone) } = query;
  const bounds = boundsOfDay(date, timeZone);
  const noon = new Date(Date.parse(bounds[0]) + noonMs).toISOString();
  const { rows, seeded } = seedFaults(rowsOfDay(state, bounds, query), query, noon);
  // A separate random generator, so that another order has the same faults.
  const ordered = query.order === 'listed' ? rows : new Random(~query.seed).shuffled(rows);
  const places = new Map(ordered.map((row, index) => [row, index + 1]));
  const faults = seeded.map((fault) => ({ ...fault, rows: fault.rows.flatMap((row) => places.get(row) ?? []) }));
  return { date, rows: ordered, faults };
}
