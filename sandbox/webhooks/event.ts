import { createHmac } from 'node:crypto';
import type { Change, Session } from '../state.js';
import type { Switches } from '../switches.js';

/** The JSON of one webhook event that reports a status change. */
export function eventText(session: Session, { status, statusDetails, at: when }: Change, switches: Switches): string {
  const data = {
    requestId: switches.webhookNamesRequest ? session.paymentRequest?.requestId : undefined,
    sessionId: session.sessionId,
    referenceId: session.referenceId,
    amount: Number(session.amount),
    status,
    statusDetails,
  };
  const event =
    switches.webhookLayout === 'flat' ? { ...data, when } : { event: 'TransactionStatusChanged', when, data };
  return JSON.stringify(event);
}

/** The header that signs a body: HMAC-SHA256 over its UTF-8 bytes, in the format of one of two Flinks products. */
export function signatureHeader(
  body: string,
  secret: string,
  encoding: Switches['webhookSignature'],
): Record<string, string> {
  const signature = createHmac('sha256', secret).update(body);
  return encoding === 'hex'
    ? { 'x-webhook-signature': `sha256=${signature.digest('hex').toUpperCase()}` }
    : { 'x-flinks-signature': signature.digest('base64') };
}
