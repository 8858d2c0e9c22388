import { describe, expect, it } from '@jest/globals';
import { CallbackHostPolicy } from '../../src/server/subscriptions/callbacks/callback-destination.js';

const HOSTS = [
  { hostname: 'router.example', port: undefined, unencrypted: false },
  { hostname: 'ported.example', port: 4000, unencrypted: false },
  { hostname: 'router.internal', port: 4000, unencrypted: true },
  { hostname: '127.0.0.1', port: 4000, unencrypted: false },
  { hostname: '[::1]', port: 4000, unencrypted: false },
];

describe('the callback host policy', () => {
  it.each<[url: string, outside: boolean, production: boolean]>([
    ['https://router.example/callback/1?a=b', true, true],
    ['https://ROUTER.example:443/', true, true],
    ['http://router.example/', true, false],
    ['http://router.example:443/', false, false],
    ['https://router.example:4000/', false, false],
    ['https://ported.example:4000/', true, true],
    ['https://ported.example/', false, false],
    ['http://ported.example:4000/', true, false],
    ['http://router.internal:4000/', true, true],
    ['https://router.internal:4000/', true, true],
    ['http://router.internal/', false, false],
    ['http://127.0.0.1:4000/', true, true],
    ['http://[::1]:4000/', true, true],
    ['http://[0:0::1]:4000/', true, true],
    ['http://localhost:4000/', false, false],
    ['http://127.0.0.2:4000/', false, false],
    ['http://[::ffff:127.0.0.1]:4000/', false, false],
    ['http://[::1%25lo]:4000/', false, false],
    ['http://2130706434:4000/', false, false],
    ['http://0x7f000002:4000/', false, false],
    ['http://0177.0.0.2:4000/', false, false],
    ['http://127.2:4000/', false, false],
    ['http://0:4000/', false, false],
    ['http://169.254.169.254/', false, false],
    ['http://router.example./', false, false],
    ['http://router%2eexample/', true, false],
    ['http://router。example/', true, false],
    ['https://router.example.evil.example/', false, false],
    ['https://evil.example/router.example', false, false],
    ['https://evil.example#@router.example/', false, false],
    ['https://me@router.example/', false, false],
    ['https://:pass@router.example/', false, false],
    ['https:\\\\router.example\\callback', true, true],
    ['ws://router.example/', false, false],
    ['router.example', false, false],
    ['', false, false],
  ])('allows %j: %p, in production: %p', (url, outside, production) => {
    expect(new CallbackHostPolicy(HOSTS, false).isAllowed(url)).toBe(outside);
    expect(new CallbackHostPolicy(HOSTS, true).isAllowed(url)).toBe(production);
  });
});
