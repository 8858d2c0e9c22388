import type { Parts } from '../parts.js';
import { Rejection } from '../rejection.js';
import type { PaymentRequest, Session } from '../state.js';
import type { Switches } from '../switches.js';
import type { ApiCall, Work } from './call.js';
import { requireToken } from './checks.js';

/** Work of GET /api/v2/sessions/{sessionId}/details. */
export const details: Work = (call, parts) => {
  if (!parts.switches.sessionDetails) throw switchedOff('sessionDetails');
  const session = requireSession(call, parts);
  const { sessionId, referenceId, customerEmail, customerName, paymentRequest } = session;
  const [firstName, ...otherNames] = customerName.split(' ');
  const body = {
    sessionId,
    status: sessionStatus(session, parts.switches),
    referenceId,
    amount: Number(session.amount),
    type: 'e-Transfer',
    direction: 'DEBIT',
    currency: 'CAD',
    payor: { email: customerEmail, firstName, lastName: otherNames.join(' ') },
    schedule: schedule(paymentRequest),
    createdAt: session.startedAt,
  };
  return { body, session };
};

/** Work of POST /api/v2/sessions/{sessionId}/cancel. */
export const cancel: Work = (call, parts) => {
  if (parts.switches.cancel === 'none') throw switchedOff('cancel');
  const session = requireSession(call, parts);
  requireCancellable(session);
  const { sessionId, referenceId, paymentRequest } = session;
  const status = parts.switches.cancelledSpelling;
  const statusDetails = 'EFT0501';
  if (paymentRequest === undefined) session.cancelledAt = new Date().toISOString();
  else parts.payments.moveTo(session, paymentRequest, status, statusDetails);
  return { body: { sessionId, referenceId, status, statusDetails }, session };
};

function switchedOff(name: keyof Switches): Rejection {
  const detail = `The switch ${name} disables this endpoint; change it with PATCH /sandbox/switches to enable it.`;
  return new Rejection(404, 'switched-off', detail);
}

function requireSession(call: ApiCall, parts: Parts): Session {
  requireToken(call, parts);
  const session = parts.state.sessions.get(call.id);
  if (session !== undefined) return session;
  throw new Rejection(404, 'unknown-session', 'Put the sessionId into the path, as returned when it was started.');
}

function requireCancellable({ paymentRequest, cancelledAt }: Session): void {
  const status = paymentRequest?.current.status;
  if (status === undefined ? cancelledAt === undefined : status === 'Initiated' || status === 'Processing') return;
  const state = status === undefined ? 'already cancelled' : status;
  throw new Rejection(
    409,
    'session-ended',
    `This payment is ${state}; only one that is Initiated or Processing can be cancelled.`,
  );
}

/** The status of a session for the status of its payment. Those for unlisted statuses and for Declined are guesses. */
function sessionStatus({ paymentRequest, cancelledAt }: Session, { cancelledSpelling }: Switches): string {
  switch (paymentRequest?.current.status) {
    case undefined:
      return cancelledAt === undefined ? 'Initiated' : cancelledSpelling;
    case 'Initiated':
    case 'Expired':
    case 'Failed':
      return paymentRequest.current.status;
    case 'Accepted':
    case 'Processed':
    case 'Settled':
      return 'Completed';
    case 'Declined':
      return 'Failed';
    case 'Cancelled':
    case 'Canceled':
      return cancelledSpelling;
    default:
      return 'InProgress';
  }
}

/** Absent until the payment's status is no longer Initiated. */
function schedule(paymentRequest: PaymentRequest | undefined) {
  if (paymentRequest === undefined || paymentRequest.current.status === 'Initiated') return undefined;
  return { transactions: [{ id: paymentRequest.transactionId, status: paymentRequest.current.status }] };
}
