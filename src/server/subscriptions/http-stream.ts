import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Framing } from '../request/framing.js';
import { HEARTBEAT_MS, MAX_STALL_MS } from '../request/transport-limits.js';
import type { ResultStream } from '../graphql/subscription.js';

/** Writes the results of a subscription into the response to an HTTP request. */
export class HttpStream {
  readonly #closed: Promise<void>;

  constructor(
    private readonly response: ServerResponse,
    private readonly framing: Framing,
    private readonly results: ResultStream,
    private readonly requestId: string,
  ) {
    this.#closed = new Promise((resolve) => response.once('close', resolve));
  }

  /** Writes until the stream ends, by whichever side. `headers` are sent with those of the framing. */
  async run(headers: OutgoingHttpHeaders): Promise<void> {
    const { response, framing, results } = this;
    if (!this.#isOpen()) {
      await results.return();
      return;
    }
    response.once('close', () => void results.return());
    const heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    response.writeHead(200, { ...headers, ...framing.headers });
    await this.#write(framing.opening);
    for await (const result of results) await this.#write(framing.result(result));
    clearInterval(heartbeat);
    this.#end(framing.completion);
    await this.#closed;
  }

  /** Ends the stream although results may follow; the client has to subscribe again. */
  interrupt(): void {
    this.#end(this.framing.interruption(this.requestId));
    void this.results.return();
  }

  /**
   * Resolves when the client can receive more or has disconnected, so nothing is buffered for a client that does not
   * read.
   */
  async #write(text: string): Promise<void> {
    const { response } = this;
    // After a disconnect that is not reported yet, a fast source would otherwise keep this loop running.
    if (!this.#isOpen()) return this.#closed;
    if (response.write(text)) return;
    const stalled = this.#dropLater();
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        response.off('drain', resume).off('close', resume);
        resolve();
      };
      response.on('drain', resume).on('close', resume);
    });
    clearTimeout(stalled);
  }

  #end(text: string): void {
    if (!this.#isOpen()) return;
    const stalled = this.#dropLater();
    this.response.once('close', () => clearTimeout(stalled)).end(text);
  }

  #beat(): void {
    if (this.#isOpen() && !this.response.writableNeedDrain) this.response.write(this.framing.heartbeat);
  }

  #isOpen(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }

  #dropLater(): NodeJS.Timeout {
    return setTimeout(() => this.response.destroy(), MAX_STALL_MS);
  }
}
