import { ALL_OWNERS } from '../../src/domain/api-client.js';
import { decimalText } from '../../src/domain/money.js';
import type { PaymentSession } from '../../src/domain/payment.js';
import type { ReconciliationException } from '../../src/domain/reconciliation.js';
import { ApplyStatusUpdate } from '../../src/payments/status/apply-status-update.js';
import { BusinessDays } from '../../src/reconciliation/business-days.js';
import { ImportDailyFile } from '../../src/reconciliation/import-daily-file.js';
import type { FileSettings } from '../../src/reconciliation/import-daily-file.js';
import type { ImportStore } from '../../src/store/contracts/reconciliation-store.js';
import type { TestStore } from '../store/test-store.js';
import { paymentWith } from '../support/many-payments.js';
import { silentLog } from '../support/silent-log.js';

export const DAY = '2026-06-04';
/** A time within the day. */
export const NOON = new Date('2026-06-04T16:00:00Z');
export const TORONTO = new BusinessDays('America/Toronto');

/** A row of a daily file. Absent cells are empty. */
export interface Row {
  readonly requestId?: string | undefined;
  readonly referenceId?: string | undefined;
  readonly amount?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly created?: string | undefined;
}

const COLUMNS = ['requestId', 'referenceId', 'amount', 'email', 'name', 'status', 'created'] as const;

export function fileOf(rows: readonly Row[]): string {
  return [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => row[column] ?? '').join(','))].join('\n');
}

/** The row that agrees with a payment, apart from the changes. */
export function rowOf(payment: PaymentSession, change: Row = {}): Row {
  return {
    requestId: payment.paymentRequestId,
    referenceId: payment.referenceId,
    amount: decimalText(payment.amount.amountMinor),
    email: payment.customer.email?.reveal(),
    name: payment.customer.name?.reveal(),
    status: payment.status.toLowerCase(),
    created: payment.createdAt.toISOString(),
    ...change,
  };
}

/** A payment that was settled on the day, apart from the changes. */
export function settled(referenceId: string, change: Partial<PaymentSession> = {}): PaymentSession {
  return paymentWith({
    status: 'SETTLED',
    referenceId,
    paymentRequestId: `request-${referenceId}`,
    createdAt: NOON,
    updatedAt: NOON,
    ...change,
  });
}

export async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

type ImportOptions = Partial<FileSettings> & { readonly day?: string; readonly imports?: ImportStore };

export async function importFile(
  store: TestStore,
  file: string | AsyncIterable<Uint8Array>,
  { day = DAY, imports = store.imports, ...settings }: ImportOptions = {},
): Promise<void> {
  const updates = new ApplyStatusUpdate(store.statuses, () => undefined, silentLog);
  const command = new ImportDailyFile(imports, updates, TORONTO, { columns: {}, settledOnly: false, ...settings });
  await command.run(typeof file === 'string' ? bytesOf(file) : file, day, () => undefined);
}

export function exceptionsOf(store: TestStore, day = DAY): Promise<ReconciliationException[]> {
  return store.reconciliation.findExceptions(ALL_OWNERS, day, 1_000);
}

/** A short description of each exception: its kind, the field, and both values. */
export async function problemsOf(store: TestStore, day = DAY): Promise<string[]> {
  return (await exceptionsOf(store, day)).map(({ kind, field, recordedValue, reportedValue }) =>
    [kind, field, recordedValue, reportedValue].filter((part) => part !== undefined).join(' '),
  );
}
