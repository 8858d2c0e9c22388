/** Currencies that Flinks Pay collects. */
export const CURRENCIES = ['CAD'] as const;
export type Currency = (typeof CURRENCIES)[number];

/** An exact amount: an integer of minor units (cents), never a float. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}

const MINOR_DIGITS = 2;
// Beyond this many integer digits the cents no longer fit a safe integer.
const MAX_INTEGER_DIGITS = 13;
const PLAIN_DECIMAL = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/** ASCII digits with at most one point: no sign, exponent, thousands separator or needless leading zero. */
export function isPlainDecimal(text: string): boolean {
  return PLAIN_DECIMAL.test(text);
}

/** True when a plain decimal has more digits after the point than CAD has (two). */
export function hasTooManyDecimals(text: string): boolean {
  return (PLAIN_DECIMAL.exec(text)?.[2]?.length ?? 0) > MINOR_DIGITS;
}

/**
 * Whole cents of a plain decimal, further decimals cut off; `Infinity` when they do not fit a safe integer.
 * Cutting off keeps comparisons with a limit possible for text that has too many decimals.
 */
export function minorUnits(text: string): number {
  const [, integer = '', decimals = ''] = PLAIN_DECIMAL.exec(text) ?? [];
  if (integer === '') throw new TypeError('not a plain decimal');
  if (integer.length > MAX_INTEGER_DIGITS) return Infinity;
  return Number(integer + decimals.slice(0, MINOR_DIGITS).padEnd(MINOR_DIGITS, '0'));
}

/** The exact decimal with two digits after the point: 25010 is "250.10". */
export function decimalText(amountMinor: number): string {
  const digits = String(amountMinor).padStart(MINOR_DIGITS + 1, '0');
  return `${digits.slice(0, -MINOR_DIGITS)}.${digits.slice(-MINOR_DIGITS)}`;
}

/** Money of a plain decimal of at most two decimals; throws on anything else, so validate first. */
export function createMoney(text: string, currency: Currency): Money {
  const amountMinor = minorUnits(text);
  if (hasTooManyDecimals(text) || !Number.isSafeInteger(amountMinor)) throw new RangeError('not an exact amount');
  return { amountMinor, currency };
}
