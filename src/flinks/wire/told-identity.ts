import { z } from 'zod';
import { hasTooManyDecimals, isPlainDecimal, minorUnits } from '../../domain/money.js';
import { NAMELESS } from '../../domain/payment-mismatch.js';
import type { PaymentIdentity } from '../../domain/payment-mismatch.js';
import { Sensitive } from '../../domain/sensitive.js';
import { toldFlinksId, toldId } from '../../domain/told-id.js';

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
    ...NAMELESS,
    paymentRequestId: toldFlinksId(fields.requestId),
    bareId: toldFlinksId(fields.id),
    sessionId: sensitive(toldFlinksId(fields.sessionId)),
    referenceId: toldId(fields.referenceId),
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
 * A number is written back as the shortest decimal that means it: the one that was sent, for the digits that amounts have. Zero is
 * what a program writes where there is no amount. NaN, which equals no amount of a payment: below zero, or finer than cents.
 */
export function amountOf(value: unknown): number | undefined {
  const text = textOf(value)?.trim() ?? '';
  if (!isPlainDecimal(text)) return typeof value === 'number' || /^-\s*\d/.test(text) ? NaN : undefined;
  if (!/[1-9]/.test(text)) return undefined;
  return hasTooManyDecimals(text) && !/\.\d\d0+$/.test(text) ? NaN : minorUnits(text);
}

/** Undefined for what names no currency, such as a symbol. */
export function currencyOf(value: unknown): string | undefined {
  const text = textOf(value)?.trim().toUpperCase();
  return text !== undefined && /^[A-Z]{3}$/.test(text) ? text : undefined;
}
