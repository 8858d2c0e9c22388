import { once } from 'node:events';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HTTP_LIMITS, RECEIVE_TIMEOUT_MS, malformedRequestResponse } from '../../src/server/http/node-http-options.js';
import { MAX_REQUEST_BYTES } from '../../src/server/request/transport-limits.js';
import { until } from '../support/until.js';
import { StreamingServer } from './streaming-server.js';

let server: StreamingServer;
let socket: Socket;

beforeEach(async () => {
  server = await StreamingServer.start();
  socket = await server.connect();
});
afterEach(async () => {
  socket.destroy();
  await server.stop();
});

const HEAD = 'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n';

describe('an HTTP request', () => {
  it.each([
    ['one', `x-large: ${'x'.repeat(HTTP_LIMITS.maxHeaderSize)}\r\n`],
    ['many', Array.from({ length: 3_000 }, (_, index) => `x-${index}: 1\r\n`).join('')],
  ])('with headers that are too large gets 431: %s', async (_description, headers) => {
    socket.write(`${HEAD}${headers}\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('with a URL that is too long gets 431', async () => {
    socket.write(`GET /graphql?query=${'x'.repeat(HTTP_LIMITS.maxHeaderSize)} HTTP/1.1\r\nhost: gateway\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it.each([
    ['not HTTP', 'nonsense\r\n\r\n'],
    ['two lengths', `${HEAD}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`],
    ['a length and chunks', `${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk without a size', `${HEAD}transfer-encoding: chunked\r\n\r\nxyz\r\n`],
    ['a header with a line break in it', `${HEAD}x-a: b\rc: d\r\n\r\n`],
  ])('that is malformed gets 400, and no later one on the connection is executed: %s', async (_description, bytes) => {
    socket.write(`${bytes}${HEAD}content-length: 2\r\n\r\n{}`);
    const response = await text(socket);
    expect(response.match(/HTTP\/1\.1 (?!400)/)).toBeNull();
  });

  it('that declares a body beyond the limit is rejected before the body is sent', async () => {
    socket.write(`${HEAD}content-length: ${MAX_REQUEST_BYTES + 1}\r\n\r\n{`);
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('that never ends is cut off at the size limit', async () => {
    socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
    let sent = 0;
    let response = '';
    socket.on('data', (data: Buffer) => (response += data.toString())).on('error', () => undefined);
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    while (!socket.closed && sent < 100 * MAX_REQUEST_BYTES) {
      sent += chunk.length;
      socket.write(chunk);
      await until(() => socket.closed || !socket.writableNeedDrain);
    }
    await until(() => socket.closed);
    expect(response).toMatch(/^HTTP\/1\.1 413 /);
    expect([server.executedMutations, server.errorsLogged]).toEqual([0, []]);
  });

  it('whose headers are late gets 408', async () => {
    server.shortenTimeouts();
    socket.write('POST /graphql HTTP/1.1\r\nhost: gate');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('whose body is late is cut off without being processed', async () => {
    server.shortenTimeouts();
    socket.write(`${HEAD}content-length: 100\r\n\r\n{`);
    expect(await text(socket)).toBe('');
    expect([server.executedMutations, server.errorsLogged]).toEqual([0, []]);
  });

  it('that stalls does not delay other requests', async () => {
    const idle = await Promise.all(Array.from({ length: 200 }, () => server.connect()));
    for (const each of idle) each.write('P');
    expect(await (await server.post({ query: '{ hello }' }, 'application/json')).text()).toContain('world');
    for (const each of idle) each.destroy();
  });

  it('has time limits that Node checks often enough', () => {
    expect(HTTP_LIMITS.headersTimeout).toBeLessThan(RECEIVE_TIMEOUT_MS);
    expect(HTTP_LIMITS.connectionsCheckingInterval).toBeLessThan(HTTP_LIMITS.headersTimeout);
    expect(malformedRequestResponse('ERR_HTTP_REQUEST_TIMEOUT')).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\nconnection: close\r\n/,
    );
  });
});
