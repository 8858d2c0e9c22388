import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TcpProxy } from './tcp-proxy.js';

let echo: Server;
let heard: string;
let proxy: TcpProxy;

beforeEach(async () => {
  heard = '';
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard += bytes.toString();
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
  // The end of a test resets those that it left open.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function said(socket: Socket, words: string): Promise<string> {
  socket.write(words);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

const RESET = { code: 'ECONNRESET' };

describe('the proxy', () => {
  it('passes bytes both ways, and the end', async () => {
    const socket = await connected();
    expect(await said(socket, 'hello')).toBe('hello');
    socket.end();
    await once(socket, 'close');
  });

  it('resets all connections', async () => {
    const sockets = await Promise.all([connected(), connected()]);
    await Promise.all(sockets.map((socket) => said(socket, 'hello')));
    const errors = sockets.map((socket) => once(socket, 'error'));
    proxy.cutAll();
    expect(await Promise.all(errors)).toMatchObject([[RESET], [RESET]]);
    expect(await said(await connected(), 'again')).toBe('again');
  });

  it('refuses new connections and keeps the old', async () => {
    const old = await connected();
    expect(await said(old, 'hello')).toBe('hello');
    proxy.refuse();
    const [error] = (await once(connect(proxy.port, '127.0.0.1'), 'error')) as [Error];
    expect(error).toMatchObject(RESET);
    expect(await said(old, 'still')).toBe('still');
    proxy.accept();
    expect(await said(await connected(), 'again')).toBe('again');
  });

  it('holds bytes back while it is frozen', async () => {
    const old = await connected();
    expect(await said(old, 'hello')).toBe('hello');
    proxy.freeze();
    const answers = [said(old, ' old'), said(await connected(), ' new')];
    expect(await Promise.race([...answers, sleep(100, 'silence')])).toBe('silence');
    expect(heard).toBe('hello');
    proxy.thaw();
    expect(await Promise.all(answers)).toEqual([' old', ' new']);
  });

  it('loses the answer to work that was done', async () => {
    const socket = await connected();
    const lost = proxy.loseAnswer((bytes) => bytes.includes('COMMIT'));
    expect(await said(socket, 'BEGIN')).toBe('BEGIN');
    socket.write('COMMIT');
    expect(await once(socket, 'error')).toMatchObject([RESET]);
    await lost;
    expect(heard).toBe('BEGINCOMMIT');
    expect(await said(await connected(), 'COMMIT')).toBe('COMMIT');
  });

  it('fails connections whose server is gone', async () => {
    const gone = await TcpProxy.start({ host: '127.0.0.1', port: 1 });
    expect(await once(connect(gone.port, '127.0.0.1'), 'error')).toMatchObject([RESET]);
    await gone.close();
  });
});
