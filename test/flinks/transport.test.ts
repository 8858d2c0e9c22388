import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Pool } from 'undici';
import { Deadline } from '../../src/lib/deadline.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { Transport } from '../../src/flinks/transport.js';
import type { WireRequest } from '../../src/flinks/transport.js';
import { deferred } from '../support/deferred.js';
import { HttpsServer } from '../support/https-server.js';

const REQUEST: WireRequest = { method: 'POST', path: '/x', headers: {}, body: new Sensitive('{"amount":250.10}') };
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';

let server: Server | undefined;
let transport: Transport;
const sockets: Socket[] = [];

/** Starts a server that calls `onData` for each chunk of bytes, and connects the transport to it. */
async function listen(onData: (socket: Socket, text: string) => void): Promise<void> {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).on('data', (bytes) => onData(socket, bytes.toString()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  connectTo((server.address() as AddressInfo).port);
}

function connectTo(port: number, connections = 4): void {
  transport = new Transport(`http://127.0.0.1:${port}`, connections, 1_000);
}

/** Connects the transport to the server that listens, by one connection at a time. */
function connectOnce(): void {
  connectTo((server?.address() as AddressInfo).port, 1);
}

const exchange = (ms = 1_000, request = REQUEST) => transport.exchange(request, Deadline.after(ms));

afterEach(async () => {
  await transport.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
  server = undefined;
});

describe('an HTTP exchange with Flinks', () => {
  it('returns the status, the body and Retry-After', async () => {
    await listen((socket) => socket.write('HTTP/1.1 429 X\r\nretry-after: 3\r\ncontent-length: 2\r\n\r\nno'));
    expect(await exchange()).toEqual({ kind: 'responded', status: 429, retryAfter: '3', body: 'no' });
  });

  it('is reported as not executed when nothing listens on the port', async () => {
    await listen(() => undefined);
    const { port } = server?.address() as AddressInfo;
    server?.close();
    connectTo(port);
    expect(await exchange()).toMatchObject({
      kind: 'not-executed',
      reason: 'no-connection',
      detail: expect.stringMatching(/^E/),
    });
  });

  it('is reported as not executed when the TLS handshake fails', async () => {
    await listen((socket) => socket.end('nonsense'));
    transport = new Transport(`https://127.0.0.1:${(server?.address() as AddressInfo).port}`, 1, 1_000);
    expect(await exchange()).toMatchObject({
      kind: 'not-executed',
      reason: 'no-connection',
      detail: expect.stringMatching(/^E/),
    });
  });

  it('never sends its request when its deadline passes while it waits for a connection', async () => {
    const received: string[] = [];
    await listen((socket, text) => {
      received.push(text);
      setTimeout(() => socket.write(OK), 300);
    });
    connectOnce();
    const first = exchange();
    expect(await exchange(50)).toMatchObject({ kind: 'not-executed', reason: 'deadline' });
    await first;
    expect(await exchange()).toMatchObject({ kind: 'responded' });
    expect(received).toHaveLength(2);
  });

  it('never sends its request when its deadline passes during the TLS handshake', async () => {
    const handshake = deferred<undefined>();
    const https = await HttpsServer.start(handshake.promise);
    try {
      transport = new Transport(https.origin, 1, 5_000);
      expect(await exchange(50)).toMatchObject({ kind: 'not-executed', reason: 'deadline' });
      handshake.resolve(undefined);
      expect(await exchange(5_000)).toMatchObject({ kind: 'responded' });
      expect(https.versions).toHaveLength(1);
    } finally {
      await https.stop();
    }
  });

  it('never sends its request when the transport closes while it waits for a connection', async () => {
    const received: string[] = [];
    const arrived = deferred<undefined>();
    await listen((_socket, text) => {
      received.push(text);
      arrived.resolve(undefined);
    });
    connectOnce();
    const [sent, waiting] = [exchange(), exchange()];
    await arrived.promise;
    await transport.close();
    expect(await sent).toMatchObject({ kind: 'unknown' });
    expect(await waiting).toMatchObject({ kind: 'not-executed' });
    expect(received).toHaveLength(1);
  });

  it('never sends its request when it starts after its deadline', async () => {
    const received: string[] = [];
    await listen((_socket, text) => received.push(text));
    expect(await exchange(0)).toMatchObject({ kind: 'not-executed', reason: 'deadline' });
    expect(sockets).toEqual([]);
    expect(received).toEqual([]);
  });

  it('has an unknown outcome when the connection is cut', async () => {
    await listen((socket) => socket.destroy());
    expect(await exchange()).toMatchObject({ kind: 'unknown' });
  });

  it('has an unknown outcome when the connection is cut before all of the request is sent', async () => {
    const body = new Sensitive('x'.repeat(8_000_000));
    let received = 0;
    await listen((socket, text) => {
      received += text.length;
      socket.resetAndDestroy();
    });
    expect(await exchange(1_000, { ...REQUEST, body })).toMatchObject({ kind: 'unknown' });
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(8_000_000);
  });

  it.each([REQUEST, { method: 'GET', path: '/x', headers: {} }] satisfies WireRequest[])(
    'is not repeated when a connection that was kept alive is cut ($method)',
    async (request) => {
      const received: string[] = [];
      await listen((socket, text) => {
        received.push(text);
        if (received.length === 1) socket.write(OK);
        else socket.destroy();
      });
      connectOnce();
      expect(await exchange(1_000, request)).toMatchObject({ kind: 'responded' });
      expect(await exchange(1_000, request)).toMatchObject({ kind: 'unknown' });
      expect(received).toHaveLength(2);
      expect(sockets).toHaveLength(1);
    },
  );

  it('has an unknown outcome when no response arrives in time', async () => {
    await listen(() => undefined);
    expect(await exchange(50)).toEqual({ kind: 'unknown', reason: 'deadline' });
  });

  it('has an unknown outcome when the response is not HTTP', async () => {
    await listen((socket) => socket.write('hello there\r\n\r\n'));
    expect(await exchange()).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['ends early', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}')],
    ['does not arrive in time', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}')],
    ['is too large', (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(70_000)}`)],
  ])('returns the status without a body when the body %s', async (_problem, respond) => {
    await listen(respond);
    expect(await exchange(200)).toEqual({ kind: 'responded', status: 200, retryAfter: undefined, body: undefined });
  });

  it('sends the amount exactly as it was written', async () => {
    const bodies: string[] = [];
    await listen((socket, text) => {
      bodies.push(text);
      socket.write(OK);
    });
    await exchange();
    expect(bodies.join('')).toContain('{"amount":250.10}');
  });
});

describe('a connection to Flinks', () => {
  async function countConnections(request: WireRequest, idleMs: number): Promise<number> {
    await listen((socket) => socket.write(OK));
    await exchange(1_000, request);
    await Deadline.after(idleMs).race(once(sockets[0] as Socket, 'close'), []);
    await exchange(1_000, request);
    return sockets.length;
  }

  it('is kept alive between requests', async () => {
    expect(await countConnections(REQUEST, 0)).toBe(1);
  });

  it('is replaced when the server has closed it', async () => {
    await listen((socket) => socket.write(OK));
    await exchange();
    const closed = once(sockets[0] as Socket, 'close');
    sockets[0]?.end();
    await closed;
    expect(await exchange()).toMatchObject({ kind: 'responded' });
    expect(sockets).toHaveLength(2);
  });

  it('uses HTTP/1.1 with a server that prefers HTTP/2, which undici would use', async () => {
    const https = await HttpsServer.start();
    const byDefault = new Pool(https.origin);
    try {
      transport = new Transport(https.origin, 1, 1_000);
      expect(await exchange()).toMatchObject({ kind: 'responded' });
      await (await byDefault.request({ method: 'GET', path: '/' })).body.dump();
      expect(https.versions).toEqual(['1.1', '2.0']);
    } finally {
      await byDefault.destroy();
      await https.stop();
    }
  });

  it('is replaced by a fresh one for a send after idling', async () => {
    expect(await countConnections({ ...REQUEST, fresh: true }, 3_500)).toBe(2);
  });
});
