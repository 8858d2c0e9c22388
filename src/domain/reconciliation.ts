import type { PaymentSessionEventSource } from './payment.js';
import type { PaymentSessionStatus } from './payment-status.js';
import type { Sensitive } from './sensitive.js';

/** Fields of a row that may contradict the payment or be invalid. COLUMN_COUNT: cells are missing or superfluous. */
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
/** A field of a row of a daily file. */
export type RowField = (typeof ROW_FIELDS)[number];

/** A row of a daily file, as far as it can be read. */
export interface ReportRow {
  /** Number of its last line in the file, from 1. */
  readonly line: number;
  /** The field that makes the row invalid; undefined for one with an amount, a status and at least one id. */
  readonly unreadable: RowField | undefined;
  readonly paymentRequestId: string | undefined;
  readonly referenceId: string | undefined;
  readonly amountMinor: number | undefined;
  readonly status: PaymentSessionStatus | undefined;
  /** Flinks's text on the status; free of what the row says about the payer. */
  readonly statusDetails: string | undefined;
  readonly payer: ReportPayer;
  /** When the payment was requested; noon of the day if the file has only the date. */
  readonly createdAt: Date | undefined;
}

/** A row with its whole content in one text, by which it is recognized in another file. */
export interface FileRow extends ReportRow {
  readonly content: Sensitive<string>;
}

/** The payer as described in the file; undefined where the file says nothing. */
export interface ReportPayer {
  readonly name: Sensitive<string> | undefined;
  readonly email: Sensitive<string> | undefined;
  /** The payer is stored and cannot be decrypted here, so both fields above are undefined. */
  readonly isUnreadable?: boolean;
}

/** Reasons why a row does not reconcile. */
export const ROW_EXCEPTION_KINDS = [
  'MISSING_IN_GATEWAY',
  'AMOUNT_MISMATCH',
  'IDENTITY_MISMATCH',
  'STATUS_MISMATCH',
  'DUPLICATE_ROW',
  'INVALID_ROW',
  'AMBIGUOUS',
] as const;
/** Reason why a row does not reconcile. */
export type RowExceptionKind = (typeof ROW_EXCEPTION_KINDS)[number];

/** Result of reconciling a row. LATE_UPDATE: it brought its payment a status that nothing else had reported. */
export type RowOutcome = 'MATCHED' | 'LATE_UPDATE' | RowExceptionKind;

/** The field that differs, with both values. */
export interface ValueMismatch {
  readonly field: RowField | undefined;
  readonly recordedValue: string | undefined;
  readonly reportedValue: string | undefined;
}

/** Result of matching a row on its own, regardless of the file's other rows. */
export interface RowMatch extends ValueMismatch {
  readonly outcome: RowOutcome;
  /** The payment to which the row belongs. */
  readonly paymentId: string | undefined;
  /** The lowest counts when a payment has several rows. Rows that agree rank by status, before the two values below. */
  readonly precedence: number;
  /** Whether the row is to be applied to the payment as a status update. */
  readonly isUpdate: boolean;
  /** Whether the row is certain to belong to the payment, so that the payment's client may see it. */
  readonly isProven: boolean;
}

/** Precedence of a row that identifies its payment and has another amount. */
export const OTHER_AMOUNT = 100;
/** The same for a row identified by the reference only: it belongs to another payment if anything matches better. */
export const OTHER_AMOUNT_BY_REFERENCE = 200;

/** A number of payments or rows, and their total amount in minor units. */
export interface Total {
  readonly count: number;
  readonly amountMinor: number;
}

/** Differences between two files of the same day. */
export interface ImportChanges {
  readonly rowsAdded: number;
  readonly rowsRemoved: number;
}

/** Result of reconciling a day, computed from the current state of its payments. */
export interface ReconciliationReport {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly importedAt: Date;
  readonly rowCount: number;
  readonly matchedCount: number;
  readonly lateUpdateCount: number;
  readonly exceptionCount: number;
  readonly settledInFile: Total;
  /** Settled payments of the day, by the gateway's records. */
  readonly settledInGateway: Total;
  /** Compared with the previous file of the day; undefined while the day has had one file only. */
  readonly changesSincePreviousImport: ImportChanges | undefined;
}

/** Whether a day reconciles: there are no exceptions, and the file and the gateway agree on what is settled. */
export function isBalanced({ exceptionCount, settledInFile, settledInGateway }: ReconciliationReport): boolean {
  return (
    exceptionCount === 0 &&
    settledInFile.count === settledInGateway.count &&
    settledInFile.amountMinor === settledInGateway.amountMinor
  );
}

/** A row or payment that does not reconcile. */
export type ReconciliationException = ValueMismatch & {
  /** Its sort key among the exceptions of the day. */
  readonly key: readonly (string | number)[];
  readonly paymentId: string | undefined;
} & (
    | { readonly kind: RowExceptionKind; readonly row: ReportRow }
    | { readonly kind: 'MISSING_IN_FILE' }
    | { readonly kind: 'CONFLICTING_STATUS'; readonly eventNumber: number }
    | { readonly kind: 'UPDATE_MISMATCH'; readonly source: PaymentSessionEventSource; readonly at: Date }
  );
