import { decimalText } from '../../domain/money.js';
import { isBalanced } from '../../domain/reconciliation.js';
import type { ReconciliationReport, ReconciliationException, Total } from '../../domain/reconciliation.js';
import type { PaymentSession } from '../../domain/payment.js';

/**
 * One line about an exception, for programs and people; contains no personal data. `payment`: the payment of the
 * exception, if known.
 */
export function exceptionLine(exception: ReconciliationException, payment: PaymentSession | undefined): string {
  const row = 'row' in exception ? exception.row : undefined;
  const parts = {
    line: row?.line,
    paymentId: exception.paymentId,
    reference: row?.referenceId ?? payment?.referenceId,
    paymentRequestId: row?.paymentRequestId ?? payment?.paymentRequestId,
    field: exception.field,
    recordedValue: exception.recordedValue,
    reportedValue: exception.reportedValue,
  };
  const fields = Object.entries(parts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quoteIfNeeded(String(value))}`],
  );
  return ['EXCEPTION', exception.kind, ...fields].join(' ');
}

/** The lines of a day's summary. `kinds`: number of exceptions by kind. */
export function summaryLines(day: ReconciliationReport, kinds: ReadonlyMap<string, number>): string[] {
  const { changesSincePreviousImport: changes } = day;
  const changed =
    changes === undefined
      ? []
      : [`Changes since the previous import: ${changes.rowsAdded} rows added, ${changes.rowsRemoved} removed.`];
  return [
    `Day ${day.day}: ${day.rowCount} rows, ${day.matchedCount} matched, ${day.lateUpdateCount} late updates, ${day.exceptionCount} exceptions.`,
    ...[...kinds].map(([kind, count]) => `  ${kind}: ${count}`),
    ...changed,
    `Settled: ${total(day.settledInFile)} in the file, ${total(day.settledInGateway)} in the gateway.`,
    isBalanced(day) ? 'The day balances.' : 'The day does not balance.',
  ];
}

function total({ count, amountMinor }: Total): string {
  return `${count} for CAD ${decimalText(amountMinor)}`;
}

/** Quotes a value as JSON if it contains anything but visible ASCII characters, or a quote or equals sign. */
function quoteIfNeeded(text: string): string {
  return /^[\x21\x23-\x3c\x3e-\x7e]+$/.test(text) ? text : JSON.stringify(text).replace(/[^\x20-\x7e]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
