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

export function addWebhookRoutes(app: FastifyInstance, { state, webhooks }: Parts): void {
  app.get('/sandbox/webhooks', () => webhooks.report());
  app.post('/sandbox/webhooks', (request, reply) => {
    const { sessionId, when: at = new Date().toISOString(), ...asked } = checked(eventSchema, request.body);
    requireReceiver();
    const session = knownSession(state, sessionId);
    const { status, statusDetails } = asked.status === undefined ? (session.paymentRequest?.current ?? asked) : asked;
    if (status === undefined) throw controlError(409, 'This session has no status yet; send one along.');
    webhooks.tell(session, { status, statusDetails, at });
    return reply.code(202).send();
  });
  app.post('/sandbox/webhooks/replay', (_request, reply) => {
    requireReceiver();
    if (webhooks.replay() > 0) return reply.code(202).send();
    throw controlError(409, 'Nothing is kept for a replay; add a webhook fault of kind replay before the delivery.');
  });

  function requireReceiver(): void {
    if (webhooks.isOn) return;
    throw controlError(409, 'Webhooks are off; name their receiver with the switch webhookUrl first.');
  }
}
