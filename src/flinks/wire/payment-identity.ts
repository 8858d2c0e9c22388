import { z } from 'zod';
import { hasTooManyDecimals, isPlainDecimal, minorUnits } from '../../domain/money.js';
import { NO_IDENTITY } from '../../domain/payment-mismatch.js';
import type { PaymentIdentity } from '../../domain/payment-mismatch.js';
import { Sensitive } from '../../domain/sensitive.js';
import { reportedFlinksId, reportedId } from '../../domain/reported-id.js';

/** Words of Flinks's are short; what is longer is none, and need not reach the store. */
const MAX_CHARACTERS = 200;

const ANYTHING = z.unknown().optional();

/** Fields of replies that tell whose they are; all may be absent, and none makes a reply unusable. */
export const identityFields = {
  requestId: ANYTHING,
  id: ANYTHING,
  sessionId: ANYTHING,
  referenceId: ANYTHING,
  amount: ANYTHING,
  currency: ANYTHING,
  customerEmail: ANYTHING,
};

type IdentityFields = { readonly [name in keyof typeof identityFields]?: unknown };

/** Of whom a reply speaks, as far as it says so. */
export function identityOf(fields: IdentityFields): PaymentIdentity {
  return {
    ...NO_IDENTITY,
    paymentRequestId: reportedFlinksId(fields.requestId),
    bareId: reportedFlinksId(fields.id),
    sessionId: sensitive(reportedFlinksId(fields.sessionId)),
    referenceId: reportedId(fields.referenceId),
    amountMinor: amountOf(fields.amount),
    currency: currencyOf(fields.currency),
    email: sensitive(textOf(fields.customerEmail)),
  };
}

export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > MAX_CHARACTERS) return undefined;
  return /\p{Cc}/u.test(text) ? undefined : text;
}

export function sensitive(text: string | undefined): Sensitive<string> | undefined {
  return text === undefined ? undefined : new Sensitive(text);
}

/**
 * Zero is what a program writes where there is no amount. NaN, which equals no amount of a payment: below zero, finer than cents, or
 * not understood, so that it cannot be taken for one that agrees.
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

/** Of what a program has calculated with, a trace of binary fractions is left. */
function minorOf(value: number): number {
  const minor = Math.round(value * 100);
  return minor > 0 && Number.isSafeInteger(minor) && Math.abs(value * 100 - minor) < 1e-4 ? minor : NaN;
}

/** Undefined for what names no currency, such as a symbol. */
export function currencyOf(value: unknown): string | undefined {
  const text = textOf(value)?.trim().toUpperCase();
  return text !== undefined && /^[A-Z]{3}$/.test(text) ? text : undefined;
}
