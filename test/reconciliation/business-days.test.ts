import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BusinessDays, isDay } from '../../src/reconciliation/business-days.js';

const HOUR_MS = 3_600_000;
const toronto = new BusinessDays('America/Toronto');

describe('business days', () => {
  it.each([
    ['2026-06-04', '2026-06-04T04:00:00.000Z', 24],
    ['2026-01-04', '2026-01-04T05:00:00.000Z', 24],
    ['2026-03-08', '2026-03-08T05:00:00.000Z', 23],
    ['2026-11-01', '2026-11-01T04:00:00.000Z', 25],
  ])('on %s begin at %s and have %d hours', (day, begin, hours) => {
    const { from, until } = toronto.boundsOf(day);
    expect(from.toISOString()).toBe(begin);
    expect((until.getTime() - from.getTime()) / HOUR_MS).toBe(hours);
  });

  it('follow each other without a gap, and contain every instant exactly once', () => {
    const zones = fc.constantFrom('America/Toronto', 'America/St_Johns', 'UTC', 'Pacific/Apia', 'Africa/Cairo');
    const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, times, (zone, at) => {
        const days = new BusinessDays(zone);
        const { from, until } = days.boundsOf(days.dayOf(at));
        expect(from.getTime()).toBeLessThanOrEqual(at.getTime());
        expect(until.getTime()).toBeGreaterThan(at.getTime());
        expect(days.dayOf(until)).not.toBe(days.dayOf(at));
      }),
    );
  });

  it('convert a local time correctly where the clocks change', () => {
    const at = (time: string) => toronto.instantOf(time).toISOString();
    expect(at('2026-06-04T14:30')).toBe('2026-06-04T18:30:00.000Z');
    expect(at('2026-03-08T02:30')).toBe('2026-03-08T07:30:00.000Z');
    expect(at('2026-11-01T01:30')).toBe('2026-11-01T05:30:00.000Z');
  });

  it('are counted across the ends of months and years', () => {
    expect(toronto.dayBefore('2026-03-01')).toBe('2026-02-28');
    expect([...toronto.between('2026-12-30', '2027-01-02')]).toEqual([
      '2026-12-30',
      '2026-12-31',
      '2027-01-01',
      '2027-01-02',
    ]);
  });

  it('are written as YYYY-MM-DD and have to exist', () => {
    const texts = ['2026-06-04', '2024-02-29', '2026-02-29', '2026-13-01', '2026-6-4', '20260604', ' 2026-06-04', ''];
    expect(texts.filter(isDay)).toEqual(['2026-06-04', '2024-02-29']);
  });
});
