import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VerifiedTokens } from '../../src/identity/verified-tokens.js';
import { caller } from '../support/callers.js';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a token that was found valid', () => {
  it('is its caller for a minute', () => {
    const tokens = new VerifiedTokens();
    const shop = caller('shop', { expiresAt: new Date(3_600_000) });
    tokens.add('a.b.c', shop);
    jest.setSystemTime(59_999);
    expect(tokens.find('a.b.c')).toBe(shop);
    expect(tokens.find('a.b.d')).toBeUndefined();
    jest.setSystemTime(60_000);
    expect(tokens.find('a.b.c')).toBeUndefined();
  });

  it('is nobody from its end on', () => {
    const tokens = new VerifiedTokens();
    tokens.add('a.b.c', caller('shop', { expiresAt: new Date(1_000) }));
    jest.setSystemTime(999);
    expect(tokens.find('a.b.c')).toBeDefined();
    jest.setSystemTime(1_000);
    expect(tokens.find('a.b.c')).toBeUndefined();
  });

  it('is forgotten before memory fills, with what was found first', () => {
    const tokens = new VerifiedTokens();
    for (let token = 0; token <= 10_000; token += 1) tokens.add(String(token), caller('shop'));
    expect(tokens.find('0')).toBeUndefined();
    expect(tokens.find('1')).toBeDefined();
    expect(tokens.find('10000')).toBeDefined();
  });
});
