import { minorUnits } from '../../domain/money.js';

// A decimal point or comma with at most two decimals. With thousands separators both decimals are required: "1,234" is
// ambiguous.
const PLAIN = /^(0|[1-9]\d*)(?:[.,](\d{1,2}))?$/;
const COMMA_GROUPS = /^([1-9]\d{0,2}(?:,\d{3})+)\.(\d{2})$/;
const SPACE_GROUPS = /^([1-9]\d{0,2}(?:\p{Zs}\d{3})+)[.,](\d{2})$/u;

/** With more digits the sum of a day might not be exact. */
const MAX_DIGITS = 11;

/**
 * Parses an amount as files write it: `1234.5`, `1,234.50`, `1 234,50 $`. Returns minor units; undefined for any other
 * format.
 */
export function readAmount(text: string): number | undefined {
  const bare = text.replace(/^\$\p{Zs}?|\p{Zs}?\$$/gu, '');
  const [, integer = '', decimals = ''] = PLAIN.exec(bare) ?? COMMA_GROUPS.exec(bare) ?? SPACE_GROUPS.exec(bare) ?? [];
  const digits = integer.replace(/\D/g, '');
  if (digits === '' || digits.length > MAX_DIGITS) return undefined;
  return minorUnits(decimals === '' ? digits : `${digits}.${decimals}`);
}
