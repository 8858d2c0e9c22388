import { reportedFlinksId, reportedId } from '../../domain/ids.js';
import type { FileRow, RowField } from '../../domain/reconciliation.js';
import { Sensitive, toSensitive } from '../../domain/sensitive.js';
import { redactMessage } from '../../flinks/redaction.js';
import { toPaymentStatus } from '../../flinks/wire/reported-status.js';
import type { BusinessDays } from '../business-days.js';
import { readAmount, readTime } from './amounts-and-times.js';
import type { Columns, ReportField } from './columns.js';
import type { FileRecord } from './daily-file.js';

type Texts = { readonly [field in ReportField]?: string | undefined };
type RowValues = Omit<FileRow, 'line' | 'unreadable' | 'content'>;

/** Reads the rows of one file. Missing or invalid values make their own row invalid, never another row. */
export class FileRows {
  constructor(
    private readonly columns: Columns,
    private readonly width: number,
    private readonly days: BusinessDays,
  ) {}

  /** Converts a record to a row; `unreadable` names the field that makes it invalid. */
  read({ line, cells }: FileRecord): FileRow {
    const texts = this.#textsOf(cells);
    if (cells.length !== this.width) {
      // The fields by which the payment of such a row may still be found.
      const { requestId, referenceId, amount } = texts;
      const row = this.#interpret({ requestId, referenceId, amount });
      return { ...row, line, unreadable: 'COLUMN_COUNT', content: contentOf(cells) };
    }
    const row = this.#interpret(texts);
    const unreadable = problemOf(row, texts);
    return { ...row, line, unreadable, content: contentOf(unreadable === undefined ? partsOf(row) : cells) };
  }

  /** The cells of the fields, without those that are empty. */
  #textsOf(cells: readonly string[]): Texts {
    const texts: { -readonly [Field in keyof Texts]: Texts[Field] } = {};
    for (const [field, index] of this.columns) {
      const text = cells[index]?.trim();
      if (text !== undefined && text !== '') texts[field] = text;
    }
    return texts;
  }

  #interpret(texts: Texts): RowValues {
    const payer = { name: toSensitive(texts.customerName), email: toSensitive(texts.customerEmail) };
    const personal = [payer.name, payer.email].filter((each) => each !== undefined);
    return {
      paymentRequestId: reportedFlinksId(texts.requestId),
      referenceId: reportedId(texts.referenceId),
      amountMinor: texts.amount === undefined ? undefined : readAmount(texts.amount),
      status: texts.status === undefined ? undefined : toPaymentStatus(texts.status),
      statusDetails: texts.statusDetails === undefined ? undefined : redactMessage(texts.statusDetails, personal),
      payer,
      createdAt: texts.createdAt === undefined ? undefined : readTime(texts.createdAt, this.days),
    };
  }
}

const contentOf = (parts: readonly unknown[]): Sensitive<string> => new Sensitive(JSON.stringify(parts));

/** The values of a row, which do not depend on how the file formats them, or on its other columns. */
function partsOf({ payer, ...row }: RowValues): readonly unknown[] {
  const { paymentRequestId, referenceId, amountMinor, status, statusDetails, createdAt } = row;
  const values = [paymentRequestId, referenceId, amountMinor, status, statusDetails, createdAt];
  return [...values, payer.name?.reveal(), payer.email?.reveal()];
}

function problemOf(row: RowValues, texts: Texts): RowField | undefined {
  if (row.paymentRequestId === undefined && row.referenceId === undefined)
    return texts.requestId === undefined || texts.referenceId !== undefined ? 'REFERENCE_ID' : 'PAYMENT_REQUEST_ID';
  if (row.amountMinor === undefined) return 'AMOUNT';
  if (texts.currency !== undefined && texts.currency.toUpperCase() !== 'CAD') return 'CURRENCY';
  if (row.status === undefined) return 'STATUS';
  return texts.createdAt !== undefined && row.createdAt === undefined ? 'CREATED_AT' : undefined;
}
