import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiClient } from '../../domain/api-client.js';
import { NOT_THROUGH_ROUTER, UNAUTHENTICATED, noteRefusal, refusalOfHeaders } from '../request/request-guard.js';
import type { Admission, HeadersRefusal } from '../request/request-guard.js';
import { sendError } from '../request/error-response.js';
import { requestedOperation } from '../request/requested-operation.js';

const callers = new WeakMap<FastifyRequest, ApiClient>();

/** Lets pass to the routes of this scope only who is known and came as configured, before anything else of a request is read. */
export function addAuthentication(scope: FastifyInstance, admission: Admission): void {
  const refuse = (request: FastifyRequest, reply: FastifyReply, { reason, status, code, message }: HeadersRefusal) => {
    noteRefusal(request.log, admission, reason);
    return sendError(reply, status, code, message);
  };
  scope.addHook('onRequest', async (request, reply) => {
    const refusal = refusalOfHeaders(request.headers, admission);
    await (refusal === undefined ? identify(request, reply, admission) : refuse(request, reply, refusal));
  });
  // What is signed is in the body, or the address.
  scope.addHook('preHandler', async (request, reply) => {
    if (!admission.routerProof.isSigned(requestedOperation(request))) await refuse(request, reply, NOT_THROUGH_ROUTER);
  });
}

async function identify(request: FastifyRequest, reply: FastifyReply, admission: Admission): Promise<void> {
  const identified = await admission.identity.identify(request.headers.authorization);
  switch (identified.kind) {
    case 'known':
      callers.set(request, identified.caller);
      return;
    case 'refused':
      noteRefusal(request.log, admission, identified.reason);
      reply.header('www-authenticate', 'Bearer');
      await sendError(reply, 401, UNAUTHENTICATED.code, UNAUTHENTICATED.message);
      return;
    case 'unavailable':
      noteRefusal(request.log, admission, 'unavailable');
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
export function callerOf(request: FastifyRequest): ApiClient {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('nobody was identified');
  return caller;
}
