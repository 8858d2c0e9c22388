import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';

type Response = FastifyReply['raw'];

/**
 * Closes all pipelined responses when their connection closes. Node emits `close` only on the response to the first of
 * several pipelined requests; code that waits for the end of the others would wait, and keep them in memory, for ever.
 */
export function closePipelinedResponses(app: FastifyInstance): void {
  const open = new WeakMap<Socket, Set<Response>>();
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const responses = open.get(socket) ?? new Set<Response>();
    if (!open.has(socket)) socket.once('close', () => responses.forEach(close));
    open.set(socket, responses.add(reply.raw));
    reply.raw.once('close', () => responses.delete(reply.raw));
    done();
  });
}

function close(response: Response): void {
  response.destroy();
  response.emit('close');
}
