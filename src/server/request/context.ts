import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../../resolvers/request-context.js';

/** Everything that belongs to the operation of a request. */
export type ContextForRequest = (request: FastifyRequest) => RequestContext;
