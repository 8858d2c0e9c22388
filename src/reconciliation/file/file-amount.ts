import { minorUnits } from '../../domain/money.js';

// A decimal point or comma with at most two digits after it. With groups of thousands both digits have to be there: "1,234" may
// be either.
const PLAIN = /^(0|[1-9]\d*)(?:[.,](\d{1,2}))?$/;
const COMMA_GROUPS = /^([1-9]\d{0,2}(?:,\d{3})+)\.(\d{2})$/;
const SPACE_GROUPS = /^([1-9]\d{0,2}(?:\p{Zs}\d{3})+)[.,](\d{2})$/u;

/** Above it, a day's sum might not be exact any more. */
const MAX_DIGITS = 11;

/** Minor units of an amount as files write it: `1234.5`, `1,234.50`, `1 234,50 $`; undefined when it is none of these. */
export function readAmount(text: string): number | undefined {
  const bare = text.replace(/^\$\p{Zs}?|\p{Zs}?\$$/gu, '');
  const [, integer = '', decimals = ''] = PLAIN.exec(bare) ?? COMMA_GROUPS.exec(bare) ?? SPACE_GROUPS.exec(bare) ?? [];
  const digits = integer.replace(/\D/g, '');
  if (digits === '' || digits.length > MAX_DIGITS) return undefined;
  return minorUnits(decimals === '' ? digits : `${digits}.${decimals}`);
}
