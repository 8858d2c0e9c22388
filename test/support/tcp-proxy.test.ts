import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TcpProxy } from './tcp-proxy.js';

let echo: Server;
let received: string;
let proxy: TcpProxy;

beforeEach(async () => {
  received = '';
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received += bytes.toString();
      socket.write(bytes);
    });
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.start({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
});

afterEach(async () => {
  await proxy.close();
  echo.close();
  await once(echo, 'close');
});

async function connected(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  // Sockets that a test leaves open are reset at its end.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function echoed(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

const RESET = { code: 'ECONNRESET' };

describe('the proxy', () => {
  it('forwards bytes and the end of the stream in both directions', async () => {
    const socket = await connected();
    expect(await echoed(socket, 'hello')).toBe('hello');
    socket.end();
    await once(socket, 'close');
  });

  it('resets all connections', async () => {
    const sockets = await Promise.all([connected(), connected()]);
    await Promise.all(sockets.map((socket) => echoed(socket, 'hello')));
    const errors = sockets.map((socket) => once(socket, 'error'));
    proxy.cutAll();
    expect(await Promise.all(errors)).toMatchObject([[RESET], [RESET]]);
    expect(await echoed(await connected(), 'again')).toBe('again');
  });

  it('rejects new connections and keeps existing ones', async () => {
    const old = await connected();
    expect(await echoed(old, 'hello')).toBe('hello');
    proxy.refuse();
    const [error] = (await once(connect(proxy.port, '127.0.0.1'), 'error')) as [Error];
    expect(error).toMatchObject(RESET);
    expect(await echoed(old, 'still')).toBe('still');
    proxy.accept();
    expect(await echoed(await connected(), 'again')).toBe('again');
  });

  it('holds back bytes while it is frozen', async () => {
    const old = await connected();
    expect(await echoed(old, 'hello')).toBe('hello');
    proxy.freeze();
    const replies = [echoed(old, ' old'), echoed(await connected(), ' new')];
    expect(await Promise.race([...replies, sleep(100, 'silence')])).toBe('silence');
    expect(received).toBe('hello');
    proxy.thaw();
    expect(await Promise.all(replies)).toEqual([' old', ' new']);
  });

  it('loses the response to a request that was executed', async () => {
    const socket = await connected();
    const lost = proxy.loseResponse((bytes) => bytes.includes('COMMIT'));
    expect(await echoed(socket, 'BEGIN')).toBe('BEGIN');
    socket.write('COMMIT');
    expect(await once(socket, 'error')).toMatchObject([RESET]);
    await lost;
    expect(received).toBe('BEGINCOMMIT');
    expect(await echoed(await connected(), 'COMMIT')).toBe('COMMIT');
  });

  it('resets connections to a server that does not exist', async () => {
    const unreachable = await TcpProxy.start({ host: '127.0.0.1', port: 1 });
    expect(await once(connect(unreachable.port, '127.0.0.1'), 'error')).toMatchObject([RESET]);
    await unreachable.close();
  });
});
