import type { FastifyInstance } from 'fastify';
import { html, htmlType, page } from './html.js';
import type { Parts } from './parts.js';
import type { PaymentRequest, Session } from './state.js';

export function hostedPageLink(origin: string, session: Session): string {
  return `${origin}/app/?sessionId=${session.sessionId}`;
}

/** The page on which the payer accepts or declines; it stands for the hosted app and the payer's bank in one. */
export function addHostedPage(app: FastifyInstance, { state, switches }: Parts): void {
  acceptForms(app);
  app.get('/app', (request, reply) => {
    const { sessionId } = request.query as { sessionId?: unknown };
    const session = state.sessions.get(String(sessionId));
    reply.type(htmlType);
    return session === undefined
      ? reply.code(404).send(unknownPage)
      : reply.send(sessionPage(session, switches.instance));
  });
  const act = (url: string, status: PaymentRequest['status']) =>
    app.post(url, (request, reply) => {
      const session = state.sessions.get((request.body as URLSearchParams | undefined)?.get('sessionId') ?? '');
      if (session === undefined) return reply.code(404).type(htmlType).send(unknownPage);
      if (session.paymentRequest?.status === 'Initiated') session.paymentRequest.status = status;
      return reply.redirect(hostedPageLink('', session), 303);
    });
  act('/app/accept', 'Accepted');
  act('/app/decline', 'Declined');
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
        <dd>${session.paymentRequest?.status ?? 'Not activated'}</dd>
      </dl>
      ${whatNext(session)}`,
  );
}

function whatNext({ sessionId, paymentRequest }: Session) {
  switch (paymentRequest?.status) {
    case undefined:
      return html`<p role="status">
        This payment cannot be completed, because no payment request was made for it. The merchant must send POST
        /api/v1/paymentrequests first.
      </p>`;
    case 'Accepted':
      return html`<p role="status">You accepted this request. There is nothing more to do.</p>`;
    case 'Declined':
      return html`<p role="status">You declined this request. No money moves, and it cannot be accepted any more.</p>`;
    case 'Initiated':
      return html`<form method="post" action="/app/accept">
        <input type="hidden" name="sessionId" value="${sessionId}" />
        <button class="accept">Accept</button>
        <button class="decline" formaction="/app/decline">Decline</button>
      </form>`;
  }
}

const unknownPage = page(
  'Payment not found',
  html`<p>No payment has this address. Open the link again as it stands in the message you received.</p>`,
);
