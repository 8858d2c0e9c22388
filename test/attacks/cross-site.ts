import type { Attack } from './attack.js';
import { LIST, WATCH, aSend } from './requests.js';

const CORS = 'src/server/http/cors.ts: no origin is allowed that CORS_ORIGINS does not name';
const CSRF = 'Apollo Server: csrfPrevention';
const JSON_ONLY = 'src/server/http/http-server.ts: JSON only, which a page cannot send without asking';

const FORM = `
  const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { name: 'f' }));
  const form = document.body.appendChild(Object.assign(document.createElement('form'), { action: url, method: METHOD, target: 'f', enctype: TYPE }));
  for (const [name, value] of Object.entries(FIELDS)) form.append(Object.assign(document.createElement('input'), { name, value }));
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  form.submit();
  await loaded;
  return '';`;

const form = (method: string, type: string, fields: string): string =>
  FORM.replace('METHOD', `'${method}'`).replace('TYPE', `'${type}'`).replace('FIELDS', fields);

const FIELDS = '{ query: request.query, variables: JSON.stringify(request.variables) }';

/** What a page of an attacker does in the browser of somebody who runs a gateway that asks nobody who they are. */
function page(
  name: string,
  tries: string,
  stoppedBy: string,
  answer: string,
  script: string,
  request: () => object = aSend,
): Attack {
  return {
    name,
    tries,
    stage: 'cross-site',
    stoppedBy,
    answer,
    on: 'open',
    inBrowser: true,
    attack: (world) => world.around.browsers.run(world, request(), script),
  };
}

const fetching = (options: string): string =>
  `const answer = await fetch(url, { method: 'POST', body: JSON.stringify(request), ${options} }); return answer.type === 'opaque' ? 'unreadable' : answer.json();`;

export const crossSiteAttacks: readonly Attack[] = [
  page(
    'has a page send JSON',
    'fetch with content-type: application/json, which a browser asks about first',
    CORS,
    '204 fails',
    fetching(`headers: { 'content-type': 'application/json' }`),
  ),
  page(
    'has a page send text',
    'fetch with text/plain, which no browser asks about',
    CSRF,
    '400 unreadable',
    fetching(`mode: 'no-cors', headers: { 'content-type': 'text/plain' }`),
  ),
  page(
    'has a page send a blob without a type',
    'fetch with a body of no type',
    JSON_ONLY,
    '415 unreadable',
    `const answer = await fetch(url, { method: 'POST', mode: 'no-cors', body: new Blob([JSON.stringify(request)]) }); return 'unreadable';`,
  ),
  page(
    'has a page send a beacon',
    'navigator.sendBeacon with text',
    CSRF,
    '400',
    `navigator.sendBeacon(url, JSON.stringify(request)); await fetch(url, { method: 'POST', mode: 'no-cors', body: '' }); return '';`,
  ),
  page(
    'has a page submit a form',
    'form post, URL-encoded',
    JSON_ONLY,
    '415',
    form('post', 'application/x-www-form-urlencoded', FIELDS),
  ),
  page(
    'has a page upload a form',
    'form post, multipart',
    JSON_ONLY,
    '415',
    form('post', 'multipart/form-data', FIELDS),
  ),
  page(
    'has a page submit JSON as text',
    'form post, text/plain that reads as JSON',
    CSRF,
    '400',
    form('post', 'text/plain', `{ [JSON.stringify(request).slice(0, -1) + ',"x":"']: '"}' }`),
  ),
  page(
    'has a page submit a form by GET',
    'a mutation in an address',
    CSRF,
    '400',
    form('get', 'application/x-www-form-urlencoded', FIELDS),
  ),
  page(
    'has a page load an image',
    'a mutation as the address of an image',
    CSRF,
    '400',
    `
    const image = document.body.appendChild(document.createElement('img'));
    const over = new Promise((resolve) => { image.onerror = image.onload = resolve; });
    image.src = url + '?' + new URLSearchParams({ query: request.query, variables: JSON.stringify(request.variables) });
    await over; return '';`,
  ),
  page(
    'has a page read what is listed',
    'fetch by GET of a list of payments',
    CORS,
    '400 fails',
    `const answer = await fetch(url + '?' + new URLSearchParams({ query: request.query })); return answer.json();`,
    () => ({ query: LIST }),
  ),
  page(
    'has a page watch by events',
    'EventSource, which may go to any origin',
    CORS,
    '200 refused',
    `
    return new Promise((resolve) => {
      const source = new EventSource(url + '?' + new URLSearchParams({ query: request.query, variables: JSON.stringify(request.variables) }));
      source.addEventListener('next', ({ data }) => resolve(data));
      source.onerror = () => { source.close(); resolve('refused'); };
    });`,
    () => ({ query: WATCH, variables: { id: 'x' } }),
  ),
  page(
    'has a page open a WebSocket',
    'WebSocket, which may go to any origin',
    'src/server/subscriptions/websocket/websockets.ts: origins',
    '403 refused',
    `
    return new Promise((resolve) => {
      const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
      socket.onopen = () => resolve('open');
      socket.onerror = () => resolve('refused');
    });`,
  ),
  page(
    'has a page claim to need no preflight',
    'fetch with apollo-require-preflight, which a browser asks about first',
    CORS,
    '204 fails',
    `const answer = await fetch(url + '?query={__typename}', { headers: { 'apollo-require-preflight': 'true' } }); return answer.json();`,
  ),
  {
    name: 'comes by a name of its own',
    tries: 'DNS rebinding: a page whose name leads to this machine, so that it is of the same origin',
    stage: 'cross-site',
    stoppedBy: 'AUTH_MODE=none: only loopback names as Host',
    answer: '403 FORBIDDEN',
    on: 'open',
    attack: async (world) => {
      const port = new URL(world.gateway.url).port;
      return world.ask(aSend(), {
        headers: { host: `rebound.attacker.example:${port}`, origin: `http://rebound.attacker.example:${port}` },
      });
    },
  },
];
