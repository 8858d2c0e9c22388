import type { PaymentSessionEventSource } from './payment.js';
import type { PaymentSessionStatus } from './payment-status.js';
import type { Sensitive } from './sensitive.js';

/** What of a row may differ from ours, or be unreadable. COLUMN_COUNT: the number of cells is not that of the header. */
export const ROW_FIELDS = [
  'COLUMN_COUNT',
  'PAYMENT_REQUEST_ID',
  'SESSION_ID',
  'REFERENCE_ID',
  'AMOUNT',
  'CURRENCY',
  'CUSTOMER_EMAIL',
  'STATUS',
  'CREATED_AT',
] as const;
export type RowField = (typeof ROW_FIELDS)[number];

/** A row of a daily file, as far as it can be read. */
export interface ReportRow {
  /** Its last line in the file, from 1. */
  readonly line: number;
  /** Why it cannot be judged; undefined when it can: then it has an amount, a status and one of the ids. */
  readonly unreadable: RowField | undefined;
  readonly paymentRequestId: string | undefined;
  readonly referenceId: string | undefined;
  readonly amountMinor: number | undefined;
  readonly status: PaymentSessionStatus | undefined;
  /** Flinks's words on the status; free of what the row says of the payer. */
  readonly statusDetails: string | undefined;
  readonly payer: ReportPayer;
  /** When the payment was asked for; the middle of the day where only that is told. */
  readonly createdAt: Date | undefined;
}

/** A row with all that it says in one text, by which it is recognised in another file. */
export interface FileRow extends ReportRow {
  readonly content: Sensitive<string>;
}

/** Who pays, by the file; undefined what it does not tell. */
export interface ReportPayer {
  readonly name: Sensitive<string> | undefined;
  readonly email: Sensitive<string> | undefined;
  /** It is kept and cannot be read here; so both are undefined above. */
  readonly isUnreadable?: boolean;
}

/** What is wrong with a row. */
export const ROW_EXCEPTION_KINDS = [
  'MISSING_IN_GATEWAY',
  'AMOUNT_MISMATCH',
  'IDENTITY_MISMATCH',
  'STATUS_MISMATCH',
  'DUPLICATE_ROW',
  'INVALID_ROW',
  'AMBIGUOUS',
] as const;
export type RowExceptionKind = (typeof ROW_EXCEPTION_KINDS)[number];

/** What became of a row. LATE_UPDATE: it told of a payment what nobody had told before. */
export type RowOutcome = 'MATCHED' | 'LATE_UPDATE' | RowExceptionKind;

/** Which field differs, and both values. */
export interface ValueMismatch {
  readonly field: RowField | undefined;
  readonly recordedValue: string | undefined;
  readonly reportedValue: string | undefined;
}

/** What a row says when it is looked at alone. */
export interface RowMatch extends ValueMismatch {
  readonly outcome: RowOutcome;
  /** The payment that it means. */
  readonly paymentId: string | undefined;
  /** Of several rows of one payment the lowest counts: those that agree, by status, come before these two. */
  readonly precedence: number;
  /** Whether the payment is to be told of it. */
  readonly isUpdate: boolean;
  /** Whether it is certain that the row is the payment's, so that the payment's client may see it. */
  readonly isProven: boolean;
}

/** Precedence of a row that names its payment, and another amount. */
export const OTHER_AMOUNT = 100;
/** The same where the reference alone names it. It counts only while nothing fits better: else it is another payment's. */
export const OTHER_AMOUNT_BY_REFERENCE = 200;

/** How many, and how much together. */
export interface Total {
  readonly count: number;
  readonly amountMinor: number;
}

/** Rows that a file has and the one before had not, and the other way round. */
export interface ImportChanges {
  readonly rowsAdded: number;
  readonly rowsRemoved: number;
}

/** What the file of a day came to, as things stand now. */
export interface ReconciliationReport {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly importedAt: Date;
  readonly rowCount: number;
  readonly matchedCount: number;
  readonly lateUpdateCount: number;
  readonly exceptionCount: number;
  readonly settledInFile: Total;
  /** Payments that are settled here, of the day. */
  readonly settledInGateway: Total;
  /** To the file that the day had before; undefined while it has had one only. */
  readonly changesSincePreviousImport: ImportChanges | undefined;
}

/** The day's proof: nothing is unexplained, and what Flinks settled is what is settled here. */
export function isBalanced({
  exceptionCount,
  settledInFile: settledRows,
  settledInGateway: settledPayments,
}: ReconciliationReport): boolean {
  return (
    exceptionCount === 0 &&
    settledRows.count === settledPayments.count &&
    settledRows.amountMinor === settledPayments.amountMinor
  );
}

/** One thing that does not add up on a day. */
export type ReconciliationException = ValueMismatch & {
  /** Where it stands in the order of the day's exceptions. */
  readonly key: readonly (string | number)[];
  readonly paymentId: string | undefined;
} & (
    | { readonly kind: RowExceptionKind; readonly row: ReportRow }
    | { readonly kind: 'MISSING_IN_FILE' }
    | { readonly kind: 'CONFLICTING_STATUS'; readonly eventNumber: number }
    | { readonly kind: 'UPDATE_MISMATCH'; readonly source: PaymentSessionEventSource; readonly at: Date }
  );
