import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalText } from '../../src/domain/money.js';
import { readAmount, readTime } from '../../src/reconciliation/file/amounts-and-times.js';
import { TORONTO } from './daily-files.js';

describe('an amount in a daily file', () => {
  it.each([
    ['250.10', 25_010],
    ['250.1', 25_010],
    ['250', 25_000],
    ['0.05', 5],
    ['250,10', 25_010],
    ['1,234.50', 123_450],
    ['1 234,50', 123_450],
    ['1\u00a0234,50\u00a0$', 123_450],
    ['$1,234,567.89', 123_456_789],
    ['99999999999.99', 9_999_999_999_999],
  ])('is read from "%s"', (text, cents) => {
    expect(readAmount(text)).toBe(cents);
  });

  it.each(['', '12,3x', '-1.00', '(1.00)', '1e2', '1,234', '1.234,50', '1.005', '007.00', '.50', '1.', '12,34,567.00'])(
    'is not guessed from "%s"',
    (text) => {
      expect(readAmount(text)).toBeUndefined();
    },
  );

  it('is read exactly for every number of cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999_999 }), (cents) => {
        expect(readAmount(decimalText(cents))).toBe(cents);
        expect(readAmount(`$${decimalText(cents).replace(/\B(?=(\d{3})+\.)/g, ',')}`)).toBe(cents);
      }),
    );
  });
});

describe('a time in a daily file', () => {
  it.each([
    ['2026-06-04T14:30:00Z', '2026-06-04T14:30:00.000Z'],
    ['2026-06-04T14:30:00.1234567Z', '2026-06-04T14:30:00.123Z'],
    ['2026-06-04 14:30:00 UTC', '2026-06-04T14:30:00.000Z'],
    ['2026-06-04T14:30-04:00', '2026-06-04T18:30:00.000Z'],
    ['2026-06-04T14:30:00-0400', '2026-06-04T18:30:00.000Z'],
    ['2026-06-04 14:30', '2026-06-04T18:30:00.000Z'],
    ['2026-06-04', '2026-06-04T16:00:00.000Z'],
  ])('is read from "%s"', (text, at) => {
    expect(readTime(text, TORONTO)?.toISOString()).toBe(at);
  });

  it.each(['', '04/06/2026', '2026-02-30', '2026-06-04T25:00', '2026-06-04T14:61', 'June 4, 2026', '1780000000'])(
    'is not guessed from "%s"',
    (text) => {
      expect(readTime(text, TORONTO)).toBeUndefined();
    },
  );
});
