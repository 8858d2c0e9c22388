import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { HttpsServer } from '../support/https-server.js';
import type { Callback } from '../../src/server/subscriptions/callbacks/registration.js';
import { CallbackAddressPolicy } from '../../src/server/subscriptions/callbacks/callback-destination.js';
import { CallbackEndpoint } from '../../src/server/subscriptions/callbacks/callback-endpoint.js';
import { Sensitive } from '../../src/domain/sensitive.js';

/** The addresses that the stubbed DNS returns for every name. */
let addresses: readonly string[];
let resolvedNames: string[];
const resolve = (hostname: string) => {
  resolvedNames.push(hostname);
  return Promise.resolve(addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 })));
};

beforeEach(() => {
  [addresses, resolvedNames] = [[], []];
});

/** The permitted addresses of a name, or the name of the error. */
function lookup(hostname: string, networks: readonly string[] = [], production = true): Promise<unknown> {
  return new Promise((resolveWith) => {
    new CallbackAddressPolicy(networks, production, resolve).lookup(hostname, { all: true }, (error, found) =>
      resolveWith(error?.name ?? (found as { address: string }[]).map(({ address }) => address)),
    );
  });
}

describe('the callback address policy', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])(
    'allows the public address %s',
    async (address) => {
      addresses = [address];
      expect(await lookup('router.example')).toEqual([address]);
    },
  );

  it.each([
    '::a00:1',
    '100:0:0:1::1',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '2002:7f00:1::',
    '2001::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
  ])('rejects the local, private or reserved address %s', async (address) => {
    addresses = [address];
    expect(await lookup('router.example')).toBe('AddressNotAllowedError');
  });

  it.each([
    ['8.8.8.8', '10.0.0.1'],
    ['127.0.0.1', '8.8.8.8'],
    ['2606:4700::1', '::1'],
  ])('rejects a name that resolves to both %s and %s', async (...all) => {
    addresses = all;
    expect(await lookup('router.example')).toBe('AddressNotAllowedError');
  });

  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '11.0.0.0/8', true],
    ['192.168.0.1', '10.0.0.0/8', false],
    ['fd00::1', 'fd00::/8', true],
    ['fd00::1', '10.0.0.0/8', false],
    ['10.1.2.3', 'fd00::/8', false],
  ])('allows %s in the configured network %s: %p', async (address, network, allowed) => {
    addresses = [address];
    expect(await lookup('router.internal', [network])).toEqual(allowed ? [address] : 'AddressNotAllowedError');
  });

  it('allows the loopback addresses of localhost, outside production only', async () => {
    addresses = ['::1', '127.0.0.1'];
    expect(await lookup('localhost', [], false)).toEqual(addresses);
    expect(await lookup('localhost', [], true)).toBe('AddressNotAllowedError');
    expect(await lookup('router.example', [], false)).toBe('AddressNotAllowedError');
  });

  it('rejects a name that does not resolve', async () => {
    expect(await lookup('router.example')).toBe('Error');
  });
});

describe('a callback', () => {
  let server: Server;
  let port: number;
  let requests: string[];
  let log: string;
  let endpoint: CallbackEndpoint;

  const callback = (url: string): Callback => ({
    url: new Sensitive(url),
    subscriptionId: 'id',
    verifier: new Sensitive('verifier'),
    heartbeatIntervalMs: 0,
  });

  beforeEach(async () => {
    [requests, log] = [[], ''];
    server = createServer((request, response) => {
      requests.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
      // Each response closes its connection, so that the next request looks up the name again.
      const isRedirect = request.url === '/moved';
      response
        .writeHead(isRedirect ? 307 : 204, { connection: 'close', ...(isRedirect ? { location: '/elsewhere' } : {}) })
        .end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    const logger = pino({}, { write: (line: string) => (log += line) });
    endpoint = new CallbackEndpoint(new CallbackAddressPolicy([], false, resolve), logger);
  });

  afterEach(async () => {
    await endpoint.close();
    server.close();
  });

  it('is sent to the checked address, whatever the host resolves to elsewhere', async () => {
    addresses = ['127.0.0.1'];
    expect(await endpoint.firstCheck(callback(`http://localhost:${port}/a`))).toBe(204);
    expect([requests, resolvedNames]).toEqual([[`localhost:${port}/a`], ['localhost']]);
  });

  it('is not sent when the host resolves to an address that is not allowed', async () => {
    addresses = ['127.0.0.1'];
    expect(await endpoint.firstCheck(callback(`http://router.example:${port}/secret`))).toBe('not-allowed');
    expect(requests).toEqual([]);
    expect(log).toContain('the host of a callback URL resolves to an address that is not allowed');
    expect(log).not.toMatch(/secret|router\.example/);
  });

  it('is not sent after the host resolves to another address than at the first check', async () => {
    addresses = ['127.0.0.1'];
    const to = callback(`http://localhost:${port}/`);
    expect(await endpoint.firstCheck(to)).toBe(204);
    addresses = ['10.0.0.1'];
    expect(await endpoint.post(to, { action: 'check' })).toBeUndefined();
    addresses = ['127.0.0.1', '169.254.169.254'];
    expect(await endpoint.post(to, { action: 'check' })).toBeUndefined();
    expect(requests).toHaveLength(1);
    addresses = ['127.0.0.1'];
    expect(await endpoint.post(to, { action: 'check' })).toBe(204);
  });

  it('is sent by HTTP/1.1 to a router that prefers HTTP/2', async () => {
    const router = await HttpsServer.start();
    try {
      addresses = ['127.0.0.1'];
      expect(await endpoint.firstCheck(callback(router.origin))).toBe(200);
      expect(router.versions).toEqual(['1.1']);
    } finally {
      await router.stop();
    }
  });

  it('follows no redirect', async () => {
    addresses = ['127.0.0.1'];
    expect(await endpoint.firstCheck(callback(`http://localhost:${port}/moved`))).toBe(307);
    expect(requests).toEqual([`localhost:${port}/moved`]);
  });

  it('to an IP address needs no name resolution', async () => {
    expect(await endpoint.firstCheck(callback(`http://127.0.0.1:${port}/`))).toBe(204);
    expect(resolvedNames).toEqual([]);
  });
});
