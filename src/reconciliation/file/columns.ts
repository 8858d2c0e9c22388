import { InvalidFileError } from './daily-file.js';

/**
 * Fields that are read from a row, and the column names that are recognized for each. Flinks publishes what its daily
 * files contain, but not their headers (docs.flinks.com/guides/pay/e-transfer), so all names are [inferred].
 */
const SYNONYMS = {
  requestId: ['requestId', 'paymentRequestId', 'interacRequestId', 'paymentRequest'],
  referenceId: [
    ...['referenceId', 'reference', 'referenceNumber', 'refId', 'externalReference'],
    ...['clientReference', 'clientReferenceId', 'merchantReference', 'merchantReferenceId'],
  ],
  amount: ['amount', 'transactionAmount', 'paymentAmount', 'txnAmount', 'amountCad'],
  currency: ['currency', 'currencyCode'],
  status: ['status', 'transactionStatus', 'paymentStatus', 'state'],
  statusDetails: ['statusDetails', 'statusDetail', 'statusReason', 'failureReason', 'reason'],
  customerName: ['customerName', 'name', 'payerName', 'payorName', 'customer', 'payer', 'payor'],
  customerEmail: ['customerEmail', 'email', 'emailAddress', 'payerEmail', 'payorEmail'],
  createdAt: [
    ...['created', 'createdAt', 'createdOn', 'createdDate', 'creationDate', 'dateCreated', 'dateTimeCreated'],
    ...['requestCreated', 'requestDate', 'interacRequestCreated'],
  ],
} as const;

/** A field that is read from a row. */
export type ReportField = keyof typeof SYNONYMS;
/** All fields that are read from a row. */
export const REPORT_FIELDS = Object.keys(SYNONYMS) as ReportField[];

/** Whether a name is that of a field. */
export const isReportField = (name: string): name is ReportField => Object.hasOwn(SYNONYMS, name);

/** Configured column names by field; an empty name: the file has no such column. */
export type ColumnMapping = Readonly<Partial<Record<ReportField, string>>>;

/** Index of the column of each field that the file has. */
export type Columns = ReadonlyMap<ReportField, number>;

/** Headers are compared by letters and digits only. */
function normalize(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Finds the columns of the fields. Throws an `InvalidFileError` if a required one is missing or several match one. */
export function mapColumns(headers: readonly string[], mapping: ColumnMapping): Columns {
  const found = REPORT_FIELDS.map((field) => ({ field, indexes: columnsOf(field, headers, mapping) }));
  const columns = new Map(
    found.flatMap(({ field, indexes: [index] }) => (index === undefined ? [] : [[field, index]])),
  );
  const problems = [
    ...found.filter(({ indexes }) => indexes.length > 1).map(({ field }) => `more than one column may be ${field}`),
    ...(['amount', 'status'] as const).filter((field) => !columns.has(field)).map((field) => `no column is ${field}`),
    ...(columns.has('requestId') || columns.has('referenceId') ? [] : ['no column is requestId or referenceId']),
    ...REPORT_FIELDS.filter((field) => mapping[field] && !columns.has(field)).map(
      (field) => `no column has the name that RECONCILIATION_COLUMNS gives for ${field}`,
    ),
    ...sharedColumns(columns).map((fields) => `one column matches ${fields.join(' and ')}`),
  ];
  if (problems.length === 0) return columns;
  throw new InvalidFileError(`${problems.join('; ')}. ${describeHeaders(headers)}`);
}

function columnsOf(field: ReportField, headers: readonly string[], mapping: ColumnMapping): number[] {
  const chosen = mapping[field];
  const names = (chosen === undefined ? SYNONYMS[field] : [chosen]).map(normalize).filter((name) => name !== '');
  return headers.flatMap((header, index) => (names.includes(normalize(header)) ? [index] : []));
}

function sharedColumns(columns: Columns): ReportField[][] {
  const indexes = new Set(columns.values());
  const sharing = [...indexes].map((index) => [...columns].filter(([, each]) => each === index));
  return sharing.filter(({ length }) => length > 1).map((fields) => fields.map(([field]) => field));
}

const MAX_HEADER_CHARACTERS = 60;

/** The headers, unless they look like data: a first row about a payer must not be repeated in a message. */
function describeHeaders(headers: readonly string[]): string {
  if (headers.some((header) => /@|\d{3}/.test(header))) return 'Its first row looks like data and not like headers';
  const names = headers.map((header) => JSON.stringify(header.slice(0, MAX_HEADER_CHARACTERS)));
  return `The file has the columns ${names.join(', ')}; RECONCILIATION_COLUMNS can name the right ones`;
}
