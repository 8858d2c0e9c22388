import type { WebSocket } from 'ws';
import { CLOSE_GRACE_MS, HEARTBEAT_MS, MAX_UNREAD_BYTES } from '../../request/transport-limits.js';

const GOING_AWAY = 1001;

/** Buffers little for a slow client. Closes when a client is unreachable, or does not read: then pings wait as well. */
export class LiveSocket {
  /** The negotiated subprotocol. */
  readonly protocol: string;
  readonly #heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  readonly #closed: Promise<void>;
  #isAlive = true;

  constructor(private readonly socket: WebSocket) {
    this.protocol = socket.protocol;
    socket.on('pong', () => (this.#isAlive = true));
    // `ws` responds to pings at once, as graphql-ws does to some messages, so those responses could pile up as well.
    socket.on('ping', () => this.#pauseWhileUnread());
    socket.once('close', () => clearInterval(this.#heartbeat));
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Sets the listener of text messages. */
  onMessage(listener: (text: string) => Promise<void>): void {
    this.socket.on('message', (data: Buffer) => {
      this.#pauseWhileUnread();
      listener(data.toString()).catch(() => {
        // graphql-ws throws only when a client sent a message that only servers may send.
        this.close(4400, 'Invalid message received');
      });
    });
  }

  /** Resolves when the text has been written, or else at the close, so that a fast source does not keep sending. */
  async send(text: string): Promise<void> {
    const { socket } = this;
    const error = await new Promise((resolve) => socket.send(text, resolve));
    if (error != null) await this.#closed;
    else if (socket.isPaused && socket.bufferedAmount < MAX_UNREAD_BYTES) socket.resume();
  }

  /** Starts the closing handshake. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** Closes because the replica shuts down; resolves when closed, after `CLOSE_GRACE_MS` at the latest. */
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

  #pauseWhileUnread(): void {
    if (this.socket.bufferedAmount > MAX_UNREAD_BYTES) this.socket.pause();
  }
}
