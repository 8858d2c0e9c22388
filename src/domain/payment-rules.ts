import { hasTooManyDecimals, isPlainDecimal, minorUnits } from './money.js';

/**
 * What Flinks and Interac would make of the input, as predicates over text. Each judges one thing and lets text pass that
 * another one refuses, so that together they give every problem once.
 */
export const LENGTHS = {
  nameLength: 80,
  emailLength: 254,
  idLength: 64,
  idempotencyKeyLength: 255,
  clientUrls: 10,
  clientUrlLength: 2_048,
} as const;

/** The form that is compared, sent and stored: composed characters, no spaces around. */
export function normaliseName(name: string): string {
  return trimSpaces(name.normalize('NFC'));
}

export function normaliseEmail(email: string): string {
  return trimSpaces(email);
}

/** Spaces only: line breaks and tabs around a value are a mistake worth reporting. */
function trimSpaces(text: string): string {
  // Not one expression with `\p{Zs}+$`: on a long run of spaces inside the text that takes quadratic time.
  const start = text.search(/\P{Zs}/u);
  if (start === -1) return '';
  let end = text.length;
  while (/\p{Zs}/u.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

// Composing shortens text fourfold at most. Longer input is refused unread, since composing is slow on some of it.
const MAX_RAW_NAME_LENGTH = LENGTHS.nameLength * 8;

export function isNameShortEnough(name: string): boolean {
  return name.length <= MAX_RAW_NAME_LENGTH && codePoints(normaliseName(name)) <= LENGTHS.nameLength;
}

// Letters with their marks, digits and what stands in names of people and firms: the colon lengthens vowels in Mohawk, the
// middle dot parts letters in Catalan. Default-ignorable characters print nothing.
const NAME_CHARACTERS = /^[\p{L}\p{M}\p{Nd}\p{Zs}'’‘ʼ`´.,:·꞉&()+‐‑–-]*$/u;
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]/u;

export function hasNameCharacters(name: string): boolean {
  return NAME_CHARACTERS.test(name) && !INVISIBLE.test(name);
}

/** Two words with a letter each. */
export function hasFirstAndLastName(name: string): boolean {
  return name.split(/[\p{Z}\p{C}]+/u).filter((name) => /\p{L}/u.test(name)).length >= 2;
}

export function isPresent(text: string): boolean {
  return /[^\p{Z}\p{C}]/u.test(text);
}

export function isEmailShortEnough(email: string): boolean {
  return normaliseEmail(email).length <= LENGTHS.emailLength;
}

/** Nothing that could end a header line, start another address or need quoting. */
export function hasEmailCharacters(email: string): boolean {
  return /^[\x21-\x7e]*$/.test(normaliseEmail(email)) && !/[<>(),;:\\"[\]]/.test(email);
}

export function isIdShortEnough(id: string): boolean {
  return codePoints(id) <= LENGTHS.idLength;
}

/** Letters, digits, punctuation and symbols of any script; nothing that prints as blank or not at all. */
export function hasVisibleCharacters(id: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]*$/u.test(id) && !INVISIBLE.test(id);
}

export function isAboveZero(decimal: string): boolean {
  return !isPlainDecimal(decimal) || /[1-9]/.test(decimal);
}

export function isAtMost(decimal: string, maxAmountMinor: number): boolean {
  return !isPlainDecimal(decimal) || exceedingMinor(decimal) <= maxAmountMinor;
}

/** Minor units, rounded up, so that a fraction of a cent above the limit is above the limit. */
function exceedingMinor(decimal: string): number {
  const cut = minorUnits(decimal);
  return hasTooManyDecimals(decimal) && /\.\d\d\d*[1-9]/.test(decimal) ? cut + 1 : cut;
}

function codePoints(text: string): number {
  return Array.from(text).length;
}
