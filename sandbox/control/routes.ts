import type { FastifyInstance } from 'fastify';
import { faultSchema } from '../faults.js';
import type { Parts } from '../parts.js';
import { switchesSchema } from '../switches.js';
import { webhookFaultSchema } from '../webhooks/faults.js';
import { checked } from './checked.js';
import { addFaultRoutes } from './faults.js';
import { addControlPages } from './pages.js';
import { addReportRoutes } from './reports.js';
import { addSessionRoutes } from './sessions.js';
import { addWebhookRoutes } from './webhooks.js';

/** Adds the routes by which a test or a person inspects and controls the sandbox. */
export function addControl(app: FastifyInstance, parts: Parts): void {
  const { switches, faults, journal, state, payments, webhooks } = parts;
  app.get('/sandbox/journal', () => journal.report());
  app.get('/sandbox/tokens', () => [...state.tokens].map(([token, details]) => ({ token, ...details })));
  app.get('/sandbox/switches', () => switches);
  app.patch('/sandbox/switches', (request) => Object.assign(switches, checked(switchesSchema.partial(), request.body)));
  app.post('/sandbox/reset', (_request, reply) => {
    payments.clear();
    webhooks.clear();
    state.clear();
    journal.clear();
    faults.clear();
    return reply.code(204).send();
  });
  addFaultRoutes(app, '/sandbox/faults', faults, faultSchema);
  addFaultRoutes(app, '/sandbox/webhook-faults', webhooks.faults, webhookFaultSchema);
  addSessionRoutes(app, parts);
  addWebhookRoutes(app, parts);
  addReportRoutes(app, parts);
  addControlPages(app, state);
}
