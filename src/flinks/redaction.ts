import type { Sensitive } from '../domain/sensitive.js';
import { visibleText } from '../domain/visible-text.js';

const MASK = '[sensitive]';
const MAX_CHARACTERS = 300;
const EMAIL_LIKE = /[^\s@<>"']{1,64}@[^\s@<>"']{1,255}/gu;
const GUID_LIKE = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu;

/** Words of Flinks's, cut short, without what does not print, what may be personal or secret, and what is `hidden`. */
export function redactMessage(message: string, hidden: readonly Sensitive<string>[]): string {
  // Cut before the search: what takes time on a long text must not depend on how long Flinks's is.
  const visible = visibleText(cutAtSpace(message, 2 * MAX_CHARACTERS));
  const masked = withoutHidden(visible, hidden).replace(EMAIL_LIKE, MASK).replace(GUID_LIKE, MASK);
  // The cut may part a surrogate from its other half.
  return visibleText(masked.slice(0, MAX_CHARACTERS));
}

/** At most so many characters, without the rest of a word that would not be recognised any more. */
function cutAtSpace(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters
    ? text
    : text.slice(0, Math.max(0, text.slice(0, maxCharacters).lastIndexOf(' ')));
}

/** Takes out each word of what is hidden, wherever it stands, in one pass over the text. */
function withoutHidden(text: string, hidden: readonly Sensitive<string>[]): string {
  const parts = new Set(hidden.flatMap((value) => value.reveal().split(/[\s@]+/u)).filter((part) => part.length > 1));
  if (parts.size === 0) return text;
  const longestFirst = [...parts].sort((one, other) => other.length - one.length);
  return text.replace(new RegExp(longestFirst.map(escapeRegExp).join('|'), 'giu'), MASK);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
