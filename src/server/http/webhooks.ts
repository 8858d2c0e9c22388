import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../lib/logger.js';
import { sendError } from '../request/error-response.js';

const MAX_BODY_BYTES = 64 * 1024;
/** Proxies and people write it both ways. */
const PATHS = ['/webhooks/flinks', '/webhooks/flinks/'];
const OTHER_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Why a request was answered before its body could be judged, by the status of the answer; `failed` for all others. */
const UNREAD_REASONS = { 400: 'incomplete', 405: 'method', 413: 'too_large', 503: 'shutting_down' } as const;

export interface WebhookDeliveries {
  /**
   * stored: it is durable. refused: it was not signed as it has to be. undecodable, too_large: it cannot be read. unavailable:
   * it is to be sent again.
   */
  receive(
    headers: IncomingHttpHeaders,
    body: Buffer,
    log: Logger,
  ): Promise<'stored' | 'refused' | 'undecodable' | 'too_large' | 'unavailable'>;
  /** Told of a request that was answered without that. */
  reject(reason: (typeof UNREAD_REASONS)[keyof typeof UNREAD_REASONS] | 'failed', log: Logger): void;
}

/** Where Flinks sends its events. The body reaches the judge as it came, since its signature may be over those bytes. */
export function addWebhooks(app: FastifyInstance, deliveries: WebhookDeliveries): void {
  // Parsers and errors of its own.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.addHook('onRequest', ({ raw }, _reply, next) => {
      // Fastify refuses types that it cannot read before any parser is asked, and here no type means anything.
      delete raw.headers['content-type'];
      next();
    });
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      if (error.statusCode === 413) return sendTooLarge(reply);
      if (error.statusCode === 400) return sendError(reply, 400, 'BAD_REQUEST', 'The body is not complete.');
      throw error;
    });
    const judged = new WeakSet<FastifyRequest>();
    scope.addHook('onSend', async (request, { statusCode }) => {
      if (judged.has(request)) return;
      judged.add(request);
      deliveries.reject(
        statusCode in UNREAD_REASONS ? UNREAD_REASONS[statusCode as keyof typeof UNREAD_REASONS] : 'failed',
        request.log,
      );
    });
    for (const url of PATHS) {
      scope.post<{ Body: Buffer | undefined }>(url, { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
        const answer = await deliveries.receive(request.headers, request.body ?? Buffer.alloc(0), request.log);
        judged.add(request);
        return send(reply, answer);
      });
      scope.route({
        url,
        method: OTHER_METHODS,
        bodyLimit: MAX_BODY_BYTES,
        handler: (_request, reply) =>
          sendError(reply.header('allow', 'POST'), 405, 'BAD_REQUEST', 'Events are sent by POST.'),
      });
    }
    done();
  });
}

function send(reply: FastifyReply, answer: Awaited<ReturnType<WebhookDeliveries['receive']>>): FastifyReply {
  switch (answer) {
    case 'stored':
      return reply.send({});
    case 'refused':
      // What is wrong with it is for the log: whoever guesses shall not be told how far they came.
      return sendError(reply, 401, 'UNAUTHENTICATED', 'This is not signed as it has to be.');
    case 'undecodable':
      return sendError(
        reply,
        415,
        'BAD_REQUEST',
        'Send the body as it is, or with content-encoding gzip, deflate or br.',
      );
    case 'too_large':
      return sendTooLarge(reply);
    case 'unavailable':
      reply.header('retry-after', '1');
      return sendError(reply, 503, 'SERVICE_UNAVAILABLE', 'The event could not be stored. Send it again.');
  }
}

function sendTooLarge(reply: FastifyReply): FastifyReply {
  return sendError(reply, 413, 'BAD_REQUEST', 'The body is too large.');
}
