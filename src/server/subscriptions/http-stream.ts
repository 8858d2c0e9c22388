import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Framing } from '../request/framing.js';
import { HEARTBEAT_MS, MAX_STALL_MS } from '../request/limits.js';
import type { ResultStream } from '../graphql/subscription.js';

/** The results of a subscription in the answer to an HTTP request, for as long as there are any. */
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

  /** Resolves when the stream is over, whoever ended it. `headers` go along with those of the framing. */
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

  /** Ends the stream although more may come. */
  interrupt(): void {
    this.#end(this.framing.interruption(this.requestId));
    void this.results.return();
  }

  /** Resolves when the client can take more, or is gone: nothing is kept for one that does not read. */
  async #write(text: string): Promise<void> {
    const { response } = this;
    // A source could go on for ever before the close is told.
    if (!this.#isOpen()) return this.#closed;
    if (response.write(text)) return;
    const stalled = this.#dropLater();
    await new Promise<void>((resolve) => {
      const go = (): void => {
        response.off('drain', go).off('close', go);
        resolve();
      };
      response.on('drain', go).on('close', go);
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
