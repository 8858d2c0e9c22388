import type { State } from '../state.js';
import { boundsOfDay, today } from './days.js';
import type { DailyQuery } from './query.js';
import { Random } from './random.js';
import type { SeededFault } from './row-faults.js';
import { rowsOfDay, type Row } from './rows.js';
import { seedFaults } from './seed-faults.js';

/** A seeded fault with the numbers of its rows: the row below the header is 1. A payment that was left out has none. */
export interface Answer extends Omit<SeededFault, 'rows'> {
  rows: number[];
}

export interface DailyFile {
  date: string;
  rows: readonly Partial<Row>[];
  answers: Answer[];
}

const noonMs = 12 * 3_600_000;

/** The same query about the same payments gives the same file and the same faults. */
export function dailyFile(state: State, query: DailyQuery): DailyFile {
  const { timeZone, date = today(timeZone) } = query;
  const bounds = boundsOfDay(date, timeZone);
  const noon = new Date(Date.parse(bounds[0]) + noonMs).toISOString();
  const { rows, seeded } = seedFaults(rowsOfDay(state, bounds, query), query, noon);
  // With choices of its own, so that another order has the same faults.
  const ordered = query.order === 'listed' ? rows : new Random(~query.seed).shuffled(rows);
  const places = new Map(ordered.map((row, index) => [row, index + 1]));
  const answers = seeded.map((fault) => ({ ...fault, rows: fault.rows.flatMap((row) => places.get(row) ?? []) }));
  return { date, rows: ordered, answers };
}
