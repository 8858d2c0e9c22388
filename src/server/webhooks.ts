import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../log.js';
import { sendError } from './error-body.js';

const MAX_BODY_BYTES = 64 * 1024;

/** stored: it is durable. refused: it was not signed as it has to be. unavailable: it is to be sent again. */
export type ReceiveDelivery = (
  headers: IncomingHttpHeaders,
  body: Buffer,
  log: Logger,
) => Promise<'stored' | 'refused' | 'unavailable'>;

/** Where Flinks sends its events. The bytes are kept as they come: they are what was signed. */
export function addWebhooks(app: FastifyInstance, receive: ReceiveDelivery): void {
  // Parsers of its own, for whatever type the body says it is of.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.post<{ Body: Buffer | undefined }>(
      '/webhooks/flinks',
      { bodyLimit: MAX_BODY_BYTES },
      async (request, reply) => {
        switch (await receive(request.headers, request.body ?? Buffer.alloc(0), request.log)) {
          case 'stored':
            return reply.send({});
          case 'refused':
            // What is wrong with it is for the log: whoever guesses shall not be told how far they came.
            return sendError(reply, 401, 'UNAUTHENTICATED', 'This is not signed as it has to be.');
          case 'unavailable':
            reply.header('retry-after', '1');
            return sendError(reply, 503, 'STORE_UNAVAILABLE', 'The event could not be stored. Send it again.');
        }
      },
    );
    done();
  });
}
