// Stands in for Flinks and for the keys of an identity provider. It does as little as it can, because it runs on the
// cores of the server under measurement; the sandbox of the project checks and remembers far more.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:https';

const KEPT_OPEN_MS = 3_600_000;

const { STAND_IN_CERTIFICATE: cert, STAND_IN_KEY: key, STAND_IN_KEY_SET: keySet } = process.env;

let latencyMs = 0;
let calls = {};

const ROUTES = {
  'POST /api/v1/authorize': [
    'authorize',
    () => ({ access_token: randomUUID(), token_type: 'Bearer', expires_in: 599 }),
  ],
  'POST /api/v1/sessions/initiate': ['initiate', () => ({ sessionId: randomUUID() })],
  'POST /api/v1/paymentrequests': ['activate', () => ({ requestId: randomUUID() })],
  'POST /api/v1/sessions/sendrequest': ['sendrequest', () => ({ sessionId: randomUUID() })],
};
const LOOKUP = /^GET \/api\/v1\/paymentrequests\/(.+)$/;

// Servers are paused while others are measured, and their connections have to last that long.
const server = createServer({ cert, key, keepAliveTimeout: KEPT_OPEN_MS }, (request, response) => {
  request.resume().on('end', () => {
    const [name, body] = responseTo(`${request.method} ${request.url}`);
    calls[name] = (calls[name] ?? 0) + 1;
    const send = () => {
      response.writeHead(name === 'unknown' ? 404 : 200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    };
    if (latencyMs === 0) send();
    else setTimeout(send, latencyMs);
  });
});

function responseTo(line) {
  if (line === 'GET /jwks.json') return ['keys', keySet];
  const lookup = LOOKUP.exec(line);
  if (lookup !== null) return ['lookup', JSON.stringify({ requestId: lookup[1], status: 'Initiated' })];
  const [name, body] = ROUTES[line] ?? ['unknown', () => ({ error: `there is no ${line}` })];
  return [name, JSON.stringify(body())];
}

/** Each message sets the latency, returns the calls since the last message, and counts from zero. */
process.on('message', (message) => {
  latencyMs = message.latencyMs;
  process.send(calls);
  calls = {};
});

server.listen(0, '127.0.0.1', () => process.send({ url: `https://127.0.0.1:${server.address().port}` }));
