import { hasTooManyDecimals, isPlainDecimal, minorUnits } from './money.js';

/**
 * Limits of input: maximum lengths in characters, and `clientUrls` as a number of URLs. The predicates below state what
 * Flinks and Interac accept. Each accepts text that another one rejects, so that together they report a problem once.
 */
export const LENGTHS = {
  nameLength: 80,
  emailLength: 254,
  idLength: 64,
  idempotencyKeyLength: 255,
  clientUrls: 10,
  clientUrlLength: 2_048,
} as const;

/** Normalizes a name to the form that is compared, sent and stored: composed characters (NFC), trimmed. */
export const normalizeName = (name: string): string => trimSpaces(name.normalize('NFC'));
/** Trims an e-mail address, which gives the form that is compared, sent and stored. */
export const normalizeEmail = (email: string): string => trimSpaces(email);

/** Trims spaces only: line breaks and tabs around a value are a mistake worth reporting. */
function trimSpaces(text: string): string {
  // Not one expression with `\p{Zs}+$`, which takes quadratic time for a long run of spaces inside the text.
  const start = text.search(/\P{Zs}/u);
  if (start === -1) return '';
  let end = text.length;
  while (/\p{Zs}/u.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

// Composing shortens text at most fourfold. Longer input is rejected unread, because composing is slow for some of it.
const MAX_RAW_NAME_LENGTH = LENGTHS.nameLength * 8;

/** Whether a name, once normalized, has at most 80 code points. */
export function isNameShortEnough(name: string): boolean {
  return name.length <= MAX_RAW_NAME_LENGTH && codePoints(normalizeName(name)) <= LENGTHS.nameLength;
}

// Letters with their marks, digits, and the punctuation in names of people and companies: the colon lengthens vowels in
// Mohawk, the middle dot separates letters in Catalan. Default-ignorable characters print nothing.
const NAME_CHARACTERS = /^[\p{L}\p{M}\p{Nd}\p{Zs}'’‘ʼ`´.,:·꞉&()+‐‑–-]*$/u;
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]/u;

/** Whether a name consists of characters that occur in names of people and companies, all of them visible. */
export const hasNameCharacters = (name: string): boolean => NAME_CHARACTERS.test(name) && !INVISIBLE.test(name);

/** Whether a name has two space-separated parts with at least one letter each. */
export function hasFirstAndLastName(name: string): boolean {
  return name.split(/[\p{Z}\p{C}]+/u).filter((name) => /\p{L}/u.test(name)).length >= 2;
}

/** Whether text has a character that is neither white space nor invisible. */
export const isPresent = (text: string): boolean => /[^\p{Z}\p{C}]/u.test(text);
/** Whether an e-mail address, once trimmed, has at most 254 characters. */
export const isEmailShortEnough = (email: string): boolean => normalizeEmail(email).length <= LENGTHS.emailLength;

/** Whether no character of an e-mail address could end a header line, start another address or need quoting. */
export function hasEmailCharacters(email: string): boolean {
  return /^[\x21-\x7e]*$/.test(normalizeEmail(email)) && !/[<>(),;:\\"[\]]/.test(email);
}

// The local part is a series of atoms as in RFC 5322, which dots separate. Every label of the domain has at most 63
// characters and no hyphen at its ends; the last one has letters only, or is Punycode.
const ATOM = "[a-z\\d!#$%&'*+/=?^_`{|}~-]+";
const LOCAL_PART = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'i');
const DOMAIN = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?:[a-z]{2,63}|xn[a-z\d-]{1,60}[a-z\d])$/i;
const MAX_LOCAL_PART_LENGTH = 64;

/** Whether mail systems accept an e-mail address. Accepts text that is blank, too long or has other characters. */
export function isEmailAddress(email: string): boolean {
  if (!isPresent(email) || !isEmailShortEnough(email) || !hasEmailCharacters(email)) return true;
  const address = normalizeEmail(email);
  const at = address.lastIndexOf('@');
  const localPart = address.slice(0, Math.max(0, at));
  return localPart.length <= MAX_LOCAL_PART_LENGTH && LOCAL_PART.test(localPart) && DOMAIN.test(address.slice(at + 1));
}

/** Whether an id has at most 64 code points. */
export const isIdShortEnough = (id: string): boolean => codePoints(id) <= LENGTHS.idLength;

/** Whether text has only letters, digits, punctuation and symbols of any script; nothing blank or invisible. */
export function hasVisibleCharacters(id: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]*$/u.test(id) && !INVISIBLE.test(id);
}

/** Whether a plain decimal is greater than zero. Accepts text that is not a plain decimal. */
export const isAboveZero = (decimal: string): boolean => !isPlainDecimal(decimal) || /[1-9]/.test(decimal);

/** Whether a plain decimal is at most a limit in cents. Accepts text that is not a plain decimal. */
export function isWithinLimit(decimal: string, maxAmountMinor: number): boolean {
  return !isPlainDecimal(decimal) || exceedingMinor(decimal) <= maxAmountMinor;
}

/** Minor units, rounded up, so that a fraction of a cent above the limit exceeds it. */
function exceedingMinor(decimal: string): number {
  const cut = minorUnits(decimal);
  return hasTooManyDecimals(decimal) && /\.\d\d\d*[1-9]/.test(decimal) ? cut + 1 : cut;
}

const codePoints = (text: string): number => Array.from(text).length;
