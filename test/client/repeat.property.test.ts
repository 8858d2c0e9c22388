import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_BOUNDS, delayBeforeRepeat } from '../../client/src/repeat.js';
import type { Outcome } from '../../client/src/repeat.js';

const bounds = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 20 }),
  maxTimeMs: fc.integer({ max: 600_000, min: 0 }),
});
const progress = fc.record({ attempts: fc.integer({ min: 1, max: 30 }), elapsedMs: fc.nat(700_000) });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const result = fc.record(
  {
    kind: fc.constant('result' as const),
    retryAdvice: fc.oneof(fc.constantFrom('SAME_KEY', 'REVIEW_THEN_NEW_KEY', 'NEVER', undefined), fc.string()),
    code: fc.oneof(fc.constantFrom('IDEMPOTENCY_KEY_IN_USE', 'OUTCOME_UNKNOWN', 'PROVIDER_REJECTED'), fc.string()),
    retryAfterMs: fc.oneof(fc.nat(120_000), fc.constantFrom(-1, Number.NaN, null, '5')),
  },
  { requiredKeys: ['kind'] },
);
const noResult = fc.record({
  kind: fc.constant('no-result' as const),
  status: fc.option(fc.integer({ min: 200, max: 599 }), { nil: undefined }),
});
const outcome: fc.Arbitrary<Outcome> = fc.oneof(result, noResult, fc.constant({ kind: 'final' as const }));

const PLENTY = { maxAttempts: 100, maxTimeMs: 10_000_000 };
const FIRST = { attempts: 1, elapsedMs: 0 };

describe('delayBeforeRepeat', () => {
  it('repeats no unknown outcome, whatever the advice', () => {
    const unknown: Outcome = { kind: 'result', retryAdvice: 'SAME_KEY', code: 'OUTCOME_UNKNOWN' };
    expect(delayBeforeRepeat(unknown, FIRST, PLENTY, 0)).toBeUndefined();
  });

  it('repeats a result only if its advice is SAME_KEY', () => {
    fc.assert(
      fc.property(result, random, (each, chance) => {
        const isRepeated = delayBeforeRepeat(each, FIRST, PLENTY, chance) !== undefined;
        expect(isRepeated).toBe(each.retryAdvice === 'SAME_KEY' && each.code !== 'OUTCOME_UNKNOWN');
      }),
    );
  });

  it('repeats a call without a result unless its HTTP status is a rejection', () => {
    fc.assert(
      fc.property(noResult, random, (each, chance) => {
        const isRejected = each.status !== undefined && each.status >= 300 && each.status < 500 && each.status !== 429;
        expect(delayBeforeRepeat(each, FIRST, PLENTY, chance) === undefined).toBe(isRejected);
      }),
    );
  });

  it('stays within its bounds, and never repeats a final outcome', () => {
    fc.assert(
      fc.property(outcome, progress, bounds, random, (each, progressSoFar, limits, chance) => {
        const delayMs = delayBeforeRepeat(each, progressSoFar, limits, chance);
        if (delayMs === undefined) return;
        expect(each.kind).not.toBe('final');
        expect(progressSoFar.attempts).toBeLessThan(limits.maxAttempts);
        expect(progressSoFar.elapsedMs + delayMs).toBeLessThanOrEqual(limits.maxTimeMs);
      }),
    );
  });

  it('waits for at least the requested delay, and for at most half as long again', () => {
    fc.assert(
      fc.property(fc.nat(120_000), random, (retryAfterMs, chance) => {
        const delayed: Outcome = { kind: 'result', retryAdvice: 'SAME_KEY', retryAfterMs };
        const delayMs = delayBeforeRepeat(delayed, FIRST, PLENTY, chance) ?? -1;
        expect(delayMs).toBeGreaterThanOrEqual(retryAfterMs);
        expect(delayMs).toBeLessThanOrEqual(retryAfterMs * 1.5);
      }),
    );
  });

  it.each([
    ['repeats a rate-limited call after its delay', 40_000, 40_000],
    ['does not repeat a rate-limited call whose delay exceeds the bounds', 3_600_000, undefined],
  ])('%s', (_, retryAfterMs, expected) => {
    const limited: Outcome = { kind: 'result', code: 'RATE_LIMITED', retryAdvice: 'SAME_KEY', retryAfterMs };
    expect(delayBeforeRepeat(limited, FIRST, DEFAULT_BOUNDS, 0)).toBe(expected);
  });

  it('does not repeat a call that was rejected as a duplicate', () => {
    const duplicate: Outcome = { kind: 'result', code: 'DUPLICATE_PAYMENT', retryAdvice: 'REVIEW_THEN_NEW_KEY' };
    expect(delayBeforeRepeat(duplicate, FIRST, PLENTY, 0)).toBeUndefined();
  });

  it('waits longer each time if no delay is requested, up to 15 seconds', () => {
    const delays = [1, 2, 3, 4, 5, 6, 20].map((attempts) =>
      delayBeforeRepeat({ kind: 'no-result' }, { attempts, elapsedMs: 0 }, PLENTY, 0),
    );
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    fc.assert(
      fc.property(progress, random, ({ attempts }, chance) => {
        const delayMs = delayBeforeRepeat({ kind: 'no-result' }, { attempts, elapsedMs: 0 }, PLENTY, chance) ?? 0;
        expect(delayMs).toBeLessThanOrEqual(15_000);
      }),
    );
  });
});
