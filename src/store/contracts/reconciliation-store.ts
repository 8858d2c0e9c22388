import type { Owner } from '../../domain/api-client.js';
import type { PaymentSession } from '../../domain/payment.js';
import type { Matchable } from '../../domain/payment-matching.js';
import type {
  ValueMismatch,
  FileRow,
  RowMatch,
  ReconciliationReport,
  ReconciliationException,
  ReportRow,
  RowOutcome,
} from '../../domain/reconciliation.js';

/** A day of reconciliation, YYYY-MM-DD, from its first instant (inclusive) to that of the next day (exclusive). */
export interface ReportDay {
  readonly day: string;
  readonly from: Date;
  readonly until: Date;
}

/** An import in progress. */
export interface Import extends ReportDay {
  readonly id: number;
  /** The data key of the digests by which its rows are recognized. */
  readonly digestKeyId: string;
}

/** A payment that a row may belong to. */
export interface RowCandidate extends Matchable, Pick<PaymentSession, 'id' | 'status'> {
  /** The payer was erased: personal data must not come back with a file. */
  readonly isPayerErased: boolean;
}

/** A row with the result of matching it on its own. */
export interface MatchedRow {
  readonly row: FileRow;
  readonly match: RowMatch;
}

/** A row that is to be applied to its payment as a status update. */
export interface UpdateRow {
  readonly row: ReportRow;
  readonly payment: PaymentSession;
}

/** Result of a row after its status update was applied. */
export interface RowResult extends ValueMismatch {
  readonly outcome: RowOutcome;
  readonly paymentId: string | undefined;
}

/**
 * Stores imports of daily files, in durable steps. An import in progress is invisible to readers and replaces the day's
 * previous one in one step. All throw `StoreUnavailableError`, also when the import has lost its lease.
 */
export interface ImportStore {
  /** Begins an import, after removing stale imports of crashed processes. */
  begin(day: ReportDay): Promise<Import>;
  /** The payments that each row may belong to; undefined: too many have its reference, so it identifies nothing. */
  findCandidates(rows: readonly ReportRow[]): Promise<(readonly RowCandidate[] | undefined)[]>;
  /** Stores rows of the import. */
  stage(to: Import, rows: readonly MatchedRow[]): Promise<void>;
  /** Another day that has the same file, with its rows in any order. */
  findSameFile(staged: Import): Promise<string | undefined>;
  /** Resolves conflicts between rows of the same payment, once all are stored, whatever their order in the file. */
  resolveConflicts(staged: Import): Promise<void>;
  /** Some rows after line `belowLine` that are to be applied to their payments, in the order of lines. */
  findUpdates(staged: Import, belowLine: number): Promise<UpdateRow[]>;
  /** Stores the result of a row after its status update was applied. */
  recordResult(staged: Import, line: number, result: RowResult): Promise<void>;
  /** Replaces the day's previous import. `settledOnly`: files have settled payments only, so no others are missing. */
  complete(staged: Import, settledOnly: boolean): Promise<void>;
  /** Removes an import that is not to be completed. */
  discard(staged: Import): Promise<void>;
}

/** Reads the results of reconciliation. */
export interface ReconciliationStore {
  /** The report of a day; undefined while the day has no file. */
  findDay(day: string): Promise<ReconciliationReport | undefined>;
  /**
   * The exceptions of a day after the one with this key, rows first and by kind, in an order that another import of the
   * file keeps. For an owner only those of its payments; the keys reveal nothing about others.
   */
  findExceptions(
    owner: Owner,
    day: string,
    first: number,
    after?: ReconciliationException['key'],
  ): Promise<ReconciliationException[]>;
  /** The days in a range, both ends included, that have a file. */
  findImportedDays(from: string, to: string): Promise<ReadonlySet<string>>;
  /** Some payments of unknown outcome, requested before a time, that no row of a file may mean, oldest first. */
  findUnnamed(before: Date, after: Pick<PaymentSession, 'createdAt' | 'id'>): Promise<PaymentSession[]>;
}
