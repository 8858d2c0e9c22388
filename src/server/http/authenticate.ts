import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiClient } from '../../domain/api-client.js';
import { NOT_THROUGH_ROUTER, UNAUTHENTICATED, recordRejection, rejectHeaders } from '../request/request-guard.js';
import type { RequestGuard, HeadersRejection } from '../request/request-guard.js';
import { sendError } from '../request/error-response.js';
import { requestedOperation } from '../request/requested-operation.js';

const clients = new WeakMap<FastifyRequest, ApiClient>();

/**
 * Rejects requests to the routes of `scope` that come without valid credentials or not as configured, before their body
 * is read.
 */
export function addAuthentication(scope: FastifyInstance, guard: RequestGuard): void {
  const reject = (
    request: FastifyRequest,
    reply: FastifyReply,
    { reason, status, code, message }: HeadersRejection,
  ) => {
    recordRejection(request.log, guard, reason);
    return sendError(reply, status, code, message);
  };
  scope.addHook('onRequest', async (request, reply) => {
    const rejection = rejectHeaders(request.headers, guard);
    await (rejection === undefined ? authenticate(request, reply, guard) : reject(request, reply, rejection));
  });
  // Later, because the signed operation is in the body or the query string.
  scope.addHook('preHandler', async (request, reply) => {
    if (!guard.routerAuthenticator.isSigned(requestedOperation(request)))
      await reject(request, reply, NOT_THROUGH_ROUTER);
  });
}

async function authenticate(request: FastifyRequest, reply: FastifyReply, guard: RequestGuard): Promise<void> {
  const result = await guard.authenticator.authenticate(request.headers.authorization);
  switch (result.kind) {
    case 'known':
      clients.set(request, result.client);
      return;
    case 'rejected':
      recordRejection(request.log, guard, result.reason);
      reply.header('www-authenticate', 'Bearer');
      await sendError(reply, 401, UNAUTHENTICATED.code, UNAUTHENTICATED.message);
      return;
    case 'unavailable':
      recordRejection(request.log, guard, 'unavailable');
      reply.header('retry-after', '1');
      await sendError(
        reply,
        503,
        'IDENTITY_UNAVAILABLE',
        'Authentication is temporarily unavailable. Retry the request.',
      );
  }
}

/** The client of an authenticated request. */
export function clientOf(request: FastifyRequest): ApiClient {
  const client = clients.get(request);
  if (client === undefined) throw new Error('the request is not authenticated');
  return client;
}
