/** Currencies that Flinks Pay collects. */
export const CURRENCIES = ['CAD'] as const;
/** ISO 4217 code of a currency that Flinks Pay collects. */
export type Currency = (typeof CURRENCIES)[number];

/** An exact amount: an integer of minor units (cents), never a float. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: Currency;
}

const MINOR_DIGITS = 2;
// With more integer digits the cents do not fit a safe integer.
const MAX_INTEGER_DIGITS = 13;
const PLAIN_DECIMAL = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/** Whether text is a decimal of ASCII digits with at most one point: no sign, exponent, separator or leading zero. */
export const isPlainDecimal = (text: string): boolean => PLAIN_DECIMAL.test(text);

/** Whether a plain decimal has more than the two decimals of CAD. */
export function hasTooManyDecimals(text: string): boolean {
  return (PLAIN_DECIMAL.exec(text)?.[2]?.length ?? 0) > MINOR_DIGITS;
}

/**
 * Converts a plain decimal to whole cents, truncating further decimals, so that any text can be compared with a limit;
 * `Infinity` when the cents do not fit a safe integer. Throws a TypeError for anything but a plain decimal.
 */
export function minorUnits(text: string): number {
  const [, integer = '', decimals = ''] = PLAIN_DECIMAL.exec(text) ?? [];
  if (integer === '') throw new TypeError('not a plain decimal');
  if (integer.length > MAX_INTEGER_DIGITS) return Infinity;
  return Number(integer + decimals.slice(0, MINOR_DIGITS).padEnd(MINOR_DIGITS, '0'));
}

/** Formats cents as an exact decimal with two decimals: 25010 is "250.10". */
export function decimalText(amountMinor: number): string {
  const digits = String(amountMinor).padStart(MINOR_DIGITS + 1, '0');
  return `${digits.slice(0, -MINOR_DIGITS)}.${digits.slice(-MINOR_DIGITS)}`;
}

/** Converts a plain decimal with at most two decimals. Throws on anything else, so validate first. */
export function createMoney(text: string, currency: Currency): Money {
  const amountMinor = minorUnits(text);
  if (hasTooManyDecimals(text) || !Number.isSafeInteger(amountMinor)) throw new RangeError('not an exact amount');
  return { amountMinor, currency };
}
