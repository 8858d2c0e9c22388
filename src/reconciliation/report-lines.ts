import { decimalText } from '../domain/money.js';
import { isBalanced } from '../domain/reconciliation.js';
import type { ReconciliationReport, ReconciliationException, Total } from '../domain/reconciliation.js';
import type { PaymentSession } from '../domain/payment.js';

/** One line for a program or a person to read; nothing of it is personal. `payment`: the one that is meant. */
export function exceptionLine(exception: ReconciliationException, payment: PaymentSession | undefined): string {
  const row = 'row' in exception ? exception.row : undefined;
  const parts = {
    line: row?.line,
    paymentId: exception.paymentId,
    reference: row?.referenceId ?? payment?.referenceId,
    requestId: row?.paymentRequestId ?? payment?.paymentRequestId,
    field: exception.field,
    ours: exception.recordedValue,
    theirs: exception.reportedValue,
  };
  const words = Object.entries(parts).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${inOneWord(String(value))}`],
  );
  return ['EXCEPTION', exception.kind, ...words].join(' ');
}

/** What came out of the day. */
export function summaryLines(day: ReconciliationReport, kinds: ReadonlyMap<string, number>): string[] {
  const { changesSincePreviousImport: difference } = day;
  const changed =
    difference === undefined
      ? []
      : [`Against the file before: ${difference.rowsAdded} rows added, ${difference.rowsRemoved} gone.`];
  return [
    `Day ${day.day}: ${day.rowCount} rows, ${day.matchedCount} matched, ${day.lateUpdateCount} late news, ${day.exceptionCount} exceptions.`,
    ...[...kinds].map(([kind, count]) => `  ${kind}: ${count}`),
    ...changed,
    `Settled: ${total(day.settledInFile)} in the file, ${total(day.settledInGateway)} here.`,
    isBalanced(day) ? 'The day balances.' : 'The day does not balance.',
  ];
}

function total({ count, amountMinor }: Total): string {
  return `${count} for CAD ${decimalText(amountMinor)}`;
}

/** Quoted, as JSON does it, where it could be taken for more than one word, or for more than text. */
function inOneWord(text: string): string {
  return /^[\x21\x23-\x3c\x3e-\x7e]+$/.test(text) ? text : JSON.stringify(text).replace(/[^\x20-\x7e]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
