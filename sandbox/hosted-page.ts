import type { FastifyInstance } from 'fastify';
import { html, htmlType, page, type Html } from './html.js';
import type { Parts } from './parts.js';
import type { PaymentRequest, Session } from './state.js';

/** Link to the payment page of a session. */
export function hostedPageLink(origin: string, session: Session): string {
  return `${origin}/app/?sessionId=${session.sessionId}`;
}

/**
 * Adds the payment page on which the payer accepts or declines. It emulates both the hosted app and the payer's bank.
 */
export function addHostedPage(app: FastifyInstance, { state, switches, payments }: Parts): void {
  acceptForms(app);
  app.get('/app', (request, reply) => {
    const { sessionId } = request.query as { sessionId?: unknown };
    const session = state.sessions.get(String(sessionId));
    reply.type(htmlType);
    return session === undefined
      ? reply.code(404).send(unknownPage)
      : reply.send(sessionPage(session, switches.instance));
  });
  const act = (url: string, decide: (session: Session, paymentRequest: PaymentRequest) => void) =>
    app.post(url, (request, reply) => {
      const session = state.sessions.get((request.body as URLSearchParams | undefined)?.get('sessionId') ?? '');
      if (session === undefined) return reply.code(404).type(htmlType).send(unknownPage);
      const { paymentRequest } = session;
      if (paymentRequest !== undefined && isUndecided(paymentRequest)) decide(session, paymentRequest);
      return reply.redirect(hostedPageLink('', session), 303);
    });
  act('/app/accept', (session, paymentRequest) => payments.accept(session, paymentRequest));
  act('/app/decline', (session, paymentRequest) => payments.moveTo(session, paymentRequest, 'Declined'));
  act('/app/mismatch', (session, paymentRequest) => payments.moveTo(session, paymentRequest, 'Failed', 'EFT0403'));
}

function isUndecided({ current }: PaymentRequest): boolean {
  return current.status === 'Initiated' || current.status === 'Processing';
}

function acceptForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(body.toString()));
  });
}

function sessionPage(session: Session, instance: string): string {
  return page(
    'Request for payment',
    html`<dl>
        <dt>To</dt>
        <dd>${instance}</dd>
        <dt>Amount</dt>
        <dd>${session.amount} CAD</dd>
        <dt>From</dt>
        <dd>${session.customerName}</dd>
        <dt>Reference</dt>
        <dd>${session.referenceId}</dd>
        <dt>Status</dt>
        <dd>${statusText(session.paymentRequest)}</dd>
      </dl>
      ${whatNext(session)}`,
  );
}

function statusText(paymentRequest: PaymentRequest | undefined): string {
  if (paymentRequest === undefined) return 'Not activated';
  const { status, statusDetails } = paymentRequest.current;
  return statusDetails === undefined ? status : `${status} (${statusDetails})`;
}

function whatNext({ sessionId, paymentRequest, cancelledAt }: Session): Html {
  if (paymentRequest === undefined) return notice(cancelledAt === undefined ? notActivated : timedOut);
  if (!isUndecided(paymentRequest)) return notice(endings[paymentRequest.current.status] ?? nothingToDo);
  return html`<form method="post" action="/app/accept">
    <input type="hidden" name="sessionId" value="${sessionId}" />
    <button class="accept">Accept</button>
    <button class="decline" formaction="/app/decline">Decline</button>
    <button class="decline" formaction="/app/mismatch">Bank does not match the name</button>
  </form>`;
}

function notice(text: string): Html {
  return html`<p role="status">${text}</p>`;
}

const notActivated =
  'This payment cannot be completed, because no payment request was made for it. The merchant must send POST ' +
  '/api/v1/paymentrequests first.';
const timedOut = 'This page has timed out. Ask the merchant for a new request.';
const nothingToDo = 'There is nothing to do on this page.';
const accepted = 'You accepted this request. There is nothing more to do.';
const endings: Record<string, string> = {
  Accepted: accepted,
  Processed: accepted,
  Settled: accepted,
  Declined: 'You declined this request. No money moves, and it cannot be accepted any more.',
  Failed: 'This payment failed. No money moves; ask the merchant for a new request.',
  Expired: timedOut,
  Cancelled: timedOut,
  Canceled: timedOut,
};

const unknownPage = page(
  'Payment not found',
  html`<p>No payment has this address. Open the link again exactly as in the message you received.</p>`,
);
