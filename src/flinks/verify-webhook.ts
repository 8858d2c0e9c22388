import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Sensitive } from '../domain/sensitive.js';
import { toUtf8, unpack } from './wire/webhook-body.js';
import type { UnpackFailure } from './wire/webhook-body.js';
import { readWebhookEvent } from './wire/webhook-event.js';

/** An event is timely if its time differs from the time of receipt by at most this, in milliseconds. */
export const TIME_TOLERANCE_MS = 5 * 60_000;

/**
 * Headers that may hold the signature; each of Flinks's products uses one of them: guaranteed EFT (hexadecimal,
 * prefixed with `sha256=`), the newer sample code and the bank-data webhooks (both Base64). No document says which one
 * e-Transfer uses, and reading all of them in both encodings costs nothing.
 * Source: docs.flinks.com/guides/pay/geft/webhooks/client-setup, guides/webhooks/hmac-validation, reference/hmac.
 */
const SIGNATURE_HEADERS = ['x-webhook-signature', 'x-flinks-signature', 'flinks-authenticity-key'] as const;

/** Why a webhook event is rejected. */
export type WebhookRefusal = 'unsigned' | 'bad_signature' | UnpackFailure;

/** How the time in an event compares with the time of receipt. */
export type Timing = 'timely' | 'late' | 'early' | 'untimed';

/** unreadable: Flinks signed it, and nothing in it names a payment. `body`: what to store, without content encoding. */
export type WebhookVerification =
  | { readonly kind: 'rejected'; readonly reason: WebhookRefusal }
  | { readonly kind: 'unreadable'; readonly body: Sensitive<Buffer> }
  | { readonly kind: 'readable'; readonly body: Sensitive<Buffer>; readonly timing: Timing };

/**
 * Verifies the signature of a webhook event over the bytes as received or as they were before content encoding: no
 * document says which of them are signed. `secrets`: any of them may have signed the event, so that a new secret can be
 * added before the old one is removed. `nowMs`: the time of receipt.
 */
export function verifyWebhook(
  headers: IncomingHttpHeaders,
  body: Sensitive<Buffer>,
  secrets: readonly Sensitive<string>[],
  nowMs: number,
): WebhookVerification {
  const signatures = SIGNATURE_HEADERS.flatMap((name) => headers[name] ?? []);
  if (signatures.length === 0) return { kind: 'rejected', reason: 'unsigned' };
  const bytes = body.reveal();
  const unpacked = unpack(bytes, headers['content-encoding']);
  const isUnpacked = typeof unpacked !== 'string';
  if (!isSigned(bytes, signatures, secrets) && !(isUnpacked && isSigned(unpacked, signatures, secrets)))
    return { kind: 'rejected', reason: isUnpacked ? 'bad_signature' : unpacked };
  // Flinks signed it, so an event that cannot be decoded is kept for an operator to look at.
  const kept = new Sensitive(isUnpacked ? toUtf8(unpacked) : bytes);
  const event = readWebhookEvent(kept);
  if (event === undefined) return { kind: 'unreadable', body: kept };
  return { kind: 'readable', body: kept, timing: timingOf(event.when, nowMs) };
}

/**
 * Whether an event with this time may have been sent just before it was received. A late event may be a replay, or the
 * first delivery after an outage; an early one comes from a wrong clock. Neither changes a payment that can be looked
 * up unless the lookup confirms it.
 */
export function timingOf(when: Date | undefined, receivedAtMs: number): Timing {
  if (when === undefined) return 'untimed';
  const ageMs = receivedAtMs - when.getTime();
  if (ageMs > TIME_TOLERANCE_MS) return 'late';
  return ageMs < -TIME_TOLERANCE_MS ? 'early' : 'timely';
}

/** Whether any of the signatures is HMAC-SHA256 over the bytes, keyed with any of the secrets (as UTF-8). */
function isSigned(body: Buffer, signatures: readonly string[], secrets: readonly Sensitive<string>[]): boolean {
  const given = signatures.map(bytesOf).filter((bytes) => bytes !== undefined);
  const expected = secrets.map((secret) => createHmac('sha256', secret.reveal()).update(body).digest());
  return expected.some((right) => given.some((bytes) => timingSafeEqual(right, bytes)));
}

/** Decodes a signature into its 32 bytes. Returns undefined if it is neither hexadecimal nor Base64. */
function bytesOf(signature: string): Buffer | undefined {
  const text = signature.trim().replace(/^sha256=/i, '');
  if (/^[\da-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
