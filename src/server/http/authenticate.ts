import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiClient } from '../../domain/api-client.js';
import { NOT_THROUGH_ROUTER, UNAUTHENTICATED, recordRejection, rejectHeaders } from '../request/request-guard.js';
import type { RequestGuard, HeadersRejection } from '../request/request-guard.js';
import { sendError } from '../request/error-response.js';
import { requestedOperation } from '../request/requested-operation.js';

const clients = new WeakMap<FastifyRequest, ApiClient>();

/** Lets pass to the routes of this scope only who is known and came as configured, before anything else of a request is read. */
export function addAuthentication(scope: FastifyInstance, admission: RequestGuard): void {
  const refuse = (
    request: FastifyRequest,
    reply: FastifyReply,
    { reason, status, code, message }: HeadersRejection,
  ) => {
    recordRejection(request.log, admission, reason);
    return sendError(reply, status, code, message);
  };
  scope.addHook('onRequest', async (request, reply) => {
    const refusal = rejectHeaders(request.headers, admission);
    await (refusal === undefined ? identify(request, reply, admission) : refuse(request, reply, refusal));
  });
  // What is signed is in the body, or the address.
  scope.addHook('preHandler', async (request, reply) => {
    if (!admission.routerAuthenticator.isSigned(requestedOperation(request)))
      await refuse(request, reply, NOT_THROUGH_ROUTER);
  });
}

async function identify(request: FastifyRequest, reply: FastifyReply, admission: RequestGuard): Promise<void> {
  const identified = await admission.authenticator.authenticate(request.headers.authorization);
  switch (identified.kind) {
    case 'known':
      clients.set(request, identified.client);
      return;
    case 'refused':
      recordRejection(request.log, admission, identified.reason);
      reply.header('www-authenticate', 'Bearer');
      await sendError(reply, 401, UNAUTHENTICATED.code, UNAUTHENTICATED.message);
      return;
    case 'unavailable':
      recordRejection(request.log, admission, 'unavailable');
      reply.header('retry-after', '1');
      await sendError(
        reply,
        503,
        'IDENTITY_UNAVAILABLE',
        'Who you are cannot be told right now. Repeat the same call.',
      );
  }
}

/** Of a request that was let pass. */
export function clientOf(request: FastifyRequest): ApiClient {
  const client = clients.get(request);
  if (client === undefined) throw new Error('nobody was identified');
  return client;
}
