/** Text that programs, spreadsheets and people write for a missing value. */
const PLACEHOLDERS = new Set([
  'null',
  'nil',
  'none',
  'undefined',
  'nan',
  'infinity',
  'true',
  'false',
  'unknown',
  'n/a',
  'n.a',
  'na',
  'not available',
  'not applicable',
  'invalid date',
  'not set',
  'unset',
  // Example value that API tools generate.
  'string',
]);

/** How PostgreSQL and MySQL export NULL. */
const DATABASE_NULL = '\\N';

/** Any character but white space, invisible characters and punctuation. */
const SUBSTANCE = /[^\p{P}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u;

// Every placeholder is shorter. Longer text is not examined, because stripping it takes quadratic time for some input.
const MAX_READ_LENGTH = 100;

/**
 * Whether text in the place of an id identifies nothing, although it may be well formed: a placeholder for a missing
 * value, the result of a programming error, the nil or max GUID, or punctuation only. Different things share such text,
 * so it must not identify any of them. The whole text counts: `none-1` is an id.
 */
export function isNoId(text: string): boolean {
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
function partsOf(text: string): string[] {
  return text.split(/[-_:,;|]/).filter((part) => SUBSTANCE.test(part));
}

function isNothing(part: string): boolean {
  return (
    PLACEHOLDERS.has(withoutEdges(part).toLowerCase()) ||
    /^\[object [^\]]*\]$/i.test(part.trim()) ||
    part.trim() === DATABASE_NULL ||
    (part.includes('/') && part.split('/').every(isNothing))
  );
}

/** Strips what may surround a placeholder: white space, quotes, brackets, a full stop. */
function withoutEdges(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}
