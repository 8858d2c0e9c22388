import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { close, listen, portOf } from './loopback.js';

/** A server behind the proxy. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  /** Set when the next answer shall be lost. */
  lost?: () => void;
}

/** Whether a piece of what a client sent, over this connection, is the request that is meant. */
type RequestTest = (bytes: Buffer, client: Socket) => boolean;

/** Stands between a client and a server on loopback and breaks their connections on demand. */
export class TcpProxy {
  readonly #connections = new Set<Connection>();
  #refusing = false;
  #frozen = false;
  #heldBack: (() => void)[] = [];
  #losing: { matches: RequestTest; lost: () => void } | undefined;

  private constructor(
    private readonly listener: Server,
    private readonly target: Target,
  ) {
    listener.on('connection', (client) => this.#connect(client));
  }

  static async start(target: Target): Promise<TcpProxy> {
    // Half-open: the end of one direction is passed on, and the other goes on.
    const listener = createServer({ allowHalfOpen: true });
    const proxy = new TcpProxy(listener, target);
    await listen(listener);
    return proxy;
  }

  get port(): number {
    return portOf(this.listener);
  }

  /** Resets every connection on both sides. */
  cutAll(): void {
    for (const connection of this.#connections) this.#cut(connection);
  }

  /** From now on new connections are reset at once. */
  refuse(): void {
    this.#refusing = true;
  }

  accept(): void {
    this.#refusing = false;
  }

  /** From now on no byte passes and nobody learns that the other side is gone, as with a network that is lost. */
  freeze(): void {
    this.#frozen = true;
    for (const { client, server } of this.#connections) [client, server].forEach((socket) => socket.pause());
  }

  thaw(): void {
    this.#frozen = false;
    for (const { client, server } of this.#connections) [client, server].forEach((socket) => socket.resume());
    for (const pass of this.#heldBack.splice(0)) pass();
  }

  /** Cuts a connection when the answer to the next such request comes, in place of it: the work is done, nobody is told. */
  loseAnswer(matches: RequestTest = () => true): Promise<void> {
    return new Promise((lost) => (this.#losing = { matches, lost }));
  }

  /** Loses no answer any more. */
  loseNone(): void {
    this.#losing = undefined;
  }

  async close(): Promise<void> {
    this.#refusing = true;
    this.cutAll();
    await close(this.listener);
  }

  #connect(client: Socket): void {
    if (this.#refusing) {
      reset(client);
      return;
    }
    const server = connect({ ...this.target, allowHalfOpen: true });
    const connection: Connection = { client, server };
    this.#connections.add(connection);
    this.#pass(client, server, connection);
    this.#pass(server, client, connection);
    server.on('data', (bytes: Buffer) => this.#toClient(bytes, connection));
    client.on('data', (bytes: Buffer) => this.#toServer(bytes, connection));
    if (this.#frozen) this.freeze();
  }

  /** What ends one side ends the other. */
  #pass(from: Socket, to: Socket, connection: Connection): void {
    from.setNoDelay();
    from.on('end', () => to.end());
    // A reset is told by 'close' too; without a listener it would end the process.
    from.on('error', () => undefined);
    from.on('close', (failed) => {
      const pass = (): void => {
        this.#connections.delete(connection);
        if (failed) reset(to);
      };
      if (this.#frozen) this.#heldBack.push(pass);
      else pass();
    });
  }

  #toServer(bytes: Buffer, connection: Connection): void {
    if (this.#losing?.matches(bytes, connection.client) === true) {
      connection.lost = this.#losing.lost;
      this.#losing = undefined;
    }
    connection.server.write(bytes);
  }

  #toClient(bytes: Buffer, connection: Connection): void {
    if (connection.lost === undefined) {
      connection.client.write(bytes);
      return;
    }
    this.#cut(connection);
    connection.lost();
  }

  #cut(connection: Connection): void {
    this.#connections.delete(connection);
    reset(connection.client);
    reset(connection.server);
  }
}

/**
 * Node cannot reset a socket whose end is on its way out: it would never close, and Node would wait for that in vain when the
 * process ends.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
