import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';

type Answer = FastifyReply['raw'];

/**
 * Tells answers that their connection is closed where Node does not: of requests that came one behind the other on a connection it
 * tells the first only. Whatever waits for the end of the others would wait, and be kept, for ever.
 */
export function closePipelinedResponses(app: FastifyInstance): void {
  const open = new WeakMap<Socket, Set<Answer>>();
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const answers = open.get(socket) ?? new Set<Answer>();
    if (!open.has(socket)) socket.once('close', () => answers.forEach(close));
    open.set(socket, answers.add(reply.raw));
    reply.raw.once('close', () => answers.delete(reply.raw));
    done();
  });
}

function close(answer: Answer): void {
  answer.destroy();
  answer.emit('close');
}
