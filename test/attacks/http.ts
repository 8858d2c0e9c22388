import { connect } from 'node:net';
import { once } from 'node:events';
import { connectTo } from '../support/raw-http.js';
import { alike, each } from './attack.js';
import type { Attack } from './attack.js';
import { READ, aSend, many } from './requests.js';
import { init, openSocket, subscribe, talk } from './sockets.js';
import { requestLines, sendBytes } from './wire.js';
import type { World } from './world.js';

const NODE = 'Node’s HTTP parser (llhttp, strict)';
const BODY = 'src/server/request/transport-limits.ts: MAX_REQUEST_BYTES';
const TIMES = 'src/server/http/http-server.ts: requestTimeout, headersTimeout';
const SIZE_OF_HEADERS = 'Node: maxHeaderSize';

function edge(
  name: string,
  tries: string,
  stage: Attack['stage'],
  stoppedBy: string,
  answer: string,
  attack: Attack['attack'],
  change: Partial<Attack> = {},
): Attack {
  return { name, tries, stage, stoppedBy, answer, attack, ...change };
}

/** The members of a request as parameters of an address or a form. */
const parametersOf = (body: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );

const get = (world: World, body: object): Promise<string> =>
  world.get(parametersOf(body), { 'apollo-require-preflight': 'true' });

const form = (body: object): string => new URLSearchParams(parametersOf(body)).toString();

const multipart = (body: object): string =>
  `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify(body)}\r\n--x\r\ncontent-disposition: form-data; name="map"\r\n\r\n{}\r\n--x--\r\n`;

const methods: readonly Attack[] = [
  edge(
    'sends by GET',
    'a mutation in the address',
    'http',
    'Apollo Server: mutations by POST only',
    '405 BAD_REQUEST',
    (world) => get(world, aSend()),
  ),
  edge(
    'sends by GET as a stream',
    'a mutation in the address with accept: text/event-stream',
    'operation limits',
    'src/server/graphql/reject-operations.ts: readOnly',
    '200 BAD_REQUEST',
    (world) => world.get(parametersOf(aSend()), { accept: 'text/event-stream', 'apollo-require-preflight': 'true' }),
  ),
  edge(
    'uses other methods',
    'PUT, PATCH, DELETE, HEAD and TRACE',
    'http',
    'src/server/http/http-server.ts: the routes',
    '404 NOT_FOUND',
    (world) => each(['PUT', 'PATCH', 'DELETE'], (method) => world.ask(aSend(), { method })),
  ),
  edge(
    'traces',
    'TRACE, to have its headers repeated',
    'http',
    'src/server/http/http-server.ts: the routes',
    '404 NOT_FOUND closed',
    (world) =>
      sendBytes(world, requestLines(world, 'TRACE /graphql HTTP/1.1', ['connection: close', 'x-secret: repeated'])),
  ),
  edge('tunnels', 'CONNECT to another server', 'connection', 'Node: nobody takes it', 'closed', (world) =>
    sendBytes(world, requestLines(world, 'CONNECT 169.254.169.254:80 HTTP/1.1', [])),
  ),
  edge(
    'overrides the method',
    'x-http-method-override on a GET',
    'http',
    'nothing reads such headers',
    '405 BAD_REQUEST',
    (world) =>
      world.get(
        { query: aSend().query, variables: JSON.stringify(aSend().variables) },
        { 'apollo-require-preflight': 'true', 'x-http-method-override': 'POST', 'x-method-override': 'POST' },
      ),
  ),
  edge(
    'walks other paths',
    'dot segments, encoded and not, double slashes, other spellings',
    'http',
    'src/server/http/http-server.ts: the routes',
    '404 NOT_FOUND',
    (world) =>
      each(
        [
          '/graphql/../../etc/passwd',
          '/%2e%2e/%2e%2e/etc/passwd',
          '//etc/passwd',
          '/GRAPHQL',
          '/graphql%00',
          '/.env',
          '/data/payments.db',
          '/graphql/../.git/config',
          '/sandbox/sessions',
        ],
        (path) => world.ask(undefined, { method: 'GET', path, headers: { 'content-type': undefined } }),
      ),
  ),
  edge(
    'asks for an address that cannot be decoded',
    '%zz, %ff and %c0%ae',
    'http',
    'src/server/http/http-server.ts: frameworkErrors',
    '400 BAD_REQUEST',
    (world) =>
      each(['/%zz', '/%ff', '/%c0%ae%c0%ae/etc/passwd', '/%'], (path) =>
        world.ask(undefined, { method: 'GET', path, headers: { 'content-type': undefined } }),
      ),
  ),
];

