import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { StreamingServer } from '../streaming-server.js';

let server: StreamingServer;

beforeEach(async () => {
  server = await StreamingServer.start();
});
afterEach(() => server.stop());

type ResponseBody = { readonly errors?: readonly { message: string; extensions: { code: string } }[] };

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

const MANY_ALIASES = times(101, (index) => `a${index}: count`);

/** Operations beyond each of the limits. */
const floods: readonly (readonly [what: string, operation: Record<string, unknown>])[] = [
  ['tokens', { query: `{ ${times(2_000, (index) => `a${index}`)} }` }],
  ['aliases', { query: `mutation { ${MANY_ALIASES} }` }],
  ['directives', { query: `{ hello ${times(51, () => '@aa')} }` }],
  ['levels', { query: `{ ${'... {'.repeat(30)} hello ${'}'.repeat(30)} }` }],
  ['repeats', { query: `mutation { ${times(21, () => 'count')} }` }],
  ['cost', { query: `{ hello ${times(25, (level) => `...f${level}`)} } ${times(25, (level) => bomb(level))}` }],
  ['deep variables', { query: 'mutation { count }', variables: { deep: nested(40_000) } }],
  ['deep extensions', { query: 'mutation { count }', extensions: { deep: nested(40_000) } }],
  [
    'variables',
    { query: 'mutation { count }', variables: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`a${i}`, i])) },
  ],
];

/** A fragment that doubles the next one, with ten fields at the end. */
function bomb(level: number): string {
  const selected = level === 24 ? times(10, () => 'hello') : `...f${level + 1} ...f${level + 1}`;
  return `fragment f${level} on Query { ${selected} }`;
}

/** The JSON of an operation. JSON.stringify itself overflows on deep values. */
function json({ query, variables, extensions }: Record<string, unknown>): string {
  const text = (value: unknown) =>
    isDeep(value) ? `{"deep":${'['.repeat(40_000)}${']'.repeat(40_000)}}` : JSON.stringify(value ?? {});
  return `{"query":${JSON.stringify(query)},"variables":${text(variables)},"extensions":${text(extensions)}}`;
}

const isDeep = (value: unknown) => typeof value === 'object' && value !== null && 'deep' in value;

describe('an operation beyond a limit', () => {
  it.each(floods)('of %s is rejected over HTTP before it is executed', async (_limit, operation) => {
    const response = await server.post(json(operation), 'application/graphql-response+json');
    expect(response.status).toBe(400);
    expect(((await response.json()) as ResponseBody).errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'OPERATION_TOO_LARGE' }) as unknown }),
    ]);
    expect([server.executedMutations, server.rejections, server.errorsLogged]).toEqual([0, ['limit'], []]);
  });

  it.each(floods)('of %s is rejected over a stream', async (_limit, operation) => {
    const response = await server.post(json(operation), 'text/event-stream');
    expect(await response.text()).toContain('"OPERATION_TOO_LARGE"');
    expect([server.executedMutations, server.rejections, server.errorsLogged]).toEqual([0, ['limit'], []]);
  });

  it.each(floods)('of %s is rejected over a WebSocket, which stays open', async (_limit, operation) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, 'graphql-transport-ws');
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString()));
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.send(`{"type":"subscribe","id":"1","payload":${json(operation)}}`);
    await once(socket, 'message');
    socket.send('{"type":"subscribe","id":"2","payload":{"query":"{ hello }"}}');
    await once(socket, 'message');
    expect(messages[1]).toContain('"OPERATION_TOO_LARGE"');
    expect(messages[2]).toContain('world');
    expect([server.executedMutations, server.rejections, server.errorsLogged]).toEqual([0, ['limit'], []]);
    socket.close();
    await once(socket, 'close');
  });

  it('is rejected with status 200 in application/json, like every GraphQL error', async () => {
    const response = await server.post(json(floods[0]?.[1] ?? {}), 'application/json');
    expect([response.status, ((await response.json()) as ResponseBody).errors?.[0]?.message]).toEqual([
      200,
      'Operation exceeds the limit of 1000 tokens. Reduce it or split it.',
    ]);
  });

  it('differs from an invalid operation, for which a few errors are reported and no limit is counted', async () => {
    const response = await server.post({ query: `{ ${times(400, (index) => `x${index}`)} }` }, 'application/json');
    const { errors } = (await response.json()) as ResponseBody;
    expect(errors).toHaveLength(6);
    expect(errors?.at(-1)?.message).toMatch(/^Too many validation errors/);
    expect(server.rejections).toEqual([]);
  });
});

describe('JSON keys that name prototypes', () => {
  const poisoned = '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}';
  const query = 'mutation { count }';

  afterEach(() => {
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(server.errorsLogged).toEqual([]);
  });

  it.each(['variables', 'extensions'])('are rejected in the %s of a body', async (part) => {
    const response = await server.post(`{"query":"${query}","${part}":${poisoned}}`, 'application/json');
    expect([response.status, server.executedMutations]).toEqual([400, 0]);
  });

  it.each(['variables', 'extensions'])('have no effect in the %s of a URL', async (part) => {
    const accepts = ['text/event-stream', 'application/json'];
    for (const accept of accepts) {
      const parameters = new URLSearchParams({ query: '{ hello }', [part]: poisoned }).toString();
      const response = await fetch(`${server.url}/graphql?${parameters}`, {
        headers: { accept, 'apollo-require-preflight': 'yes' },
      });
      expect(await response.text()).toContain('world');
    }
  });

  it('have no effect over a WebSocket', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(`{"type":"connection_init","payload":${poisoned}}`);
    await once(socket, 'message');
    socket.send(
      `{"type":"subscribe","id":"__proto__","payload":{"query":"{ hello }","variables":${poisoned},"extensions":${poisoned}}}`,
    );
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data.toString()).toContain('world');
    socket.close();
    await once(socket, 'close');
  });

  it('are rejected as unknown fields of an input', async () => {
    const at = 'subscription ($point: Point!) { at(point: $point) }';
    const parameters = { query: at, variables: '{"point":{"x":1,"y":2,"__proto__":{"x":3}}}' };
    expect(await (await server.get(parameters)).text()).toContain('has a field that its type does not define');
  });
});
