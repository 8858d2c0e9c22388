import { minorUnits } from '../../domain/money.js';
import { isDay } from '../business-days.js';
import type { BusinessDays } from '../business-days.js';

// A decimal point or comma with at most two decimals. With thousands separators both decimals are required: "1,234" is
// ambiguous.
const PLAIN = /^(0|[1-9]\d*)(?:[.,](\d{1,2}))?$/;
const COMMA_GROUPS = /^([1-9]\d{0,2}(?:,\d{3})+)\.(\d{2})$/;
const SPACE_GROUPS = /^([1-9]\d{0,2}(?:\p{Zs}\d{3})+)[.,](\d{2})$/u;

/** With more digits the sum of a day might not be exact. */
const MAX_DIGITS = 11;

/** Parses an amount as files write it: `1234.5`, `1,234.50`, `1 234,50 $`. Returns minor units, otherwise undefined. */
export function readAmount(text: string): number | undefined {
  const bare = text.includes('$') ? text.replace(/^\$\p{Zs}?|\p{Zs}?\$$/gu, '') : text;
  const [, integer = '', decimals = ''] = PLAIN.exec(bare) ?? COMMA_GROUPS.exec(bare) ?? SPACE_GROUPS.exec(bare) ?? [];
  const digits = integer.replace(/\D/g, '');
  if (digits === '' || digits.length > MAX_DIGITS) return undefined;
  return minorUnits(decimals === '' ? digits : `${digits}.${decimals}`);
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Parses a time in ISO 8601, with `T` or a space; without an offset it is local to the time zone of the files. A date
 * alone is noon of that day. Undefined for any other format: 04/06/2026 is ambiguous.
 */
export function readTime(text: string, days: BusinessDays): Date | undefined {
  const [, day = '', time = '12:00', offset] = TIME.exec(text) ?? [];
  if (!isDay(day) || !/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?/.test(time)) return undefined;
  if (offset === undefined) return days.instantOf(`${day}T${time}`);
  const at = new Date(`${day}T${time}${/^[zu]/i.test(offset) ? 'Z' : offset.replace(/^(...):?/, '$1:')}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
