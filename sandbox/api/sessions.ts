import { hostedPageLink } from '../hosted-page.js';
import type { Parts } from '../parts.js';
import { Rejection } from '../rejection.js';
import type { Session } from '../state.js';
import type { ApiCall, Work } from './call.js';
import { requireTokenAndInstance } from './checks.js';
import { readSessionDetails } from './session-details.js';

/** Work of POST /api/v1/sessions/initiate: starts a session that is not payable yet. */
export const initiate: Work = (call, parts) => reply(startSession(call, 'initiate', parts));

/** Work of POST /api/v1/sessions/sendrequest: starts a session and e-mails the payer. */
export const sendRequest: Work = (call, parts) => {
  const session = startSession(call, 'sendrequest', parts);
  parts.state.post(session, hostedPageLink(call.origin, session));
  if (!parts.switches.sendRequestNeedsActivation) parts.payments.activate(session);
  return reply(session);
};

function startSession(call: ApiCall, startedBy: Session['startedBy'], parts: Parts): Session {
  const token = requireTokenAndInstance(call, parts);
  if (parts.switches.singleUseTokens && token.startedSession) {
    throw new Rejection(
      401,
      'reused-token',
      'This token has already started a session; authorize again for each session.',
    );
  }
  const session = parts.state.startSession(startedBy, readSessionDetails(call, startedBy, parts.switches));
  token.startedSession = true;
  return session;
}

function reply(session: Session) {
  return { body: { sessionId: session.sessionId, referenceId: session.referenceId }, session };
}
