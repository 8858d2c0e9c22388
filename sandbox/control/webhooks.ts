import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Parts } from '../parts.js';
import { checked, controlError } from './checked.js';
import { knownSession } from './sessions.js';

const eventSchema = z
  .strictObject({
    sessionId: z.string(),
    status: z.string().min(1).optional(),
    statusDetails: z.string().min(1).optional(),
    when: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ status, statusDetails }) => status !== undefined || statusDetails === undefined, {
    path: ['statusDetails'],
    error: 'send it only together with status',
  });

/** Adds the routes that list, send and replay webhooks. */
export function addWebhookRoutes(app: FastifyInstance, { state, webhooks }: Parts): void {
  app.get('/sandbox/webhooks', () => webhooks.report());
  app.post('/sandbox/webhooks', (request, reply) => {
    const { sessionId, when: at = new Date().toISOString(), ...given } = checked(eventSchema, request.body);
    requireReceiver();
    const session = knownSession(state, sessionId);
    const { status, statusDetails } = given.status === undefined ? (session.paymentRequest?.current ?? given) : given;
    if (status === undefined) throw controlError(409, 'This session has no status yet; add one to the body.');
    webhooks.notify(session, { status, statusDetails, at });
    return reply.code(202).send();
  });
  app.post('/sandbox/webhooks/replay', (_request, reply) => {
    requireReceiver();
    if (webhooks.replay() > 0) return reply.code(202).send();
    throw controlError(409, 'There is no delivery to replay; add a webhook fault of kind replay before the delivery.');
  });

  function requireReceiver(): void {
    if (webhooks.isOn) return;
    throw controlError(409, 'Webhooks are off; name their receiver with the switch webhookUrl first.');
  }
}
