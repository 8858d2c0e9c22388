import { describe, expect, it } from '@jest/globals';
import { isPolled, nextCheckAt, pollIntervalMs, staleInMs } from '../../src/domain/poll-schedule.js';

const STALE_AFTER_MS = 30_000;
const NOW_MS = 1_700_000_000_000;
const OPEN = { status: 'INITIATED', hasFlinksId: true } as const;
const update = { isApplied: false, at: NOW_MS, nextCheckInMs: undefined, scheduledAt: null };
const since = (ms: number) => new Date(NOW_MS - ms);

describe('a payment', () => {
  it('is polled while it is not final and Flinks has an id for it', () => {
    expect(isPolled(OPEN)).toBe(true);
    expect(isPolled({ ...OPEN, status: 'SETTLED' })).toBe(false);
    expect(isPolled({ ...OPEN, hasFlinksId: false })).toBe(false);
  });

  it.each([
    ['is due when its new status is stale', { ...update, isApplied: true, nextCheckInMs: 5 }, NOW_MS + STALE_AFTER_MS],
    ['is due when the lookup asks for it', { ...update, nextCheckInMs: 99.6 }, NOW_MS + 100],
    ['stays due when an update changes nothing', { ...update, scheduledAt: NOW_MS + 7 }, NOW_MS + 7],
    ['is due once it gets an id', update, NOW_MS + STALE_AFTER_MS],
  ])('%s', (_name, change, expected) => {
    expect(nextCheckAt(OPEN, change, STALE_AFTER_MS)).toBe(expected);
    expect(nextCheckAt({ ...OPEN, status: 'FAILED' }, change, STALE_AFTER_MS)).toBeNull();
    expect(nextCheckAt({ ...OPEN, hasFlinksId: false }, change, STALE_AFTER_MS)).toBeNull();
  });

  it('is looked up less often the longer its status has not changed', () => {
    const interval = (ms: number, reported?: 'SETTLED') =>
      pollIntervalMs({ status: 'INITIATED', updatedAt: since(ms) }, reported, STALE_AFTER_MS, NOW_MS);
    expect(interval(1_000)).toBe(STALE_AFTER_MS);
    expect(interval(1_000_000)).toBe(100_000);
    expect(interval(1_000_000_000)).toBe(120 * STALE_AFTER_MS);
    expect(interval(1_000_000, 'SETTLED')).toBe(STALE_AFTER_MS);
  });

  it('has a stale status a fixed time after its last change or lookup', () => {
    const stale = (changedMs: number, checkedMs?: number) =>
      staleInMs(
        { updatedAt: since(changedMs), statusCheckedAt: checkedMs === undefined ? undefined : since(checkedMs) },
        STALE_AFTER_MS,
        NOW_MS,
      );
    expect(stale(0)).toBe(STALE_AFTER_MS);
    expect(stale(50_000)).toBe(-20_000);
    expect(stale(50_000, 10_000)).toBe(20_000);
  });
});
