import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TokenCache } from '../../src/identity/jwt/jwt-authenticator.js';
import { apiClient } from '../support/api-clients.js';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('TokenCache', () => {
  it('returns the client of a valid token for one minute', () => {
    const tokens = new TokenCache();
    const shop = apiClient('shop', { expiresAt: new Date(3_600_000) });
    tokens.add('a.b.c', 1, shop);
    jest.setSystemTime(59_999);
    expect(tokens.find('a.b.c', 1)).toBe(shop);
    expect(tokens.find('a.b.d', 1)).toBeUndefined();
    jest.setSystemTime(60_000);
    expect(tokens.find('a.b.c', 1)).toBeUndefined();
  });

  it('returns nothing for a token that has expired', () => {
    const tokens = new TokenCache();
    tokens.add('a.b.c', 1, apiClient('shop', { expiresAt: new Date(1_000) }));
    jest.setSystemTime(999);
    expect(tokens.find('a.b.c', 1)).toBeDefined();
    jest.setSystemTime(1_000);
    expect(tokens.find('a.b.c', 1)).toBeUndefined();
  });

  it('returns nothing for a token that was verified with an earlier generation of keys', () => {
    const tokens = new TokenCache();
    tokens.add('a.b.c', 1, apiClient('shop'));
    expect(tokens.find('a.b.c', 2)).toBeUndefined();
  });

  it('drops the oldest tokens when it is full', () => {
    const tokens = new TokenCache();
    for (let token = 0; token <= 10_000; token += 1) tokens.add(String(token), 1, apiClient('shop'));
    expect(tokens.find('0', 1)).toBeUndefined();
    expect(tokens.find('1', 1)).toBeDefined();
    expect(tokens.find('10000', 1)).toBeDefined();
  });
});
