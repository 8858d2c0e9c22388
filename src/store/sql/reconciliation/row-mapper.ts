import type { Insertable } from 'kysely';
import type { PaymentSessionStatus } from '../../../domain/payment-status.js';
import type { ReportPayer, ReportRow, RowField } from '../../../domain/reconciliation.js';
import { Sensitive } from '../../../domain/sensitive.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Import, MatchedRow, RowResult } from '../../contracts/reconciliation-store.js';
import { fromStored, toStored } from '../../database/stored-values.js';
import type { Row, Tables } from '../../database/tables.js';

/** Maps a matched row to its table row. */
export function toTableRow({ id: importId }: Import, { row, match }: MatchedRow, digest: string, keys: DataKeys) {
  return {
    import_id: importId,
    line: row.line,
    digest,
    ...toResultColumns(match),
    unreadable: toStored(row.unreadable),
    payment_request_id: row.paymentRequestId ?? null,
    reference_id: row.referenceId ?? null,
    amount_minor: row.amountMinor ?? null,
    status: toStored(row.status),
    status_details: row.statusDetails ?? null,
    created_at: row.createdAt?.getTime() ?? null,
    payer: sealPayer(keys, row.payer, aadFor(importId, row.line)),
    precedence: match.precedence,
    is_news: match.isUpdate ? 1 : 0,
    is_proven: match.isProven ? 1 : 0,
  } satisfies Insertable<Tables['reconciliation_rows']>;
}

/** Maps the result of a row to its columns. */
export function toResultColumns(result: RowResult) {
  return {
    outcome: toStored(result.outcome),
    payment_session_id: result.paymentId ?? null,
    field: toStored(result.field),
    ours: result.recordedValue ?? null,
    theirs: result.reportedValue ?? null,
  };
}

/** Maps a table row to the row of a file. */
export function toReportRow(row: Row<'reconciliation_rows'>, keys: DataKeys): ReportRow {
  return {
    line: row.line,
    unreadable: fromStored<RowField>(row.unreadable),
    paymentRequestId: row.payment_request_id ?? undefined,
    referenceId: row.reference_id ?? undefined,
    amountMinor: row.amount_minor ?? undefined,
    status: fromStored<PaymentSessionStatus>(row.status),
    statusDetails: row.status_details ?? undefined,
    payer: unsealPayer(keys, row.payer, aadFor(row.import_id, row.line)),
    createdAt: row.created_at === null ? undefined : new Date(row.created_at),
  };
}

/** A sealed payer can be unsealed in its own row only. */
function aadFor(importId: number, line: number): string {
  return `payer of line ${line} of import ${importId}`;
}

function sealPayer(keys: DataKeys, { name, email }: ReportPayer, aad: string): string | null {
  if (name === undefined && email === undefined) return null;
  return keys.seal(new Sensitive(JSON.stringify([name?.reveal(), email?.reveal()])), aad);
}

function unsealPayer(keys: DataKeys, sealed: string | null, aad: string): ReportPayer {
  if (sealed === null) return { name: undefined, email: undefined };
  const text = keys.unsealIfPossible(sealed, aad);
  if (text === undefined) return { name: undefined, email: undefined, isUnreadable: true };
  const [name, email] = (JSON.parse(text.reveal()) as [string | null, string | null]).map((each) =>
    each === null ? undefined : new Sensitive(each),
  );
  return { name, email };
}
