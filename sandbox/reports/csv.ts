import type { DailyQuery } from './query.js';
import { fields, type Field, type Row } from './rows.js';

const headers: Record<Field, Record<DailyQuery['columns'], string>> = {
  requestId: { standard: 'Request ID', alternative: 'requestId' },
  referenceId: { standard: 'Reference ID', alternative: 'reference_number' },
  amount: { standard: 'Amount', alternative: 'transaction_amount' },
  currency: { standard: 'Currency', alternative: 'currency_code' },
  customerName: { standard: 'Customer Name', alternative: 'payer_name' },
  customerEmail: { standard: 'Customer Email', alternative: 'payer_email' },
  status: { standard: 'Status', alternative: 'transaction_status' },
  statusDetails: { standard: 'Status Details', alternative: 'status_details' },
  created: { standard: 'Created', alternative: 'created_at' },
  completed: { standard: 'Completed', alternative: 'completed_at' },
};

const rowsInChunk = 1_000;

/** A CSV file (RFC 4180) in chunks, so that its text is never in memory as a whole. */
export function* csvChunks(rows: readonly Partial<Row>[], { columns, bom, requestIds }: DailyQuery): Generator<string> {
  const shown = fields.filter((field) => requestIds || field !== 'requestId');
  yield (bom ? '\uFEFF' : '') + line(shown.map((field) => headers[field][columns]));
  for (let index = 0; index < rows.length; index += rowsInChunk) {
    const chunk = rows.slice(index, index + rowsInChunk);
    yield chunk.map((row) => line(shown.flatMap((field) => row[field] ?? []))).join('');
  }
}

function line(cells: string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
