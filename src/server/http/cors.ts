import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { REQUEST_ID_HEADER } from '../request/request-id.js';

/** Origin of Apollo Sandbox and Explorer. */
const STUDIO = 'https://studio.apollographql.com';
/** Chromium caches preflight responses no longer than this. */
const PREFLIGHT_MAX_AGE_S = 7_200;

/** Headers of browser GraphQL clients that are not CORS-safelisted. */
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

/** Origins whose pages may call, in addition to the gateway's own. With `explorer`, also Apollo's. */
export function allowedOrigins(configured: readonly string[], explorer: boolean): ReadonlySet<string> {
  return new Set(explorer ? [...configured, STUDIO] : configured);
}

/**
 * Lets pages of these origins call the routes of `scope`. Without credentials mode: pages authenticate by a header,
 * never by a cookie, so that no page can create payments with credentials that a browser adds by itself.
 */
export async function addCors(scope: FastifyInstance, origins: ReadonlySet<string>): Promise<void> {
  await scope.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: [REQUEST_ID_HEADER, 'retry-after'],
    maxAge: PREFLIGHT_MAX_AGE_S,
    // An OPTIONS request that is no preflight gets the response that any client gets, not a text of the plugin.
    strictPreflight: false,
  });
}
