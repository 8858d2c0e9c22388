import type { Owner } from '../../domain/api-client.js';
import type { PaymentSession } from '../../domain/payment.js';
import type { MatchCandidate } from '../../domain/payment-matching.js';
import type {
  ValueMismatch,
  FileRow,
  RowMatch,
  ReconciliationReport,
  ReconciliationException,
  ReportRow,
  RowOutcome,
} from '../../domain/reconciliation.js';

/** The day of a file, as YYYY-MM-DD, from its first instant to that of the next. */
export interface ReportDay {
  readonly day: string;
  readonly from: Date;
  readonly until: Date;
}

/** An import that is under way. */
export interface Import extends ReportDay {
  readonly id: number;
  /** The data key of what its rows are recognised by. */
  readonly digestKeyId: string;
}

/** A row with what it says when it is looked at alone. */
export interface MatchedRow {
  readonly row: FileRow;
  readonly match: RowMatch;
}

/** A row of which its payment is to be told. */
export interface UpdateRow {
  readonly row: ReportRow;
  readonly payment: PaymentSession;
}

/** What a row came to after its payment was told. */
export interface RowResult extends ValueMismatch {
  readonly outcome: RowOutcome;
  readonly paymentId: string | undefined;
}

/**
 * Imports of daily files, in steps that each are durable. One that is under way is seen by nobody; it takes the place of the one
 * before in one step. All throw `StoreUnavailable`, also when the import was given up for dead meanwhile.
 */
export interface ImportStore {
  /** Begins an import, after what dead ones left was removed. */
  begin(day: ReportDay): Promise<Import>;
  /** For each row the payments that it may mean; undefined: too many, of a reference that tells nothing. */
  findCandidates(rows: readonly ReportRow[]): Promise<(readonly MatchCandidate[] | undefined)[]>;
  stage(to: Import, rows: readonly MatchedRow[]): Promise<void>;
  /** Another day that has the same file, in any order of its rows. */
  findSameFile(staged: Import): Promise<string | undefined>;
  /** Judges the rows of each payment together, once all are there. The order of the file has no influence. */
  resolveConflicts(staged: Import): Promise<void>;
  /** Some rows below this line of which payments are to be told, from above. */
  findUpdates(staged: Import, belowLine: number): Promise<UpdateRow[]>;
  recordResult(staged: Import, line: number, result: RowResult): Promise<void>;
  /**
   * Makes the import the one of its day, and removes the one before. `settledOnly`: files hold settled payments only, so no
   * others are missed.
   */
  complete(staged: Import, settledOnly: boolean): Promise<void>;
  /** Removes an import that is not to be completed. */
  discard(staged: Import): Promise<void>;
}

/** What days came to. */
export interface ReconciliationStore {
  /** Undefined while the day has no file. */
  findDay(day: string): Promise<ReconciliationReport | undefined>;
  /**
   * The exceptions of a day that come after one of this key, rows by kind first, in an order that no file changes. Of an owner
   * those that are about its payments; the keys tell nothing of the others.
   */
  findExceptions(
    owner: Owner,
    day: string,
    first: number,
    after?: ReconciliationException['key'],
  ): Promise<ReconciliationException[]>;
  /** Those of the days, from one to another, that have a file. */
  findImportedDays(from: string, to: string): Promise<ReadonlySet<string>>;
  /** Some payments that are UNKNOWN, were asked for before, and that no row of a file may mean; from the oldest on. */
  findUnnamed(before: Date, after: Pick<PaymentSession, 'createdAt' | 'id'>): Promise<PaymentSession[]>;
}
