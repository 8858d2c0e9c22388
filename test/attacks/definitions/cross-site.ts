import type { Attack } from '../attack.js';
import { LIST_PAYMENTS, WATCH_PAYMENT, emailMutation } from '../requests.js';

const CORS = 'src/server/http/cors.ts allows only the origins of CORS_ORIGINS';
const CSRF = 'Apollo Server (csrfPrevention)';
const JSON_ONLY = 'src/server/http/http-server.ts accepts only JSON, for which a browser needs a preflight request';

const FORM = `
  const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { name: 'f' }));
  const form = document.body.appendChild(Object.assign(document.createElement('form'), { action: url, method: METHOD, target: 'f', enctype: TYPE }));
  for (const [name, value] of Object.entries(FIELDS)) form.append(Object.assign(document.createElement('input'), { name, value }));
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  form.submit();
  await loaded;
  return '';`;

/** A script that submits a form. */
const form = (method: string, type: string, fields: string): string =>
  FORM.replace('METHOD', `'${method}'`).replace('TYPE', `'${type}'`).replace('FIELDS', fields);

const FIELDS = '{ query: request.query, variables: JSON.stringify(request.variables) }';

/** A script that posts the request and returns what the page can read. */
const post = (options: string): string =>
  `const response = await fetch(url, { method: 'POST', body: JSON.stringify(request), ${options} }); return response.type === 'opaque' ? 'response unreadable' : response.json();`;

/** Attacks by a page in the browser of a developer who runs a gateway without authentication. */
function page(
  name: string,
  details: string,
  stoppedBy: string,
  response: string,
  script: string,
  request: () => object = emailMutation,
): Attack {
  return {
    name: `uses a web page to ${name}`,
    details,
    stage: 'cross-site',
    stoppedBy,
    response,
    gateway: 'open',
    needsBrowser: true,
    run: (attacker) => attacker.fixtures.browsers.run(attacker, request(), script),
  };
}

/** Requests from pages of other sites. */
export const crossSiteAttacks: readonly Attack[] = [
  page(
    'send JSON',
    'fetch with content-type: application/json, for which a browser sends a preflight request.',
    CORS,
    '204, fetch fails',
    post(`headers: { 'content-type': 'application/json' }`),
  ),
  page(
    'send JSON as plain text',
    'fetch with content-type: text/plain, for which a browser sends no preflight request.',
    CSRF,
    '400, response unreadable',
    post(`mode: 'no-cors', headers: { 'content-type': 'text/plain' }`),
  ),
  page(
    'send a body without a media type',
    'fetch with a Blob that has no type as the body.',
    JSON_ONLY,
    '415, response unreadable',
    `await fetch(url, { method: 'POST', mode: 'no-cors', body: new Blob([JSON.stringify(request)]) }); return 'response unreadable';`,
  ),
  page(
    'send a beacon',
    'navigator.sendBeacon with a mutation as text.',
    CSRF,
    '400',
    `navigator.sendBeacon(url, JSON.stringify(request)); await fetch(url, { method: 'POST', mode: 'no-cors', body: '' }); return '';`,
  ),
  page(
    'submit a URL-encoded form',
    'A form with a mutation, submitted by POST.',
    JSON_ONLY,
    '415',
    form('post', 'application/x-www-form-urlencoded', FIELDS),
  ),
  page(
    'submit a multipart form',
    'A form with a mutation as multipart/form-data.',
    JSON_ONLY,
    '415',
    form('post', 'multipart/form-data', FIELDS),
  ),
  page(
    'submit a form that looks like JSON',
    'A form as text/plain whose fields form a JSON object.',
    CSRF,
    '400',
    form('post', 'text/plain', `{ [JSON.stringify(request).slice(0, -1) + ',"x":"']: '"}' }`),
  ),
  page(
    'submit a form by GET',
    'A form that puts a mutation into the URL.',
    CSRF,
    '400',
    form('get', 'application/x-www-form-urlencoded', FIELDS),
  ),
  page(
    'load an image',
    'An image whose URL contains a mutation.',
    CSRF,
    '400',
    `
    const image = document.body.appendChild(document.createElement('img'));
    const over = new Promise((resolve) => { image.onerror = image.onload = resolve; });
    image.src = url + '?' + new URLSearchParams({ query: request.query, variables: JSON.stringify(request.variables) });
    await over; return '';`,
  ),
  page(
    'read a list of payments',
    'fetch by GET with a query.',
    CORS,
    '400, fetch fails',
    `const response = await fetch(url + '?' + new URLSearchParams({ query: request.query })); return response.json();`,
    () => ({ query: LIST_PAYMENTS }),
  ),
  page(
    'watch a payment by events',
    'EventSource with a subscription. A browser connects it to any origin.',
    CORS,
    '200, EventSource fails',
    `
    return new Promise((resolve) => {
      const source = new EventSource(url + '?' + new URLSearchParams({ query: request.query, variables: JSON.stringify(request.variables) }));
      source.addEventListener('next', ({ data }) => resolve(data));
      source.onerror = () => { source.close(); resolve('EventSource fails'); };
    });`,
    () => ({ query: WATCH_PAYMENT, variables: { id: 'x' } }),
  ),
  page(
    'open a WebSocket',
    'A WebSocket. A browser connects it to any origin.',
    'src/server/subscriptions/websocket/websockets.ts checks the origin',
    '403, WebSocket fails',
    `
    return new Promise((resolve) => {
      const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('WebSocket fails');
    });`,
  ),
  page(
    'add the header that replaces a preflight request',
    'fetch with apollo-require-preflight, for which a browser sends a preflight request.',
    CORS,
    '204, fetch fails',
    `const response = await fetch(url + '?query={__typename}', { headers: { 'apollo-require-preflight': 'true' } }); return response.json();`,
  ),
  {
    name: 'rebinds a host name to the address of the gateway',
    details: 'DNS rebinding: a page whose host name resolves to 127.0.0.1, so that the gateway has the same origin.',
    stage: 'cross-site',
    stoppedBy: 'AUTH_MODE=none accepts only loopback names as Host',
    response: '403 FORBIDDEN',
    gateway: 'open',
    run: (attacker) => {
      const { port } = new URL(attacker.gateway.url);
      const host = `rebound.attacker.example:${port}`;
      return attacker.send(emailMutation(), { headers: { host, origin: `http://${host}` } });
    },
  },
];
