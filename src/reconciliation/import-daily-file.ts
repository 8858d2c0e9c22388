import { idKey } from '../domain/ids.js';
import type { FileRow, RowMatch } from '../domain/reconciliation.js';
import type { ApplyStatusUpdate } from '../payments/status/apply-status-update.js';
import type {
  Import,
  ImportStore,
  MatchedRow,
  RowCandidate,
  UpdateRow,
} from '../store/contracts/reconciliation-store.js';
import type { BusinessDays } from './business-days.js';
import { mapColumns } from './file/columns.js';
import type { ColumnMapping } from './file/columns.js';
import { readRecords, InvalidFileError } from './file/daily-file.js';
import { identityOf, matchAfterUpdate, matchRow } from './row-outcome.js';
import { FileRows } from './file/file-rows.js';

/** How daily files are interpreted. */
export interface FileSettings {
  readonly columns: ColumnMapping;
  /** The files have settled payments only. */
  readonly settledOnly: boolean;
}

/** Receives the progress of an import: the current step, and the number of rows so far; must not throw. */
export type ImportProgress = (step: 'reading' | 'matching' | 'updating' | 'completing', rows: number) => void;

/** Number of rows that are matched and written together. */
const BATCH = 500;
/** Number of payments that are updated concurrently. */
const MAX_CONCURRENT_UPDATES = 8;

/** Imports the file of a day. Until the import is complete, the report of the day uses the previous file. */
export class ImportDailyFile {
  constructor(
    private readonly imports: ImportStore,
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply'>,
    private readonly days: BusinessDays,
    private readonly settings: FileSettings,
  ) {}

  /** Throws an `InvalidFileError`, after which nothing of the file is stored, or a `StoreUnavailableError`. */
  async run(bytes: AsyncIterable<Uint8Array>, day: string, onProgress: ImportProgress): Promise<void> {
    const staged = await this.imports.begin({ day, ...this.days.boundsOf(day) });
    try {
      const rows = await this.#stage(staged, bytes, onProgress);
      const sameDay = await this.imports.findSameFile(staged);
      if (sameDay !== undefined) throw new InvalidFileError(`it has exactly the rows of the file of ${sameDay}`);
      onProgress('matching', rows);
      await this.imports.resolveConflicts(staged);
      onProgress('updating', rows);
      await this.#applyUpdates(staged);
      onProgress('completing', rows);
      await this.imports.complete(staged, this.settings.settledOnly);
    } catch (error) {
      if (error instanceof InvalidFileError) await this.imports.discard(staged);
      throw error;
    }
  }

  /** Matches and stores all rows. While a batch is written, the next one is read. */
  async #stage(staged: Import, bytes: AsyncIterable<Uint8Array>, onProgress: ImportProgress): Promise<number> {
    let rows = 0;
    let written = Promise.resolve();
    try {
      for await (const batch of this.#batches(bytes)) {
        const matched = await this.#match(batch);
        await written;
        written = this.imports.stage(staged, matched);
        // It is awaited later; until then its rejection must not count as unhandled.
        written.catch(() => undefined);
        onProgress('reading', (rows += batch.length));
      }
    } finally {
      await written;
    }
    return rows;
  }

  async *#batches(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRow[]> {
    let reader: FileRows | undefined;
    let batch: FileRow[] = [];
    for await (const record of readRecords(bytes)) {
      if (reader === undefined) {
        reader = new FileRows(mapColumns(record.cells, this.settings.columns), record.cells.length, this.days);
        continue;
      }
      batch.push(reader.read(record));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (reader === undefined) throw new InvalidFileError('it is empty: it has no header row');
    if (batch.length > 0) yield batch;
  }

  async #match(rows: readonly FileRow[]): Promise<MatchedRow[]> {
    const candidates = await this.imports.findCandidates(rows);
    return rows.map((row, index) => {
      const match = matchRow(row, candidates[index]);
      return { row: withoutForbidden(row, match, candidates[index] ?? []), match };
    });
  }

  /** Applies the updates of rows. Concurrent ones are of different payments: only one row of each is an update. */
  async #applyUpdates(staged: Import): Promise<void> {
    for (let line = 0; ;) {
      const updates = await this.imports.findUpdates(staged, line);
      const last = updates.at(-1);
      if (last === undefined) return;
      for (let index = 0; index < updates.length; index += MAX_CONCURRENT_UPDATES)
        await Promise.all(
          updates.slice(index, index + MAX_CONCURRENT_UPDATES).map((each) => this.#applyUpdate(staged, each)),
        );
      line = last.row.line;
    }
  }

  async #applyUpdate(staged: Import, { row, payment }: UpdateRow): Promise<void> {
    // Without the row's request id: recorded, it could change how rows of the same file match the next time.
    const result = await this.statusUpdates.apply(payment, {
      source: 'RECONCILIATION',
      identity: identityOf(row),
      status: row.status,
      details: row.statusDetails,
      reconciledOn: staged.day,
    });
    await this.imports.recordResult(staged, row.line, matchAfterUpdate(row, result));
  }
}

/** The row without what must not be stored. */
function withoutForbidden(row: FileRow, { paymentId }: RowMatch, candidates: readonly RowCandidate[]): FileRow {
  // With a wrong number of cells, the apparent ids may be any value, unless they match a payment.
  if (row.unreadable === 'COLUMN_COUNT' && paymentId === undefined)
    return { ...row, paymentRequestId: undefined, referenceId: undefined };
  const isErased = candidates.find(({ id }) => id === paymentId)?.isPayerErased === true;
  const payer = isErased ? { name: undefined, email: undefined } : row.payer;
  // Normalized like the references by which payments are found.
  return { ...row, payer, referenceId: row.referenceId === undefined ? undefined : idKey(row.referenceId) };
}
