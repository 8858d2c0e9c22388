import { CsvError, parse } from 'csv-parse';
import { Readable, pipeline } from 'node:stream';

/** A record of the file. `line`: its last line, from 1. */
export interface FileRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Longer rows result from a quote that is never closed. */
const MAX_RECORD_CHARACTERS = 64_000;
/** Within this length the header row ends. */
const HEAD_BYTES = 64_000;
const DELIMITERS = [',', ';', '\t'] as const;

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Reads the records of a CSV file as a stream, including the header row: comma, semicolon or tab, UTF-8 with or without
 * byte order mark, quotes as in RFC 4180. Throws an `InvalidFileError`, possibly after many records.
 */
export async function* readRecords(bytes: Bytes): AsyncGenerator<FileRecord> {
  const { head, rest } = await splitHead(checkedText(bytes));
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(head),
    info: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // Failures of the source fail the parser, which is read below.
  pipeline(Readable.from(rest), parser, () => undefined);
  try {
    // As the parser returns records with the option `info`.
    const records: AsyncIterable<{ readonly record: readonly string[]; readonly info: { lines: number } }> = parser;
    for await (const { record, info } of records) yield { line: info.lines, cells: record };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Not the parser's message, which may quote the file.
    const problem = PROBLEMS[error.code] ?? 'it cannot be read';
    throw new InvalidFileError(`it is not valid CSV at line ${parser.info.lines}: ${problem}`);
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quote is closed inside a cell',
  INVALID_OPENING_QUOTE: 'a quote is opened inside a cell',
  CSV_MAX_RECORD_SIZE: `a row is longer than ${MAX_RECORD_CHARACTERS} characters, as if a quote were not closed`,
};

/** Passes on the bytes after checking that they are UTF-8 text. */
async function* checkedText(bytes: Bytes): AsyncGenerator<Uint8Array, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const check = (chunk?: Uint8Array): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new InvalidFileError('it is not UTF-8 text; export it as CSV in UTF-8');
    }
  };
  for await (const chunk of bytes) {
    check(chunk);
    if (chunk.includes(0)) throw new InvalidFileError('it is not text; export it as CSV in UTF-8');
    yield chunk;
  }
  check();
}

/** Reads the beginning of the file. Returns it as text, and the whole file as a stream. */
async function splitHead(
  bytes: AsyncGenerator<Uint8Array, void>,
): Promise<{ head: string; rest: AsyncIterable<Uint8Array> }> {
  const read: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await bytes.next();
    if (next.done === true) break;
    read.push(next.value);
    size += next.value.length;
    if (next.value.includes(0x0a)) break;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* read;
    yield* bytes;
  }
  return { head: Buffer.concat(read).toString('utf8'), rest: whole() };
}

/** The delimiter of the headers: the most frequent of the three outside of quotes. */
function delimiterOf(head: string): string {
  const [headers = ''] = head.replace(/"[^"]*"/g, '').split(/[\r\n]/, 1);
  const count = (delimiter: string): number => headers.split(delimiter).length;
  return DELIMITERS.reduce((bestCount, each) => (count(each) > count(bestCount) ? each : bestCount));
}

/** A file that cannot be imported; nothing of it was stored. The message says why, and contains no value of a row. */
export class InvalidFileError extends Error {
  override readonly name = 'InvalidFileError';
}
