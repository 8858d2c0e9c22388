import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { REQUEST_ID_HEADER } from '../request/request-id.js';

/** Where Apollo Sandbox and Explorer run. */
const STUDIO = 'https://studio.apollographql.com';

/** The longest that a browser believes: Chromium stops there. */
const PREFLIGHT_MAX_AGE_S = 7_200;

/** What GraphQL clients in browsers send beyond what any page may. */
const ALLOWED_HEADERS = [
  'content-type',
  'authorization',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-apollo-operation-id',
  'apollographql-client-name',
  'apollographql-client-version',
  REQUEST_ID_HEADER,
  'traceparent',
  'tracestate',
];

/** The origins whose pages may call, beside the gateway's own. `explorer`: Apollo's pages may. */
export function allowedOrigins(configured: readonly string[], explorer: boolean): ReadonlySet<string> {
  return new Set(explorer ? [...configured, STUDIO] : configured);
}

/**
 * Lets pages of these origins call the routes of this scope. Without credentials: callers are identified by a header that their
 * page sets, never by a cookie, so that no page can make payments with what a browser adds by itself.
 */
export async function addCors(scope: FastifyInstance, origins: ReadonlySet<string>): Promise<void> {
  await scope.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: [REQUEST_ID_HEADER, 'retry-after'],
    maxAge: PREFLIGHT_MAX_AGE_S,
    // An OPTIONS of anything but a browser is answered alike, not with a text of the plugin.
    strictPreflight: false,
  });
}
