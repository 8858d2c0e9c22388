import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../domain/caller.js';
import type { Identity } from '../identity/identity.js';
import { sendError } from './error-body.js';

const callers = new WeakMap<FastifyRequest, Caller>();

/** Lets pass to the routes of this scope only who is known, before anything else of a request is read. */
export function addAuthentication(scope: FastifyInstance, identity: Identity): void {
  scope.addHook('onRequest', async (request, reply) => {
    const identified = await identity.identify(request.headers.authorization);
    switch (identified.kind) {
      case 'known':
        callers.set(request, identified.caller);
        return;
      case 'refused':
        reply.header('www-authenticate', 'Bearer');
        await sendError(
          reply,
          401,
          'UNAUTHENTICATED',
          'Send the header authorization: Bearer, with what proves who you are.',
        );
        return;
      case 'unavailable':
        reply.header('retry-after', '1');
        await sendError(
          reply,
          503,
          'IDENTITY_UNAVAILABLE',
          'Who you are cannot be told right now. Repeat the same call.',
        );
    }
  });
}

/** Of a request that was let pass. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('nobody was identified');
  return caller;
}
