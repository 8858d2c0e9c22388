import { IncomingMessage } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * A request that Node upgrades for WebSockets only. Once a server listens for upgrades, Node takes any `Upgrade` header
 * for one and does not read the body, although it may be an offer: Java's HttpClient sends `Upgrade: h2c` with its
 * first POST. Newer releases of Node have `shouldUpgradeCallback` for this.
 */
export class HttpRequest extends IncomingMessage {
  declare private isUpgrade: boolean;

  /** Set and read by Node. */
  get upgrade(): boolean {
    return this.isUpgrade && (this.method === 'CONNECT' || this.headers.upgrade?.toLowerCase() === 'websocket');
  }

  set upgrade(isUpgrade: boolean) {
    this.isUpgrade = isUpgrade;
  }
}

/**
 * Closes all pipelined responses when their connection closes. Node emits `close` only on the response to the first of
 * several pipelined requests; code that waits for the end of the others would wait, and keep them in memory, for ever.
 */
export function closePipelinedResponses(app: FastifyInstance): void {
  const open = new WeakMap<Socket, Set<ServerResponse>>();
  app.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    const responses = open.get(socket) ?? new Set();
    if (!open.has(socket)) socket.once('close', () => responses.forEach(close));
    open.set(socket, responses.add(response));
    response.once('close', () => responses.delete(response));
    done();
  });
}

function close(response: ServerResponse): void {
  response.destroy();
  response.emit('close');
}
