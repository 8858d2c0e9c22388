import type { Sensitive } from '../domain/sensitive.js';
import { visibleText } from '../domain/visible-text.js';

const MASK = '[sensitive]';
const MAX_CHARACTERS = 300;
const EMAIL_LIKE = /[^\s@<>"']{1,64}@[^\s@<>"']{1,255}/gu;
const GUID_LIKE = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu;

/**
 * Redacts a message from Flinks: removes what may be personal or secret, the values in `hidden` and non-printing
 * characters, and truncates the rest to 300 characters.
 */
export function redactMessage(message: string, hidden: readonly Sensitive<string>[]): string {
  // Truncate before searching, so that the search time does not depend on the length of Flinks's message.
  const visible = visibleText(cutAtSpace(message, 2 * MAX_CHARACTERS));
  const masked = withoutHidden(visible, hidden).replace(EMAIL_LIKE, MASK).replace(GUID_LIKE, MASK);
  // Truncation may split a surrogate pair.
  return visibleText(masked.slice(0, MAX_CHARACTERS));
}

/** Truncates to at most `maxCharacters` at a space, so that no fragment remains that the search would not recognize. */
function cutAtSpace(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters
    ? text
    : text.slice(0, Math.max(0, text.slice(0, maxCharacters).lastIndexOf(' ')));
}

/** Masks every part of the hidden values, wherever it occurs, in one pass over the text. */
function withoutHidden(text: string, hidden: readonly Sensitive<string>[]): string {
  const parts = new Set(hidden.flatMap((value) => value.reveal().split(/[\s@]+/u)).filter((part) => part.length > 1));
  if (parts.size === 0) return text;
  const longestFirst = [...parts].sort((one, other) => other.length - one.length);
  return text.replace(new RegExp(longestFirst.map(escapeRegExp).join('|'), 'giu'), MASK);
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
