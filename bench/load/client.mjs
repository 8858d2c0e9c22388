import { Pool } from 'undici';

/** An HTTP client with one connection for each request in progress. */
export class Client {
  #pool;

  constructor(url, connections) {
    this.#pool = new Pool(new URL(url).origin, { connections, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** Resolves to the status, the text and the header `retry-after` of the response; to the status 0 if there is none. */
  send(request) {
    return new Promise((resolve) => {
      let status = 0;
      let retryAfter;
      const chunks = [];
      this.#pool.dispatch(request, {
        onRequestStart() {},
        onResponseStart(_controller, statusCode, headers) {
          status = statusCode;
          retryAfter = headers['retry-after'];
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          resolve({ status, text: Buffer.concat(chunks).toString(), retryAfter });
        },
        onResponseError(_controller, error) {
          resolve({ status: 0, text: `"code":"${error.code ?? error.name}"` });
        },
      });
    });
  }

  close() {
    return this.#pool.destroy();
  }
}
