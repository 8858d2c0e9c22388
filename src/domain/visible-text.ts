// PostgreSQL rejects NUL, terminals execute control characters, and characters that reverse or hide text mislead
// readers.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFE\uFFFF\u2800]/u;
const ALL_UNSEEN = new RegExp(UNSEEN, 'gu');
/** Control characters that separate text like a space. */
const BREAKS = /[\t\n\v\f\r\x85\u2028\u2029]+/g;

/** Cleans text from Flinks before it is stored, logged or returned: one line, without invisible characters. */
export const visibleText = (text: string): string => text.replace(BREAKS, ' ').replace(ALL_UNSEEN, '').trim();
/** Whether text can be an id: it is not blank, and every character is visible. */
export const isVisible = (text: string): boolean => !UNSEEN.test(text) && text.trim() !== '';
