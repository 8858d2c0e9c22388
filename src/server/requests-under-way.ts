import type { Server } from 'node:http';

/** Counts the requests that a server has not answered yet, those of callers that hung up not among them. */
export class RequestsUnderWay {
  #count = 0;
  #onNone: (() => void) | undefined;

  constructor(server: Server) {
    server.on('request', (_request, response) => {
      this.#count += 1;
      response.once('close', () => {
        this.#count -= 1;
        if (this.#count === 0) this.#onNone?.();
      });
    });
  }

  /** Resolves when there is none; to be asked once. */
  async ended(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => (this.#onNone = resolve));
  }
}
