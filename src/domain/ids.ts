import { randomUUID } from 'node:crypto';
import { isVisible } from './visible-text.js';

/** Text that programs, spreadsheets and people write for a missing value. */
const PLACEHOLDERS = new Set([
  ...['null', 'nil', 'none', 'undefined', 'nan', 'infinity', 'true', 'false', 'unknown', 'not set', 'unset'],
  ...['n/a', 'n.a', 'na', 'not available', 'not applicable', 'invalid date'],
  // Example value that API tools generate.
  'string',
]);

/** How PostgreSQL and MySQL export NULL. */
const DATABASE_NULL = '\\N';

/** Any character but white space, invisible characters and punctuation. */
const SUBSTANCE = /[^\p{P}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u;

/** Looks like most ids and like no placeholder: those have no digits but zeros. */
const PLAIN_ID = /^[\w-]*[1-9][\w-]*$/;

// Every placeholder is shorter. Longer text is not examined, because stripping it takes quadratic time for some input.
const MAX_READ_LENGTH = 100;

/**
 * Whether text in the place of an id identifies nothing, although it may be well formed: a placeholder for a missing
 * value, the result of a programming error, the nil or max GUID, or punctuation only. Different things share such text,
 * so it must not identify any of them. The whole text counts: `none-1` is an id.
 */
export function isNoId(text: string): boolean {
  if (PLAIN_ID.test(text)) return false;
  if (!SUBSTANCE.test(text)) return true;
  if (text.length > MAX_READ_LENGTH) return false;
  return isEmptyBits(text) || isUnfilled(text.trim()) || isNothing(text) || partsOf(text).every(isNothing);
}

/** The nil or max GUID in any notation, and its equivalents among other kinds of ids (ULID, ObjectId, digests). */
function isEmptyBits(text: string): boolean {
  const digits = withoutEdges(text)
    .replace(/^urn:uuid:/i, '')
    .replaceAll('-', '');
  // The second pattern is the nil GUID in Base64.
  return /^(?:0{24,}|f{24,})$/i.test(digits) || /^A{22}$/.test(digits);
}

/** A template without its value, a function in place of its result, or a spreadsheet cell with a formula error. */
function isUnfilled(text: string): boolean {
  return (
    /^(?:\$\{[^{}]*\}|\{\{[^{}]*\}\}|%s)$/i.test(text) ||
    /^(?:async )?function[ (]|^\([\w, ]*\) ?=>/i.test(text) ||
    /^#(?:ref!|value!|name\?|num!|div\/0!)$/i.test(text)
  );
}

/** The parts of a composed id, such as `undefined-undefined`. */
const partsOf = (text: string): string[] => text.split(/[-_:,;|]/).filter((part) => SUBSTANCE.test(part));

function isNothing(part: string): boolean {
  return (
    PLACEHOLDERS.has(withoutEdges(part).toLowerCase()) ||
    /^\[object [^\]]*\]$/i.test(part.trim()) ||
    part.trim() === DATABASE_NULL ||
    (part.includes('/') && part.split('/').every(isNothing))
  );
}

/** Strips what may surround a placeholder: white space, quotes, brackets, a full stop. */
const withoutEdges = (text: string): string => text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

/** No id of the gateway or Flinks is longer, so longer text need not be queried. */
const MAX_CHARACTERS = 255;
/** How a spreadsheet formats a long number: its digits are lost. */
const ROUNDED = /^\d(?:[.,]\d+)?e\+\d+$/i;

/**
 * Reads an id that another system reported: trimmed text. Undefined for a value that cannot be an id: a number that is
 * not a safe integer (it was rounded, so it may be another payment's), a placeholder for a missing value, the nil GUID,
 * white space, or text with invisible characters.
 */
export function reportedId(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : value;
  if (typeof text !== 'string' || text.length > MAX_CHARACTERS) return undefined;
  const id = text.trim();
  return !isVisible(id) || isNoId(id) || ROUNDED.test(id) ? undefined : id;
}

/** Like `reportedId`, for ids that Flinks assigns: zero is what programs write for a missing one. */
export function reportedFlinksId(value: unknown): string | undefined {
  const id = reportedId(value);
  return id === undefined || /^[0\s-]*$/.test(id) ? undefined : id;
}

const GUID = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-x[0-9a-f]{10})?)\}?$/i;

/**
 * The normalized form in which ids are compared and found: GUIDs in lower case and without braces, also before the
 * gateway's suffix (see `upstream-reference.ts`), everything else in composed characters (NFC). Other systems may spell
 * an id that they repeat in another of these forms.
 */
export function idKey(id: string): string {
  const [, guid] = GUID.exec(id) ?? [];
  return guid?.toLowerCase() ?? id.normalize('NFC');
}

/** The spellings that an id may have in a column that holds ids as they were reported. */
export function spellingsOf(id: string): string[] {
  const key = idKey(id);
  return [...new Set(GUID.test(id) ? [id, key, key.toUpperCase()] : [id, key, id.normalize('NFD')])];
}

/** Whether two ids are the same after normalization. */
export const isSameId = (one: string, other: string): boolean => idKey(one) === idKey(other);

/** The place of the newest payment id in the order: its millisecond, and its number among the ids of that millisecond. */
let newest = { ms: 0, number: 0 };
const LAST_NUMBER = 0xfff;

/** The next place, also while the clock stands still or goes back. */
function nextPlace(): typeof newest {
  const now = Date.now();
  if (now > newest.ms) return { ms: now, number: 0 };
  if (newest.number === LAST_NUMBER) return { ms: newest.ms + 1, number: 0 };
  return { ms: newest.ms, number: newest.number + 1 };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * Creates the id of a new payment: unguessable, and sorted by creation among those of this process. A UUID of version 7
 * with a counter (RFC 9562, section 6.2, method 1). Node's own `randomUUIDv7` has no order within a millisecond.
 */
export function createPaymentId(): string {
  newest = nextPlace();
  const time = hex(newest.ms, 12);
  const variantAndRandomBits = randomUUID().slice(19);
  return `ps_${time.slice(0, 8)}-${time.slice(8)}-7${hex(newest.number, 3)}-${variantAndRandomBits}`;
}

/** Whether text has the form of a payment id. Other text needs no lookup and may be unsafe to put into a query. */
export const isPaymentId = (text: string): boolean => /^ps_[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);
