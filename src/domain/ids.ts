/** What programs, spreadsheets and people write where they have nothing. */
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
  // What tools for interfaces write as an example.
  'string',
]);

/** As PostgreSQL and MySQL export it. */
const NULL_OF_DATABASES = '\\N';

/** Anything but blanks, characters that nobody sees, and punctuation. */
const SUBSTANCE = /[^\p{P}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u;

// The longest text for nothing is shorter; longer text is not read, since stripping takes quadratic time on some of it.
const MAX_READ_LENGTH = 100;

/**
 * Whether text that stands where an id is expected is none, although it may be well formed: a word for nothing, an accident of a
 * program, the nil or the max GUID, or nothing but punctuation. Different things share such text, so it must identify none of
 * them. Judges the whole text: `none-1` is an id.
 */
export function isNoId(text: string): boolean {
  if (!SUBSTANCE.test(text)) return true;
  if (text.length > MAX_READ_LENGTH) return false;
  return isEmptyBits(text) || isUnfilled(text.trim()) || isNothing(text) || partsOf(text).every(isNothing);
}

/** The nil or the max GUID, in any notation, and their like among other kinds of ids (ULID, ObjectId, digests). */
function isEmptyBits(text: string): boolean {
  const digits = withoutEdges(text)
    .replace(/^urn:uuid:/i, '')
    .replaceAll('-', '');
  // The other one is the nil GUID in Base64.
  return /^(?:0{24,}|f{24,})$/i.test(digits) || /^A{22}$/.test(digits);
}

/** A template that nobody filled in, a function that nobody called, or a cell whose formula failed. */
function isUnfilled(text: string): boolean {
  return (
    /^(?:\$\{[^{}]*\}|\{\{[^{}]*\}\}|%s)$/i.test(text) ||
    /^(?:async )?function[ (]|^\([\w, ]*\) ?=>/i.test(text) ||
    /^#(?:ref!|value!|name\?|num!|div\/0!)$/i.test(text)
  );
}

/** The parts of an id that was put together, such as `undefined-undefined`. */
function partsOf(text: string): string[] {
  return text.split(/[-_:,;|]/).filter((part) => SUBSTANCE.test(part));
}

function isNothing(part: string): boolean {
  return (
    PLACEHOLDERS.has(withoutEdges(part).toLowerCase()) ||
    /^\[object [^\]]*\]$/i.test(part.trim()) ||
    part.trim() === NULL_OF_DATABASES ||
    (part.includes('/') && part.split('/').every(isNothing))
  );
}

/** Without what may stand around a word: blanks, quotes, brackets, a full stop. */
function withoutEdges(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}
