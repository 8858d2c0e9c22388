import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ALL_OWNERS } from '../../domain/api-client.js';
import { decimalText } from '../../domain/money.js';
import type { PaymentSession } from '../../domain/payment.js';
import { isBalanced } from '../../domain/reconciliation.js';
import type {
  ImportChanges,
  ReconciliationException,
  ReconciliationReport,
  Total,
} from '../../domain/reconciliation.js';
import type { ReconciliationStore } from '../../store/contracts/reconciliation-store.js';
import type { StatusStore } from '../../store/contracts/status-store.js';
import { isDay } from '../business-days.js';
import type { BusinessDays } from '../business-days.js';
import type { ImportDailyFile } from '../import-daily-file.js';
import { ProgressBar } from './progress-bar.js';

/** Standard input and output of a command. */
export interface Console {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
}

type Output = Pick<NodeJS.WriteStream, 'isTTY'> & {
  write(text: string, written?: () => void): unknown;
};

const PAGE = 200;
/** Maximum number of exceptions that a terminal shows; a program gets all. */
const MAX_ON_TERMINAL = 20;

/** Imports a daily file, and prints the exceptions and the summary of its day. */
export class ReconcileCommand {
  readonly #kinds = new Map<string, number>();

  constructor(
    private readonly importFile: ImportDailyFile,
    private readonly days: Pick<ReconciliationStore, 'findDay' | 'findExceptions'>,
    private readonly payments: Pick<StatusStore, 'find'>,
    private readonly calendar: BusinessDays,
    private readonly console: Console,
  ) {}

  /**
   * `file`: a path, or `-` for standard input. `date`: YYYY-MM-DD; yesterday when undefined. Returns whether the day
   * balances. Throws an `InvalidFileError`, a `StoreUnavailableError`, or an error that says what is wrong with the
   * date.
   */
  async run(file: string, date: string | undefined): Promise<boolean> {
    const today = this.calendar.dayOf(new Date());
    const day = date ?? this.calendar.dayBefore(today);
    if (!isDay(day)) throw new Error('--date must be a day of the calendar, as YYYY-MM-DD');
    if (day > today) throw new Error('--date must not be in the future');
    await this.#import(file, day);
    await this.#listExceptions(day);
    const result = await this.days.findDay(day);
    if (result === undefined) throw new Error(`the import of ${day} was removed after it was completed`);
    await this.#print(summaryLines(result, this.#kinds));
    return isBalanced(result);
  }

  async #import(file: string, day: string): Promise<void> {
    const size = file === '-' ? undefined : (await stat(file)).size;
    const bytes = file === '-' ? this.console.stdin : createReadStream(file);
    const bar = this.console.stderr.isTTY ? new ProgressBar(this.console.stderr) : undefined;
    let read = 0;
    const counted = countBytes(bytes, (count) => (read += count));
    try {
      await this.importFile.run(counted, day, (step, rows) => {
        bar?.show(step, rows, size === undefined || step !== 'reading' ? undefined : read / size);
      });
    } finally {
      bar?.end();
    }
  }

  async #listExceptions(day: string): Promise<void> {
    let last: ReconciliationException | undefined;
    let listed = 0;
    do {
      const page = await this.days.findExceptions(ALL_OWNERS, day, PAGE, last?.key);
      for (const { kind } of page) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
      const shown = this.console.stdout.isTTY ? page.slice(0, Math.max(0, MAX_ON_TERMINAL - listed)) : page;
      await this.#print(await this.#linesOf(shown));
      if (listed < MAX_ON_TERMINAL && shown.length < page.length)
        await this.#print(['… and more: query reconciliationReport for all of them']);
      listed += page.length;
      last = page.at(-1);
    } while (last !== undefined);
  }

  async #linesOf(exceptions: readonly ReconciliationException[]): Promise<string[]> {
    const ids = exceptions.flatMap(({ paymentId }) => paymentId ?? []);
    const payments = new Map((await this.payments.find(ids)).map((payment) => [payment.id, payment]));
    return exceptions.map((exception) => exceptionLine(exception, payments.get(exception.paymentId ?? '')));
  }

  /** Resolves when the lines are written, or when nobody reads them any more. */
  async #print(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    await new Promise<void>((resolve) => this.console.stdout.write(`${lines.join('\n')}\n`, resolve));
  }
}

async function* countBytes(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    onBytes(chunk.length);
    yield chunk;
  }
}

/** One line about an exception, for programs and people, without personal data. `payment`: its payment, if known. */
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
  const changed = ({ rowsAdded, rowsRemoved }: ImportChanges) =>
    `Changes since the previous import: rows added: ${rowsAdded}, rows removed: ${rowsRemoved}.`;
  return [
    `Day ${day.day}: rows: ${day.rowCount}, matched: ${day.matchedCount}, late updates: ${day.lateUpdateCount}, exceptions: ${day.exceptionCount}.`,
    ...[...kinds].map(([kind, count]) => `  ${kind}: ${count}`),
    ...(day.changesSincePreviousImport === undefined ? [] : [changed(day.changesSincePreviousImport)]),
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

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
