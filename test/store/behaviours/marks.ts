import { expect, it } from '@jest/globals';
import type { AttemptResult } from '../../../src/domain/idempotency-key.js';
import { REFUSED, RELEASED, STARTED, UNKNOWN } from '../attempt-results.js';
import type { TestStore } from '../test-store.js';

export function marks(store: () => TestStore): void {
  it('is set by the attempt that has the key', async () => {
    const attempt = await store().begin('EMAIL');
    expect(await store().attempts.mark(attempt)).toBe(true);
    expect(await store().record(attempt)).toMatchObject({ state: 'MARKED', attempt: 1 });
  });

  it('can be set again by the same attempt', async () => {
    const attempt = await store().beginSend();
    expect(await store().attempts.mark(attempt)).toBe(true);
    expect(await store().record(attempt)).toMatchObject({ state: 'MARKED', attempt: 1 });
  });

  it('cannot be set after the lease expired, even if no other attempt started', async () => {
    const attempt = await store().beginExpired('EMAIL');
    expect(await store().attempts.mark(attempt)).toBe(false);
    expect(await store().record(attempt)).toMatchObject({ state: 'CLAIMED' });
  });

  it('cannot be set again after the lease expired', async () => {
    const attempt = await store().beginExpiredSend();
    expect(await store().attempts.mark(attempt)).toBe(false);
  });

  it('cannot be set by an attempt that lost the key', async () => {
    const first = await store().begin('EMAIL');
    await store().attempts.finish(first, RELEASED, []);
    expect(await store().attempts.mark(first)).toBe(false);
    const second = await store().attempts.reclaim(await store().record(first));
    expect(await store().attempts.mark(first)).toBe(false);
    expect(await store().record(first)).toMatchObject({ state: 'CLAIMED', attempt: 2 });
    expect(second !== undefined && (await store().attempts.mark(second))).toBe(true);
  });

  it('cannot be set with another owner or another number', async () => {
    const attempt = await store().begin('EMAIL');
    expect(await store().attempts.mark({ ...attempt, owner: 'somebody else' })).toBe(false);
    expect(await store().attempts.mark({ ...attempt, number: 2 })).toBe(false);
    expect(await store().record(attempt)).toMatchObject({ state: 'CLAIMED' });
  });

  it.each<AttemptResult>([STARTED, REFUSED, UNKNOWN])(
    'cannot be set once the attempt has ended: $kind',
    async (result) => {
      const attempt = await store().beginSend();
      await store().attempts.finish(attempt, result, []);
      expect(await store().attempts.mark(attempt)).toBe(false);
    },
  );
}
