import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiClient } from '../../domain/api-client.js';
import { sendError } from '../request/error-response.js';
import type { HttpError } from '../request/error-response.js';
import { NOT_THROUGH_ROUTER, recordRejection, rejectHeaders } from '../request/request-guard.js';
import type { Rejection, RequestGuard } from '../request/request-guard.js';
import { requestedOperation } from '../request/requested-operation.js';

const clients = new WeakMap<FastifyRequest, ApiClient>();

const INVALID_CREDENTIALS: HttpError = [
  401,
  'UNAUTHENTICATED',
  'Send a valid token or API key as `Authorization: Bearer ...`.',
];
const IDENTITY_UNAVAILABLE: HttpError = [
  503,
  'IDENTITY_UNAVAILABLE',
  'Authentication is temporarily unavailable. Retry the request.',
];

/** Rejects requests to routes of `scope` without valid credentials or not as configured, before their body is read. */
export function addAuthentication(scope: FastifyInstance, guard: RequestGuard): void {
  const reject = (request: FastifyRequest, reply: FastifyReply, { reason, error }: Rejection) => {
    recordRejection(request.log, guard, reason);
    return sendError(reply, ...error);
  };
  scope.addHook('onRequest', async (request, reply) => {
    const rejection = rejectHeaders(request.headers, guard);
    if (rejection !== undefined) {
      await reject(request, reply, rejection);
      return;
    }
    const result = await guard.authenticator.authenticate(request.headers.authorization);
    if (result.kind === 'known') clients.set(request, result.client);
    else if (result.kind === 'unavailable')
      await reject(request, reply.header('retry-after', '1'), { reason: 'unavailable', error: IDENTITY_UNAVAILABLE });
    else {
      reply.header('www-authenticate', 'Bearer');
      await reject(request, reply, { reason: result.reason, error: INVALID_CREDENTIALS });
    }
  });
  // Later, because the signed operation is in the body or the query string.
  scope.addHook('preHandler', async (request, reply) => {
    if (!guard.routerAuthenticator.isSigned(requestedOperation(request)))
      await reject(request, reply, NOT_THROUGH_ROUTER);
  });
}

/** The client of an authenticated request. */
export function clientOf(request: FastifyRequest): ApiClient {
  const client = clients.get(request);
  if (client === undefined) throw new Error('the request is not authenticated');
  return client;
}
