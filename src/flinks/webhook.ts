import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Sensitive } from '../domain/sensitive.js';
import { readWebhookEvent } from './wire/webhook-event.js';

/** An event is refused when the time in it is further from ours than this. */
export const TIME_TOLERANCE_MS = 5 * 60_000;

/**
 * Headers that hold the signature, of which products of Flinks use one each: guaranteed EFT (hexadecimal, behind `sha256=`),
 * the newer sample code and the bank-data webhooks (both Base64). Which one e-Transfer uses is in no document, and reading all
 * of them in both encodings costs nothing.
 * Source: docs.flinks.com/guides/pay/geft/webhooks/client-setup, guides/webhooks/hmac-validation, reference/hmac.
 */
const SIGNATURE_HEADERS = ['x-webhook-signature', 'x-flinks-signature', 'flinks-authenticity-key'] as const;

export type WebhookRefusal = 'unsigned' | 'bad_signature' | 'too_old' | 'too_new';

/** unreadable: Flinks signed it, and nothing in it names a payment. */
export type WebhookVerdict =
  { readonly kind: 'refused'; readonly reason: WebhookRefusal } | { readonly kind: 'readable' | 'unreadable' };

/**
 * Judges a delivery by its bytes as they came. `secrets`: any may have signed it, so that a new one can be brought in before
 * the old one goes. `nowMs`: what the time in the event is compared with; an event without one cannot be told from a replay.
 */
export function judgeWebhook(
  headers: IncomingHttpHeaders,
  body: Sensitive<Buffer>,
  secrets: readonly Sensitive<string>[],
  nowMs: number,
): WebhookVerdict {
  const signatures = SIGNATURE_HEADERS.flatMap((name) => headers[name] ?? []);
  if (signatures.length === 0) return { kind: 'refused', reason: 'unsigned' };
  if (!isSigned(body.reveal(), signatures, secrets)) return { kind: 'refused', reason: 'bad_signature' };
  const event = readWebhookEvent(body);
  if (event === undefined) return { kind: 'unreadable' };
  const ageMs = event.when === undefined ? 0 : nowMs - event.when.getTime();
  if (ageMs > TIME_TOLERANCE_MS) return { kind: 'refused', reason: 'too_old' };
  if (ageMs < -TIME_TOLERANCE_MS) return { kind: 'refused', reason: 'too_new' };
  return { kind: 'readable' };
}

/** Whether any of the signatures is HMAC-SHA256 over the bytes under any of the secrets, as UTF-8. */
function isSigned(body: Buffer, signatures: readonly string[], secrets: readonly Sensitive<string>[]): boolean {
  const given = signatures.map(bytesOf).filter((bytes) => bytes !== undefined);
  const expected = secrets.map((secret) => createHmac('sha256', secret.reveal()).update(body).digest());
  return expected.some((right) => given.some((bytes) => timingSafeEqual(right, bytes)));
}

/** The 32 bytes that a signature writes down; undefined when it does not. */
function bytesOf(signature: string): Buffer | undefined {
  const text = signature.trim().replace(/^sha256=/i, '');
  if (/^[\da-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
