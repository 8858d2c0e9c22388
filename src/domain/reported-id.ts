import { isNoId } from './ids.js';
import { isVisible } from './visible-text.js';

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
