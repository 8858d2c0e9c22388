// PostgreSQL takes no NUL, terminals act upon control characters, and what reverses or hides text misleads who reads it.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFE\uFFFF\u2800]/u;
const ALL_UNSEEN = new RegExp(UNSEEN, 'gu');
/** Control characters that part words as a blank does. */
const BREAKS = /[\t\n\v\f\r\x85\u2028\u2029]+/g;

/** Text of Flinks's as it may be stored, logged and told: without what does not print, on one line. */
export function visibleText(text: string): string {
  return text.replace(BREAKS, ' ').replace(ALL_UNSEEN, '').trim();
}

/** Whether text can be an id: it prints, and all of it does. */
export function isVisible(text: string): boolean {
  return !UNSEEN.test(text) && text.trim() !== '';
}
