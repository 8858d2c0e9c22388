import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMoney, decimalText, hasTooManyDecimals, isPlainDecimal, minorUnits } from '../../src/domain/money.js';

describe('an amount of money', () => {
  it.each([
    ['0.01', 1],
    ['1', 100],
    ['250.1', 25_010],
    ['250.10', 25_010],
    ['0', 0],
    ['9999999999999.99', 999_999_999_999_999],
  ])('is read from %s as whole cents', (text, cents) => {
    expect(createMoney(text, 'CAD')).toEqual({ amountMinor: cents, currency: 'CAD' });
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '1e2',
    '1,000',
    '.5',
    '5.',
    '01',
    '0x1',
    '١',
    '1.2.3',
    'NaN',
    'Infinity',
    '1_0',
  ])('is not accepted as a plain decimal when written as %p', (text) => {
    expect(isPlainDecimal(text)).toBe(false);
  });

  it('is written exactly as it was read', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000_000_000 }), (cents) => {
        expect(minorUnits(decimalText(cents))).toBe(cents);
      }),
    );
  });

  it('is rejected when it cannot be represented exactly', () => {
    expect(hasTooManyDecimals('1.001')).toBe(true);
    expect(() => createMoney('1.001', 'CAD')).toThrow(RangeError);
    expect(() => createMoney('99999999999999', 'CAD')).toThrow(RangeError);
    expect(() => createMoney('x', 'CAD')).toThrow(TypeError);
  });
});
