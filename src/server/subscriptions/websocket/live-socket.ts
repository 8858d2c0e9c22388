import type { WebSocket } from 'ws';
import { CLOSE_GRACE_MS, HEARTBEAT_MS, MAX_UNREAD_BYTES } from '../../request/limits.js';

const GOING_AWAY = 1001;

/**
 * A WebSocket for which little is kept that its client has not read yet. It is closed when the client is dead, or does not read:
 * what it is asked as a sign of life waits behind the rest.
 */
export class LiveSocket {
  readonly protocol: string;
  readonly #heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  readonly #closed: Promise<void>;
  #isAlive = true;

  constructor(private readonly socket: WebSocket) {
    this.protocol = socket.protocol;
    socket.on('pong', () => (this.#isAlive = true));
    // It is answered at once, like some messages; that could pile up.
    socket.on('ping', () => this.#listenLater());
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        clearInterval(this.#heartbeat);
        resolve();
      });
    });
  }

  onMessage(listener: (text: string) => Promise<void>): void {
    this.socket.on('message', (data: Buffer) => {
      this.#listenLater();
      listener(data.toString()).catch(() => {
        // All that graphql-ws throws is that a client sent what only servers send.
        this.close(4400, 'Invalid message received');
      });
    });
  }

  /** Resolves when it is on its way. Not before the close where it cannot be: a source could go on for ever meanwhile. */
  async send(text: string): Promise<void> {
    const { socket } = this;
    const error = await new Promise((resolve) => socket.send(text, resolve));
    if (error != null) await this.#closed;
    else if (socket.isPaused && socket.bufferedAmount < MAX_UNREAD_BYTES) socket.resume();
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** Closes because the replica shuts down; resolves when that is done, with the client's consent or without. */
  async closeGoingAway(): Promise<void> {
    const { socket } = this;
    if (socket.readyState === socket.CLOSED) return;
    const late = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    this.close(GOING_AWAY, 'Going away');
    await this.#closed;
    clearTimeout(late);
  }

  #beat(): void {
    if (!this.#isAlive) this.socket.terminate();
    else if (this.socket.readyState === this.socket.OPEN) this.socket.ping();
    this.#isAlive = false;
  }

  #listenLater(): void {
    if (this.socket.bufferedAmount > MAX_UNREAD_BYTES) this.socket.pause();
  }
}
