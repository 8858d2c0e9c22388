import { z } from 'zod';
import { hasTooManyDecimals, isPlainDecimal, minorUnits } from '../../domain/money.js';
import { NO_IDENTITY } from '../../domain/payment-mismatch.js';
import type { PaymentIdentity } from '../../domain/payment-mismatch.js';
import { toSensitive } from '../../domain/sensitive.js';
import { reportedFlinksId, reportedId } from '../../domain/ids.js';

/** Flinks's texts are short. A longer value is not one of them and need not reach the store. */
const MAX_CHARACTERS = 200;

const ANYTHING = z.unknown().optional();

/** Fields that say which payment a response describes. Any may be absent, and no value makes a response unusable. */
export const identityFields = {
  requestId: ANYTHING,
  id: ANYTHING,
  sessionId: ANYTHING,
  referenceId: ANYTHING,
  amount: ANYTHING,
  currency: ANYTHING,
  customerEmail: ANYTHING,
};

/** The values of `identityFields` as received. */
export type IdentityFields = { readonly [name in keyof typeof identityFields]?: unknown };

/** Which payment a response describes, from the fields that it has. */
export function identityOf(fields: IdentityFields): PaymentIdentity {
  return {
    ...NO_IDENTITY,
    paymentRequestId: reportedFlinksId(fields.requestId),
    bareId: reportedFlinksId(fields.id),
    sessionId: toSensitive(reportedFlinksId(fields.sessionId)),
    referenceId: reportedId(fields.referenceId),
    amountMinor: amountOf(fields.amount),
    currency: currencyOf(fields.currency),
    email: toSensitive(textOf(fields.customerEmail)),
  };
}

/** A short text without control characters. Returns undefined for anything else, also for an empty text. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > MAX_CHARACTERS) return undefined;
  return /\p{Cc}/u.test(text) ? undefined : text;
}

/**
 * An amount in cents, from a number, a text or an object with a `value`. Returns undefined for none and for zero, which
 * programs write when there is no amount. Returns NaN, which equals no payment's amount, for an amount that is
 * negative, has fractions of a cent or cannot be parsed, so that it cannot count as a match.
 */
export function amountOf(value: unknown): number | undefined {
  if (typeof value === 'object' && value !== null && 'value' in value) return amountOf(value.value);
  if (typeof value === 'number') return value === 0 ? undefined : minorOf(value);
  const text = textOf(value)?.replace(/\s|\$|CAD/giu, '') ?? '';
  if (!/\d/.test(text) || /^0+([.,]0+)?$/.test(text)) return undefined;
  const plain = text
    .replace(/^(\d{1,3})((?:,\d{3})+)(?=\.|$)/, (digits) => digits.replaceAll(',', ''))
    .replace(/,(\d\d)$/, '.$1');
  if (!isPlainDecimal(plain)) return NaN;
  return hasTooManyDecimals(plain) && !/\.\d\d0+$/.test(plain) ? NaN : minorUnits(plain);
}

/** Tolerates the rounding error of binary fractions, which calculated amounts have. */
function minorOf(value: number): number {
  const minor = Math.round(value * 100);
  return minor > 0 && Number.isSafeInteger(minor) && Math.abs(value * 100 - minor) < 1e-4 ? minor : NaN;
}

/** An ISO 4217 code in upper case. Returns undefined for anything else, such as a currency symbol. */
export function currencyOf(value: unknown): string | undefined {
  const text = textOf(value)?.trim().toUpperCase();
  return text !== undefined && /^[A-Z]{3}$/.test(text) ? text : undefined;
}
