import type { FastifyInstance } from 'fastify';
import { html, htmlType, page } from '../html.js';
import type { Message, State } from '../state.js';

/** Adds the index page and the outbox. */
export function addControlPages(app: FastifyInstance, state: State): void {
  for (const url of ['/', '/sandbox']) app.get(url, (_request, reply) => reply.type(htmlType).send(indexPage));
  app.get('/sandbox/outbox', (request, reply) =>
    prefersHtml(request.headers.accept) ? reply.type(htmlType).send(outboxPage(state.outbox)) : state.outbox,
  );
}

/** Browsers list text/html first; a client that names neither type gets JSON. */
function prefersHtml(accept = ''): boolean {
  return /text\/html|application\/json/.exec(accept)?.[0] === 'text/html';
}

function outboxPage(messages: Message[]): string {
  if (messages.length === 0) return page('Outbox', html`<p>No message was sent since the start or the last reset.</p>`);
  const items = messages.map(
    ({ at, to, customerName, amount, referenceId, link }) =>
      html`<li>
        ${at}: to ${customerName} (${to}), ${amount} CAD, reference ${referenceId}<br />
        <a href="${link}">${link}</a>
      </li>`,
  );
  return page(
    'Outbox',
    html`<ul>
      ${items}
    </ul>`,
  );
}

const indexPage = page(
  'Flinks Pay sandbox',
  html`<ul>
    <li><a href="/sandbox/outbox">Outbox</a>: messages that sendrequest would have mailed, with their links.</li>
    <li><a href="/sandbox/journal">Journal</a>: API calls, their results, and counts.</li>
    <li><a href="/sandbox/tokens">Tokens</a>: every access token that was issued.</li>
    <li><a href="/sandbox/sessions">Sessions</a>: every session with its status.</li>
    <li><a href="/sandbox/switches">Switches</a>: how the sandbox behaves; change them with PATCH.</li>
    <li><a href="/sandbox/webhooks">Webhooks</a>: every delivery and the response status of the receiver.</li>
    <li><a href="/sandbox/webhook-faults">Webhook faults</a>: faults that have not acted yet.</li>
    <li>
      <a href="/sandbox/reports/daily">Daily file</a>: payments whose status changed today in Toronto; other days,
      zones, layouts and faults by query.
    </li>
    <li><a href="/sandbox/faults">Faults</a>: faults that have not acted yet; add with POST, clear with DELETE.</li>
  </ul>`,
);
