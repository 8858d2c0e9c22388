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
  /** Set while a response is to be lost. */
  lost?: LostResponse;
}

interface LostResponse {
  /** Whether a chunk from the server is the response, or its end. */
  readonly isIt: (bytes: Buffer) => boolean;
  /** Called when the response has been lost. */
  readonly onLost: () => void;
}

/** Whether a chunk that a client sent over this connection is the request whose response is to be lost. */
type RequestFilter = (bytes: Buffer, client: Socket) => boolean;

/** A TCP proxy between a client and a server on loopback that breaks their connections on demand. */
export class TcpProxy {
  readonly #connections = new Set<Connection>();
  #refusing = false;
  #frozen = false;
  #heldBack: (() => void)[] = [];
  #losing: { matches: RequestFilter; lost: LostResponse } | undefined;

  private constructor(
    private readonly listener: Server,
    private readonly target: Target,
  ) {
    listener.on('connection', (client) => this.#connect(client));
  }

  static async start(target: Target): Promise<TcpProxy> {
    // Half-open connections: the end of one direction is forwarded, and the other direction stays open.
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

  /** Resets new connections immediately from now on. */
  refuse(): void {
    this.#refusing = true;
  }

  accept(): void {
    this.#refusing = false;
  }

  /** Forwards no bytes from now on and hides the end of either side, as a lost network does. */
  freeze(): void {
    this.#frozen = true;
    for (const { client, server } of this.#connections) [client, server].forEach((socket) => socket.pause());
  }

  thaw(): void {
    this.#frozen = false;
    for (const { client, server } of this.#connections) [client, server].forEach((socket) => socket.resume());
    for (const pass of this.#heldBack.splice(0)) pass();
  }

  /**
   * Resets the connection instead of forwarding the response to the next matching request, which was executed. `isIt` recognizes
   * the response where the connection has others to send before it.
   */
  loseResponse(matches: RequestFilter = () => true, isIt: (response: Buffer) => boolean = () => true): Promise<void> {
    return new Promise((onLost) => (this.#losing = { matches, lost: { isIt, onLost } }));
  }

  /** Forwards all responses again. */
  stopLosing(): void {
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

  /** Ends or resets one side when the other side ends or is reset. */
  #pass(from: Socket, to: Socket, connection: Connection): void {
    from.setNoDelay();
    from.on('end', () => to.end());
    // The 'close' event reports a reset too. Without this listener a reset would end the process.
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
    if (connection.lost?.isIt(bytes) !== true) {
      connection.client.write(bytes);
      return;
    }
    this.#cut(connection);
    connection.lost.onLost();
  }

  #cut(connection: Connection): void {
    this.#connections.delete(connection);
    reset(connection.client);
    reset(connection.server);
  }
}

/**
 * Resets a socket, or destroys it if it is already ending: Node cannot reset such a socket, which would then never close and
 * keep the process from ending.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
