import type { FastifyRequest } from 'fastify';
import type { ApiClient } from '../../domain/api-client.js';
import type { Logger } from '../../lib/logger.js';
import type { RequestContext } from '../../resolvers/request-context.js';

/** Creates the context of one operation of a client. */
export type ContextFactory = (client: ApiClient, requestId: string, log: Logger) => RequestContext;

/** Creates the context of the operation of an HTTP request, whose client is authenticated. */
export type RequestContextFactory = (request: FastifyRequest) => RequestContext;
