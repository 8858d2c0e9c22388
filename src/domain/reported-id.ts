import { isNoId } from './ids.js';
import { isVisible } from './visible-text.js';

/** Longer is no id of ours or Flinks's, and need not reach the store. */
const MAX_CHARACTERS = 255;
/** What a spreadsheet makes of a long number: its digits are lost. */
const ROUNDED = /^\d(?:[.,]\d+)?e\+\d+$/i;

/**
 * An id that others told, as text without blanks around it; undefined for what cannot be one: a number that is no safe integer
 * (it was rounded, so it is somebody else's), words for nothing, the nil GUID, blanks, text that does not print.
 */
export function reportedId(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : value;
  if (typeof text !== 'string' || text.length > MAX_CHARACTERS) return undefined;
  const id = text.trim();
  return !isVisible(id) || isNoId(id) || ROUNDED.test(id) ? undefined : id;
}

/** As `toldId`, of an id that Flinks makes: zero is what a program writes where there is none. */
export function reportedFlinksId(value: unknown): string | undefined {
  const id = reportedId(value);
  return id === undefined || /^[0\s-]*$/.test(id) ? undefined : id;
}
