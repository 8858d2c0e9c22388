import { request } from 'node:http';

/** Whether a server responds. A server that is not ready yet responds 503. */
export function isReady(url) {
  return new Promise((resolve) => {
    const call = request(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode !== 503);
    });
    call.on('error', () => resolve(false));
    call.end();
  });
}
