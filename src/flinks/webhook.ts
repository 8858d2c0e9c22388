import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Sensitive } from '../domain/sensitive.js';
import { toUtf8, unpack } from './wire/webhook-body.js';
import type { UnpackFailure } from './wire/webhook-body.js';
import { readWebhookEvent } from './wire/webhook-event.js';

/** An event is timely when its time is no further than this from when it came. */
export const TIME_TOLERANCE_MS = 5 * 60_000;

/**
 * Headers that hold the signature, of which products of Flinks use one each: guaranteed EFT (hexadecimal, behind `sha256=`),
 * the newer sample code and the bank-data webhooks (both Base64). Which one e-Transfer uses is in no document, and reading all
 * of them in both encodings costs nothing.
 * Source: docs.flinks.com/guides/pay/geft/webhooks/client-setup, guides/webhooks/hmac-validation, reference/hmac.
 */
const SIGNATURE_HEADERS = ['x-webhook-signature', 'x-flinks-signature', 'flinks-authenticity-key'] as const;

export type WebhookRefusal = 'unsigned' | 'bad_signature' | UnpackFailure;

/** How the time in an event compares with when it came. */
export type Timing = 'timely' | 'late' | 'early' | 'untimed';

/**
 * unreadable: Flinks signed it, and nothing in it names a payment. `body`: what to keep, which is the same for the same event
 * however it was packed.
 */
export type WebhookVerification =
  | { readonly kind: 'refused'; readonly reason: WebhookRefusal }
  | { readonly kind: 'unreadable'; readonly body: Sensitive<Buffer> }
  | { readonly kind: 'readable'; readonly body: Sensitive<Buffer>; readonly timing: Timing };

/**
 * Judges a delivery by its bytes as they came or, no document says which were signed, as they were before they were packed.
 * `secrets`: any may have signed it, so that a new one can be brought in before the old one goes.
 */
export function verifyWebhook(
  headers: IncomingHttpHeaders,
  body: Sensitive<Buffer>,
  secrets: readonly Sensitive<string>[],
  nowMs: number,
): WebhookVerification {
  const signatures = SIGNATURE_HEADERS.flatMap((name) => headers[name] ?? []);
  if (signatures.length === 0) return { kind: 'refused', reason: 'unsigned' };
  const bytes = body.reveal();
  const unpacked = unpack(bytes, headers['content-encoding']);
  const isUnpacked = typeof unpacked !== 'string';
  if (!isSigned(bytes, signatures, secrets) && !(isUnpacked && isSigned(unpacked, signatures, secrets)))
    return { kind: 'refused', reason: isUnpacked ? 'bad_signature' : unpacked };
  // Flinks signed it: what cannot be unpacked is kept for somebody to look at.
  const kept = new Sensitive(isUnpacked ? toUtf8(unpacked) : bytes);
  const event = readWebhookEvent(kept);
  if (event === undefined) return { kind: 'unreadable', body: kept };
  return { kind: 'readable', body: kept, timing: timingOf(event.when, nowMs) };
}

/**
 * Whether an event of this time may have been sent just before it came. One that is late may be a replay, or the first
 * delivery after an outage; one that is early is of a wrong clock. Neither moves by its own word what Flinks can be asked about.
 */
export function timingOf(when: Date | undefined, receivedAtMs: number): Timing {
  if (when === undefined) return 'untimed';
  const ageMs = receivedAtMs - when.getTime();
  if (ageMs > TIME_TOLERANCE_MS) return 'late';
  return ageMs < -TIME_TOLERANCE_MS ? 'early' : 'timely';
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
