import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../../resolvers/request-context.js';

/** Creates the GraphQL context of one HTTP request. */
export type ContextForRequest = (request: FastifyRequest) => RequestContext;
