import { hostedPageLink } from '../hosted-page.js';
import { Rejection } from '../rejection.js';
import type { Work } from './call.js';
import { readFields, requireTokenAndInstance } from './checks.js';

/** Work of POST /api/v1/paymentrequests: makes a session payable. */
export const activate: Work = (call, parts) => {
  requireTokenAndInstance(call, parts);
  const sessionId = readFields(call).get('sessionid');
  if (sessionId === undefined) {
    throw new Rejection(400, 'missing-field', 'Send sessionId, as returned when the session was started.');
  }
  if (typeof sessionId !== 'string') throw new Rejection(400, 'invalid-field', 'Send sessionId as a JSON string.');
  const session = parts.state.sessions.get(sessionId);
  if (session === undefined) {
    throw new Rejection(
      404,
      'unknown-session',
      'No session has this sessionId; start one with /api/v1/sessions/initiate.',
    );
  }
  if (session.paymentRequest !== undefined) {
    throw new Rejection(
      409,
      'double-activation',
      'This session already has a payment request; do not request another.',
    );
  }
  if (session.cancelledAt !== undefined) {
    throw new Rejection(409, 'session-ended', 'This session was cancelled; start another one.');
  }
  return { body: { requestId: parts.payments.activate(session).requestId }, session };
};

/** Work of GET /api/v1/paymentrequests/{requestId}: reports the status of a payment. */
export const lookup: Work = (call, parts) => {
  requireTokenAndInstance(call, parts);
  const session = parts.state.sessionsByRequest.get(call.id);
  if (session?.paymentRequest === undefined) {
    throw new Rejection(
      404,
      'unknown-payment-request',
      'Look up the requestId returned by POST /api/v1/paymentrequests.',
    );
  }
  const { requestId, current, paymentReferenceNumber } = session.paymentRequest;
  const { status, statusDetails } = current;
  if (parts.switches.statusSchema === 'B') {
    return { body: { id: requestId, status, statusDetails, paymentReferenceNumber }, session };
  }
  const PaymentLink = hostedPageLink(call.origin, session);
  return { body: { requestId, status, statusDetails, ReferenceId: session.referenceId, PaymentLink }, session };
};
