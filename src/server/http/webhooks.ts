import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../../lib/logger.js';
import { sendError } from '../request/error-response.js';
import type { HttpError } from '../request/error-response.js';

const MAX_BODY_BYTES = 64 * 1024;
/** With and without the trailing slash, because proxies and people write both. */
const PATHS = ['/webhooks/flinks', '/webhooks/flinks/'];
const OTHER_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Reasons of rejections before the body is read and verified, by the status of the response; all others: `failed`. */
const UNREAD_REASONS = { 400: 'incomplete', 405: 'method', 413: 'too_large', 503: 'shutting_down' } as const;

/** Processes webhook requests. */
export interface WebhookDeliveries {
  /**
   * Verifies and stores an event. `stored`: it is durable. `rejected`: the signature is missing or invalid.
   * `undecodable`, `too_large`: the body cannot be read. `unavailable`: Flinks has to send it again.
   */
  receive(headers: IncomingHttpHeaders, body: Buffer, log: Logger): Promise<'stored' | keyof typeof REJECTIONS>;
  /** Called for a request that was rejected without `receive`. */
  reject(reason: (typeof UNREAD_REASONS)[keyof typeof UNREAD_REASONS] | 'failed', log: Logger): void;
}

const REJECTIONS = {
  // The details are logged only: whoever guesses signatures must not learn how far they got.
  rejected: [401, 'UNAUTHENTICATED', 'Invalid signature.'],
  undecodable: [415, 'BAD_REQUEST', 'Send the body uncompressed, or with content-encoding gzip, deflate or br.'],
  too_large: [413, 'BAD_REQUEST', 'The body is too large.'],
  unavailable: [503, 'SERVICE_UNAVAILABLE', 'The event could not be stored. Send it again.'],
} satisfies Record<string, HttpError>;

/** Adds the endpoint for Flinks's webhooks. Passes the body on byte by byte, since the signature may cover them. */
export function addWebhooks(app: FastifyInstance, deliveries: WebhookDeliveries): void {
  // A scope with parsers and errors of its own.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.addHook('onRequest', ({ raw }, _reply, next) => {
      // Fastify rejects types for which it has no parser before it calls any parser, and the type does not matter here.
      delete raw.headers['content-type'];
      next();
    });
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      if (error.statusCode === 413) return sendError(reply, ...REJECTIONS.too_large);
      if (error.statusCode === 400) return sendError(reply, 400, 'BAD_REQUEST', 'The body is incomplete.');
      throw error;
    });
    const counted = new WeakSet<FastifyRequest>();
    scope.addHook('onSend', async (request, { statusCode }) => {
      if (counted.has(request)) return;
      counted.add(request);
      const isKnown = statusCode in UNREAD_REASONS;
      deliveries.reject(isKnown ? UNREAD_REASONS[statusCode as keyof typeof UNREAD_REASONS] : 'failed', request.log);
    });
    for (const url of PATHS) {
      scope.post<{ Body: Buffer | undefined }>(url, { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
        const result = await deliveries.receive(request.headers, request.body ?? Buffer.alloc(0), request.log);
        counted.add(request);
        if (result === 'stored') return reply.send({});
        if (result === 'unavailable') reply.header('retry-after', '1');
        return sendError(reply, ...REJECTIONS[result]);
      });
      scope.route({
        url,
        method: OTHER_METHODS,
        bodyLimit: MAX_BODY_BYTES,
        handler: (_request, reply) =>
          sendError(reply.header('allow', 'POST'), 405, 'BAD_REQUEST', 'Send events by POST.'),
      });
    }
    done();
  });
}
