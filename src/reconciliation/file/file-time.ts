import type { BusinessDays } from '../business-days.js';
import { isDay } from '../business-days.js';

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
