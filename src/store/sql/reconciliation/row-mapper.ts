import type { Insertable, Selectable } from 'kysely';
import type { PaymentSessionStatus } from '../../../domain/payment-status.js';
import type { ReportPayer, ReportRow, RowField } from '../../../domain/reconciliation.js';
import { Sensitive } from '../../../domain/sensitive.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Import, MatchedRow } from '../../contracts/reconciliation-store.js';
import { fromStored, toStored } from '../../database/stored-values.js';
import type { ReconciliationRowsTable } from '../../database/tables.js';

export function toTableRow(
  { id: importId }: Import,
  { row, match: judgement }: MatchedRow,
  digest: string,
  keys: DataKeys,
): Insertable<ReconciliationRowsTable> {
  return {
    import_id: importId,
    line: row.line,
    digest,
    outcome: toStored(judgement.outcome),
    field: toStored(judgement.field),
    ours: judgement.recordedValue ?? null,
    theirs: judgement.reportedValue ?? null,
    unreadable: toStored(row.unreadable),
    payment_request_id: row.paymentRequestId ?? null,
    reference_id: row.referenceId ?? null,
    amount_minor: row.amountMinor ?? null,
    status: toStored(row.status),
    status_details: row.statusDetails ?? null,
    created_at: row.createdAt?.getTime() ?? null,
    payer: sealPayer(keys, row.payer, placeOf(importId, row.line)),
    payment_session_id: judgement.paymentId ?? null,
    precedence: judgement.precedence,
    is_news: judgement.isUpdate ? 1 : 0,
    is_proven: judgement.isProven ? 1 : 0,
  };
}

export function toReportRow(row: Selectable<ReconciliationRowsTable>, keys: DataKeys): ReportRow {
  return {
    line: row.line,
    unreadable: fromStored<RowField>(row.unreadable),
    paymentRequestId: row.payment_request_id ?? undefined,
    referenceId: row.reference_id ?? undefined,
    amountMinor: row.amount_minor ?? undefined,
    status: fromStored<PaymentSessionStatus>(row.status),
    statusDetails: row.status_details ?? undefined,
    payer: openPayer(keys, row.payer, placeOf(row.import_id, row.line)),
    createdAt: row.created_at === null ? undefined : new Date(row.created_at),
  };
}

/** Where a sealed text belongs: it opens nowhere else. */
function placeOf(importId: number, line: number): string {
  return `payer of line ${line} of import ${importId}`;
}

function sealPayer(keys: DataKeys, { name, email }: ReportPayer, place: string): string | null {
  if (name === undefined && email === undefined) return null;
  return keys.seal(new Sensitive(JSON.stringify([name?.reveal(), email?.reveal()])), place);
}

function openPayer(keys: DataKeys, sealed: string | null, place: string): ReportPayer {
  if (sealed === null) return { name: undefined, email: undefined };
  const text = keys.unsealIfPossible(sealed, place);
  if (text === undefined) return { name: undefined, email: undefined, isUnreadable: true };
  const [name, email] = JSON.parse(text.reveal()) as [string | null, string | null];
  return { name: hidden(name), email: hidden(email) };
}

function hidden(text: string | null): Sensitive<string> | undefined {
  return text === null ? undefined : new Sensitive(text);
}