const types: readonly Attack[] = [
  edge(
    'sends text/plain',
    'what a page may have a browser send without asking',
    'http',
    'Apollo Server: csrfPrevention',
    '400 BAD_REQUEST',
    (world) =>
      each(['text/plain', 'text/plain;charset=utf-8', 'text/plain; application/json'], (type) =>
        world.ask(aSend(), { headers: { 'content-type': type } }),
      ),
  ),
  edge(
    'sends a form',
    'application/x-www-form-urlencoded',
    'http',
    'src/server/http/http-server.ts: JSON only',
    '415 BAD_REQUEST',
    (world) => world.ask(form(aSend()), { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  ),
  edge(
    'uploads',
    'multipart/form-data with operations and map',
    'http',
    'src/server/http/http-server.ts: JSON only',
    '415 BAD_REQUEST',
    (world) => world.ask(multipart(aSend()), { headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
  ),
  edge(
    'sends other types',
    'application/graphql, XML, gzip, none',
    'http',
    'src/server/http/http-server.ts: JSON only',
    '415 BAD_REQUEST',
    (world) =>
      each(['text/json', 'application/graphql', 'application/xml', 'application/x-ndjson', 'image/png', 'x'], (type) =>
        world.ask(aSend(), { headers: { 'content-type': type } }),
      ),
  ),
  edge(
    'sends what is no JSON',
    'truncated, two values, NaN, comments, UTF-16, NUL',
    'http',
    'Fastify: JSON.parse',
    '400 BAD_REQUEST',
    (world) => {
      const json = JSON.stringify(aSend());
      return each(
        [json.slice(0, -1), json + json, '{"query":NaN}', `// x\n${json}`, `${json}\0`, '', 'null', '5', '[]'],
        (body) => world.ask(body),
      );
    },
  ),
  edge(
    'compresses a bomb',
    'content-encoding: gzip, br and deflate',
    'http',
    'nothing decompresses',
    '400 BAD_REQUEST',
    (world) =>
      each(['gzip', 'br', 'deflate'], (encoding) =>
        world.ask(Buffer.from('1f8b0800000000000003', 'hex').toString('latin1'), {
          headers: { 'content-encoding': encoding },
        }),
      ),
  ),
  edge(
    'accepts only unknown media types',
    'accept with types that are not ours',
    'http',
    'src/server/request/content-negotiation.ts',
    '406 BAD_REQUEST',
    (world) =>
      each(['text/html', 'image/*', 'application/xml;q=1', 'multipart/mixed'], (accept) =>
        world.ask(aSend(), { headers: { accept } }),
      ),
  ),
];

const KILOBYTE = 1_024;

const sizes: readonly Attack[] = [
  edge(
    'sends too large a body',
    '10 MB of JSON',
    'http',
    BODY,
    '413 BAD_REQUEST closed',
    (world) => {
      const body = JSON.stringify({ query: `{ __typename } #${'x'.repeat(10_000 * KILOBYTE)}` });
      return sendBytes(
        world,
        requestLines(
          world,
          'POST /graphql HTTP/1.1',
          ['content-type: application/json', `content-length: ${body.length}`, 'connection: close'],
          body.slice(0, 200_000),
        ),
      );
    },
    { repeats: 100 },
  ),
  edge(
    'never ends a body of chunks',
    'transfer-encoding: chunked, for ever',
    'http',
    BODY,
    '413 BAD_REQUEST closed',
    (world) => {
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      const lines = requestLines(world, 'POST /graphql HTTP/1.1', [
        'content-type: application/json',
        'transfer-encoding: chunked',
        'connection: close',
      ]);
      return sendBytes(world, lines, (write) => write(chunk));
    },
    { repeats: 20 },
  ),
  edge(
    'lies about the length of a body',
    'content-length of 5 with more behind it',
    'connection',
    NODE,
    'closed',
    (world) =>
      sendBytes(
        world,
        requestLines(
          world,
          'POST /graphql HTTP/1.1',
          ['content-type: application/json', 'content-length: 5'],
          JSON.stringify(aSend()),
        ),
      ),
  ),
  edge(
    'has huge headers',
    'a header of 64 KB, and a thousand headers',
    'connection',
    SIZE_OF_HEADERS,
    '431 closed',
    (world) =>
      each(
        [[`x-long: ${'x'.repeat(64 * KILOBYTE)}`], many(2_000, (index) => `x-${index}: 12345678`, '\n').split('\n')],
        (headers) => sendBytes(world, requestLines(world, 'POST /graphql HTTP/1.1', headers)),
      ),
    { repeats: 100 },
  ),
  edge(
    'has a huge address',
    'a path of 64 KB',
    'connection',
    SIZE_OF_HEADERS,
    '431 closed',
    (world) =>
      sendBytes(
        world,
        requestLines(world, `GET /graphql?query=${'x'.repeat(64 * KILOBYTE)} HTTP/1.1`, ['connection: close']),
      ),
    { repeats: 100 },
  ),
  edge(
    'has a huge trailer',
    'a trailer of 64 KB behind the last chunk',
    'connection',
    SIZE_OF_HEADERS,
    'closed',
    (world) =>
      sendBytes(
        world,
        `${requestLines(world, 'POST /graphql HTTP/1.1', ['content-type: application/json', 'transfer-encoding: chunked'])}2\r\n{}\r\n0\r\nx: ${'x'.repeat(64 * KILOBYTE)}\r\n\r\n`,
      ),
  ),
  edge('has a huge chunk extension', 'a chunk extension of 64 KB', 'connection', NODE, 'closed', (world) =>
    sendBytes(
      world,
      `${requestLines(world, 'POST /graphql HTTP/1.1', ['content-type: application/json', 'transfer-encoding: chunked'])}2;${'x'.repeat(64 * KILOBYTE)}\r\n{}\r\n0\r\n\r\n`,
    ),
  ),
];

const smuggled = 'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-length: 0\r\n\r\n';

/** A request whose end two servers may see in different places. */
const ambiguous = (name: string, tries: string, headers: readonly string[], body: string): Attack =>
  edge(name, tries, 'connection', NODE, '400 closed', (world) =>
    sendBytes(
      world,
      requestLines(world, 'POST /graphql HTTP/1.1', ['content-type: application/json', ...headers], body),
    ),
  );

const smuggling: readonly Attack[] = [
  ambiguous(
    'smuggles by two kinds of length',
    'content-length and transfer-encoding',
    ['content-length: 4', 'transfer-encoding: chunked'],
    `0\r\n\r\n${smuggled}`,
  ),
  ambiguous(
    'smuggles by two lengths',
    'content-length twice',
    ['content-length: 2', `content-length: ${2 + smuggled.length}`],
    `{}${smuggled}`,
  ),
  ambiguous(
    'smuggles by an odd transfer-encoding',
    'chunked spelled so that some do not see it',
    ['transfer-encoding: xchunked', 'content-length: 2'],
    `{}${smuggled}`,
  ),
  ambiguous('smuggles by a length that is no number', '+2, 0x2 and 2, 2', ['content-length: +2'], `{}${smuggled}`),
  ambiguous(
    'smuggles by a space before the colon',
    'transfer-encoding : chunked',
    ['transfer-encoding : chunked', 'content-length: 2'],
    `{}${smuggled}`,
  ),
  edge(
    'smuggles by bare line feeds',
    'headers that end with LF, and a header folded over two lines',
    'connection',
    NODE,
    '400 closed',
    (world) =>
      each(
        [
          'POST /graphql HTTP/1.1\nhost: gateway\ncontent-length: 0\n\n',
          'POST /graphql HTTP/1.1\r\nhost: gateway\r\nx: a\n b\r\ncontent-length: 0\r\n\r\n',
        ],
        (bytes) => sendBytes(world, bytes),
      ),
  ),
  edge(
    'speaks another protocol',
    'TLS, SSH, HTTP/2, HTTP/0.9 and NUL',
    'connection',
    NODE,
    '400 closed | 400 BAD_REQUEST closed',
    (world) =>
      each(
        [
          '\x16\x03\x01\x02\x00\x01\x00',
          'SSH-2.0-x\r\n\r\n',
          'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
          'GET /graphql\r\n\r\n',
          '\0\0\0\0',
        ],
        (bytes) => sendBytes(world, bytes),
      ),
  ),
  edge(
    'breaks lines in headers',
    'CR, NUL and other controls in values that are sent back',
    'connection',
    NODE,
    '400 closed',
    (world) =>
      each(
        ['x-request-id: a\rset-cookie: x=1', 'x-request-id: a\0b', 'x-request-id: a\x01b', 'origin: http://a\x7fb\x02'],
        (header) =>
          sendBytes(
            world,
            requestLines(world, 'POST /graphql HTTP/1.1', [header, 'content-length: 0', 'connection: close']),
          ),
      ),
  ),
  edge(
    'names no host, or two',
    'Host absent, twice, empty',
    'http',
    'Node: requireHostHeader; src/server/http/http-server.ts',
    '400 closed | 400 BAD_REQUEST closed',
    (world) =>
      each(['', 'host: a\r\nhost: b\r\n', 'host: \r\n', 'host: a b\r\n', 'host: [::\r\n', 'host: %zz\r\n'], (host) =>
        sendBytes(
          world,
          `POST /graphql HTTP/1.1\r\n${host}authorization: ${world.known('').authorization ?? ''}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 24\r\n\r\n{"query":"{__typename}"}`,
        ),
      ),
  ),
];

async function holdOpen(world: World, count: number, bytes: string): Promise<string> {
  const port = Number(new URL(world.gateway.url).port);
  const sockets = [...Array(count).keys()].map(() => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => undefined);
  await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  for (const socket of sockets) socket.write(bytes);
  const answer = await world.ask({ query: '{ __typename }' });
  for (const socket of sockets) socket.destroy();
  return answer;
}

const PATIENT = { slow: true } as const;

const slowness: readonly Attack[] = [
  edge(
    'sends headers slowly',
    'a header line a second, for ever',
    'connection',
    TIMES,
    '408 closed',
    (world) => sendBytes(world, 'POST /graphql HTTP/1.1\r\nhost: gateway\r\n', dripping('x: y\r\n')),
    PATIENT,
  ),
  edge(
    'sends a body slowly',
    'a byte a second of a body that is announced',
    'http',
    TIMES,
    'closed',
    (world) =>
      sendBytes(
        world,
        requestLines(world, 'POST /graphql HTTP/1.1', ['content-type: application/json', 'content-length: 90000']),
        dripping(' '),
      ),
    PATIENT,
  ),
  edge(
    'says nothing',
    'a connection on which nothing comes',
    'connection',
    TIMES,
    '408 closed',
    (world) => sendBytes(world, ''),
    PATIENT,
  ),
  edge(
    'leaves a body half sent',
    'a tenth of what was announced, then nothing',
    'http',
    TIMES,
    'closed',
    (world) =>
      sendBytes(
        world,
        requestLines(
          world,
          'POST /graphql HTTP/1.1',
          ['content-type: application/json', 'content-length: 1000'],
          '{"query":',
        ),
      ),
    PATIENT,
  ),
  edge(
    'opens thousands of connections',
    'three thousand at once that send half a request',
    'connection',
    'src/server/http/http-server.ts: connections cost little, and end by time',
    '200 data',
    (world) => holdOpen(world, 1_000, 'POST /graphql HTTP/1.1\r\nhost: gateway\r\n'),
    { repeats: 3 },
  ),
  edge(
    'opens a WebSocket and says nothing',
    'an upgrade without connection_init',
    'connection',
    'src/server/request/transport-limits.ts: CONNECTION_INIT_MS',
    'closed 4408',
    (world) => talk(world, []),
    PATIENT,
  ),
];

/** A little of a request each second or so. */
function dripping(bytes: string): (write: (bytes: string) => boolean) => void {
  let count = 0;
  return (write) => (count++ % 200 === 0 ? write(bytes) : true);
}

const webSockets: readonly Attack[] = [
  edge(
    'subscribes before it has said who it is',
    'subscribe in place of connection_init, by the hundred',
    'connection',
    'graphql-ws',
    'closed 4401',
    (world) =>
      talk(
        world,
        [...Array(100).keys()].map((index) =>
          subscribe({ query: READ, variables: { id: world.victim.id } }, String(index)),
        ),
      ),
    { repeats: 200 },
  ),
  edge('says who it is twice', 'a second connection_init', 'connection', 'graphql-ws', 'closed 4429', (world) => {
    const first = init(world.known('').authorization ?? '');
    return talk(world, [first, first]);
  }),
  edge(
    'floods a WebSocket with malformed messages',
    'messages that are no JSON, or of no type',
    'connection',
    'graphql-ws',
    'closed 4400',
    (world) =>
      each(
        ['x', '[]', '5', 'null', '{"type":"nothing"}', '{"type":"connection_ack"}', '{"__proto__":{"type":"ping"}}'],
        (text) => talk(world, Array(100).fill(text)),
      ),
    { repeats: 50 },
  ),
  edge(
    'sends too large a message',
    '200 KB over a WebSocket',
    'connection',
    'ws: maxPayload',
    'closed 1009',
    (world) => talk(world, ['x'.repeat(200_000)]),
    { repeats: 50 },
  ),
  edge(
    'uses the same id twice',
    'two operations of one id on a WebSocket',
    'connection',
    'graphql-ws',
    'closed 4409',
    (world) => {
      const watch = subscribe({
        query: 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id } }',
        variables: { id: world.victim.id },
      });
      return talk(world, [init(world.victim.authorization), watch, watch], { untilClosed: true });
    },
  ),
  edge(
    'floods with subscriptions',
    'two thousand on one WebSocket',
    'operation limits',
    'src/server/request/transport-limits.ts: MAX_OPERATIONS_PER_SOCKET',
    'BAD_REQUEST',
    (world) => floodWithSubscriptions(world, 2_000),
    { repeats: 2 },
  ),
  edge(
    'asks for an old subprotocol',
    'graphql-ws of subscriptions-transport-ws, or none',
    'connection',
    'src/server/subscriptions/websocket/websockets.ts',
    '400',
    (world) => talk(world, [], { protocol: 'graphql-ws' }),
  ),
  edge(
    'upgrades elsewhere',
    'a WebSocket to /metrics',
    'connection',
    'src/server/subscriptions/websocket/websockets.ts',
    '404 NOT_FOUND closed',
    (world) =>
      sendBytes(
        world,
        requestLines(world, 'GET /metrics HTTP/1.1', [
          'connection: upgrade',
          'upgrade: websocket',
          'sec-websocket-version: 13',
          'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
        ]),
      ),
  ),
];

/** The codes of what is refused, once one is. The subscriptions are of a payment of the victim, asked for by the victim. */
async function floodWithSubscriptions(world: World, count: number): Promise<string> {
  const socket = openSocket(world);
  socket.on('error', () => undefined);
  const refused = new Promise<string>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as {
        type: string;
        payload: { extensions: { code: string } }[];
      };
      if (type === 'error') resolve(payload[0]?.extensions.code ?? 'no code');
    });
    socket.on('close', (code) => resolve(`closed ${code}`));
  });
  await once(socket, 'open');
  socket.send(JSON.stringify(init(world.victim.authorization)));
  const payload = {
    query: 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id } }',
    variables: { id: world.victim.id },
  };
  await once(socket, 'message');
  for (let index = 0; index < count; index += 1) socket.send(JSON.stringify(subscribe(payload, String(index))));
  const answer = await refused;
  socket.terminate();
  return answer;
}

const pipelines: readonly Attack[] = [
  edge(
    'resets as soon as it has asked',
    'requests whose connections close before the response',
    'connection',
    'src/server/http/http-server.ts: the response is dropped',
    '200 data',
    async (world) => {
      const socket = connectTo(world.gateway).on('error', () => undefined);
      await once(socket, 'connect');
      const body = JSON.stringify({ query: '{ __typename }' });
      const lines = requestLines(
        world,
        'POST /graphql HTTP/1.1',
        ['content-type: application/json', `content-length: ${body.length}`],
        body,
      );
      socket.write(lines.repeat(20));
      socket.resetAndDestroy();
      return alike([() => world.ask({ query: '{ __typename }' })]);
    },
    { repeats: 300 },
  ),
];

export const httpAttacks: readonly Attack[] = [
  ...methods,
  ...types,
  ...sizes,
  ...smuggling,
  ...slowness,
  ...webSockets,
  ...pipelines,
];
