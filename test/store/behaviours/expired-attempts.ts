import { expect, it } from '@jest/globals';
import type { AttemptResult } from '../../../src/domain/idempotency-key.js';
import { until } from '../../support/until.js';
import { REFUSED, STARTED, UNKNOWN } from '../attempt-results.js';
import type { TestStore } from '../test-store.js';

export function expiredAttempts(store: () => TestStore): void {
  it.each(['LINK', 'EMAIL'] as const)('does nothing while its lease runs (%s)', async (operation) => {
    const attempt = await store().begin(operation);
    await store().attempts.expire(await store().record(attempt));
    expect(await store().attempts.expireStaleAttempts()).toBe(0);
    expect(await store().record(attempt)).toMatchObject({ state: 'CLAIMED', isLeaseExpired: false });
  });

  it('releases the key when no send marker was set', async () => {
    const attempt = await store().beginExpired('EMAIL');
    await store().attempts.expire(await store().record(attempt));
    expect(await store().record(attempt)).toMatchObject({ state: 'RELEASED', releasedAs: { kind: 'unavailable' } });
    expect(await store().listStatuses(attempt)).toEqual(['CREATING']);
    expect(await store().rows('abandoned_attempts')).toEqual([]);
  });

  it('records that a creation may have left an orphaned session', async () => {
    const attempt = await store().beginExpired('LINK');
    await store().attempts.expire(await store().record(attempt));
    const left = { payment_session_id: attempt.payment.id, attempt: 1, session_id: null };
    expect(await store().rows('abandoned_attempts')).toMatchObject([left]);
  });

  it('makes the outcome unknown when the send marker was set', async () => {
    const attempt = await store().beginExpiredSend();
    await store().attempts.expire(await store().record(attempt));
    expect(await store().record(attempt)).toMatchObject({ state: 'UNKNOWN', payment: { status: 'OUTCOME_UNKNOWN' } });
    expect(await store().listStatuses(attempt)).toEqual(['CREATING', 'OUTCOME_UNKNOWN']);
  });

  it('lets a late result of a marked attempt be accepted', async () => {
    const attempt = await store().beginExpiredSend();
    await store().attempts.expire(await store().record(attempt));
    await store().attempts.finish(attempt, STARTED, []);
    expect(await store().record(attempt)).toMatchObject({ state: 'DONE', payment: { status: 'INITIATED' } });
    expect(await store().listStatuses(attempt)).toEqual(['CREATING', 'OUTCOME_UNKNOWN', 'INITIATED']);
  });

  it('prevents a late result of a released attempt', async () => {
    const attempt = await store().beginExpired('LINK');
    await store().attempts.expire(await store().record(attempt));
    expect(await store().attempts.finish(attempt, STARTED, [])).toBeUndefined();
    expect(await store().record(attempt)).toMatchObject({ state: 'RELEASED', payment: { sessionId: undefined } });
  });

  it('does not prevent a result before it is carried out', async () => {
    const attempt = await store().beginExpired('LINK');
    expect(await store().attempts.finish(attempt, STARTED, [])).toMatchObject({ state: 'DONE' });
  });

  it('does nothing to an attempt that changed since its record was read', async () => {
    const attempt = await store().begin('EMAIL');
    const claimed = await store().record(attempt);
    await store().attempts.mark(attempt);
    await store().expireLease(attempt);
    await store().attempts.expire(claimed);
    expect(await store().record(attempt)).toMatchObject({ state: 'MARKED' });
  });

  it('does nothing to a later attempt than the recorded one', async () => {
    const first = await store().beginExpired('LINK');
    const firstRecord = await store().record(first);
    await store().attempts.expire(firstRecord);
    await store()
      .withLease(1)
      .reclaim(await store().record(first));
    await until(async () => (await store().record(first)).isLeaseExpired);
    await store().attempts.expire(firstRecord);
    expect(await store().record(first)).toMatchObject({ state: 'CLAIMED', attempt: 2 });
  });

  it.each<AttemptResult>([STARTED, REFUSED, UNKNOWN])(
    'does nothing once the attempt has ended: $kind',
    async (result) => {
      const attempt = await store().beginExpiredSend();
      await store().attempts.finish(attempt, result, []);
      const before = await store().record(attempt);
      await store().attempts.expire(before);
      expect(await store().record(attempt)).toEqual(before);
    },
  );

  it('affects every attempt whose lease expired, and no others', async () => {
    const expired = [await store().beginExpired('LINK'), await store().beginExpiredSend()];
    const running = [await store().begin('LINK'), await store().beginSend()];
    const settled = await store().beginExpired('LINK');
    await store().attempts.finish(settled, STARTED, []);
    expect(await store().attempts.expireStaleAttempts()).toBe(2);
    expect(await store().attempts.expireStaleAttempts()).toBe(0);
    const states = await Promise.all(
      [...expired, ...running, settled].map(async (attempt) => (await store().record(attempt)).state),
    );
    expect(states).toEqual(['RELEASED', 'UNKNOWN', 'CLAIMED', 'MARKED', 'DONE']);
  });

  it('affects attempts with a running lease when all attempts are declared stale', async () => {
    const [link, email] = [await store().begin('LINK'), await store().beginSend()];
    expect(await store().attempts.expireStaleAttempts(true)).toBe(2);
    expect(await store().record(link)).toMatchObject({ state: 'RELEASED' });
    expect(await store().record(email)).toMatchObject({ state: 'UNKNOWN' });
  });
}
