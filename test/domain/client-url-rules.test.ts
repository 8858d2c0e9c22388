import { describe, expect, it } from '@jest/globals';
import { hasPublicName, isOfOrigins } from '../../src/domain/client-url-rules.js';

describe('a client URL', () => {
  it.each([
    ['https://shop.example/pay', true],
    ['https://shop.example./', true],
    ['https://xn--bcher-kva.example', true],
    ['https://1.shop.example', true],
    ['https://localhost', false],
    ['https://localhost./', false],
    ['https://shop.localhost', false],
    ['https://shop.localhost.', false],
    ['https://intranet/pay', false],
    ['https://127.0.0.1', false],
    ['https://2130706433', false],
    ['https://0x7f.1', false],
    ['https://0177.0.0.1', false],
    ['https://8.8.8.8', false],
    ['https://8.8.8.8.', false],
    ['https://[::1]', false],
    ['https://[::ffff:7f00:1]', false],
    ['no URL, which others report', true],
  ])('passes the check for a public host name: %s: %p', (url, expected) => {
    expect(hasPublicName(url)).toBe(expected);
  });

  it.each([
    ['https://shop.example', true],
    ['https://SHOP.example:443/pay?a=b', true],
    ['https://other.example:8443/', true],
    ['https://other.example/', false],
    ['http://shop.example/', false],
    ['https://shop.example./', false],
    ['https://shop.example.evil.example/', false],
    ['https://evil.example/https://shop.example', false],
    ['https://www.shop.example/', false],
    ['https://shop.example:4443/', false],
    ['https://evil.example#@shop.example, which others report', true],
  ])('passes the check for a listed origin: %s: %p', (url, expected) => {
    expect(isOfOrigins(url, ['https://shop.example', 'https://other.example:8443'])).toBe(expected);
  });
});
