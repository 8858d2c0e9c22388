import { describe, expect, it } from '@jest/globals';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { Attempt, AttemptResult, KeyState } from '../../../src/domain/idempotency-key.js';
import type { TestStore } from '../test-store.js';

const SESSION = new Sensitive('9d0c4b7e-session');

const RESULTS: Record<AttemptResult['kind'], AttemptResult> = {
  started: { kind: 'started', sessionId: SESSION, paymentRequestId: 'request-1' },
  rejected: { kind: 'rejected' },
  released: { kind: 'released', as: { kind: 'unavailable', retryAfterMs: 1_500 } },
  unknown: { kind: 'unknown', sessionId: SESSION },
};

/** The state of the key and the status of the payment after each result in each state. Undefined if the result is not accepted. */
const STEPS: readonly (readonly [AttemptResult['kind'], KeyState, readonly [KeyState, string] | undefined])[] = [
  ['started', 'CLAIMED', ['DONE', 'INITIATED']],
  ['started', 'MARKED', ['DONE', 'INITIATED']],
  ['started', 'UNKNOWN', ['DONE', 'INITIATED']],
  ['started', 'RELEASED', undefined],
  ['started', 'DONE', undefined],
  ['started', 'REFUSED', undefined],
  ['rejected', 'CLAIMED', ['REFUSED', 'FAILED']],
  ['rejected', 'MARKED', ['REFUSED', 'FAILED']],
  ['rejected', 'UNKNOWN', ['DONE', 'FAILED']],
  ['rejected', 'RELEASED', undefined],
  ['rejected', 'DONE', undefined],
  ['rejected', 'REFUSED', undefined],
  ['released', 'CLAIMED', ['RELEASED', 'CREATING']],
  ['released', 'MARKED', ['RELEASED', 'CREATING']],
  ['released', 'UNKNOWN', ['DONE', 'FAILED']],
  ['released', 'RELEASED', undefined],
  ['released', 'DONE', undefined],
  ['released', 'REFUSED', undefined],
  ['unknown', 'MARKED', ['UNKNOWN', 'OUTCOME_UNKNOWN']],
  ['unknown', 'CLAIMED', undefined],
  ['unknown', 'UNKNOWN', undefined],
  ['unknown', 'RELEASED', undefined],
  ['unknown', 'DONE', undefined],
  ['unknown', 'REFUSED', undefined],
];

const RESULT_FOR: Record<Exclude<KeyState, 'CLAIMED' | 'MARKED'>, AttemptResult> = {
  RELEASED: RESULTS.released,
  DONE: RESULTS.started,
  REFUSED: RESULTS.rejected,
  UNKNOWN: RESULTS.unknown,
};

async function attemptIn(state: KeyState, store: TestStore): Promise<Attempt> {
  if (state === 'CLAIMED') return store.begin('EMAIL');
  const attempt = await store.beginSend();
  if (state !== 'MARKED') await store.attempts.finish(attempt, RESULT_FOR[state], []);
  return attempt;
}

export function results(store: () => TestStore): void {
  it.each(STEPS)('that ends with %s in key state %s leads to %j', async (kind, state, expected) => {
    const attempt = await attemptIn(state, store());
    const before = { record: await store().record(attempt), events: await store().listStatuses(attempt) };
    const finished = await store().attempts.finish(attempt, RESULTS[kind], [new Sensitive('left')]);
    const record = await store().record(attempt);
    const events = await store().listStatuses(attempt);
    const orphans = await store().rows('abandoned_attempts');
    if (expected === undefined) {
      expect(finished).toBeUndefined();
      expect({ record, events, orphans }).toEqual({ ...before, orphans: [] });
      return;
    }
    const [to, status] = expected;
    expect(finished).toMatchObject({ state: to, payment: { status } });
    expect(record).toEqual({ ...before.record, state: to, payment: finished?.payment, releasedAs: record.releasedAs });
    expect(record.releasedAs).toEqual(to === 'RELEASED' ? { kind: 'unavailable', retryAfterMs: 1_500 } : undefined);
    // A release adds no event.
    expect(events).toEqual(to === 'RELEASED' ? before.events : [...before.events, status]);
    expect(orphans).toMatchObject([{ payment_session_id: attempt.payment.id, attempt: 1 }]);
  });

  it('stores the ids that Flinks returned for its session', async () => {
    const attempt = await store().begin();
    await store().attempts.finish(attempt, RESULTS.started, []);
    const { payment } = await store().record(attempt);
    expect(payment).toMatchObject({ id: attempt.payment.id, paymentRequestId: 'request-1' });
    expect(payment.sessionId?.reveal()).toBe(SESSION.reveal());
  });

  it('continues the same payment after a release', async () => {
    const first = await store().beginSend();
    await store().attempts.finish(first, RESULTS.released, []);
    const second = await store().attempts.reclaim(await store().record(first));
    if (second === undefined) throw new Error('the key is taken');
    await store().attempts.mark(second);
    await store().attempts.finish(second, RESULTS.started, []);
    expect(await store().record(first)).toMatchObject({ state: 'DONE', attempt: 2, payment: { id: first.payment.id } });
    expect(await store().listStatuses(first)).toEqual(['CREATING', 'INITIATED']);
  });

  describe.each(Object.values(RESULTS))('that ends with $kind', (result) => {
    it('has no effect when it has lost the key', async () => {
      const first = await store().beginSend();
      await store().attempts.finish(first, RESULTS.released, []);
      const second = await store().attempts.reclaim(await store().record(first));
      if (second === undefined) throw new Error('the key is taken');
      await store().attempts.mark(second);
      expect(await store().attempts.finish(first, result, [new Sensitive('left')])).toBeUndefined();
      expect(await store().record(first)).toMatchObject({ state: 'MARKED', attempt: 2 });
      expect(await store().rows('abandoned_attempts')).toEqual([]);
    });

    it.each([
      ['another owner and the same number', { owner: 'somebody else' }],
      ['another number and the same owner', { number: 2 }],
    ])('has no effect with %s', async (_, change) => {
      const attempt = await store().beginSend();
      expect(await store().attempts.finish({ ...attempt, ...change }, result, [])).toBeUndefined();
      expect(await store().record(attempt)).toMatchObject({ state: 'MARKED', attempt: 1 });
    });
  });

  it('stores the ids of its orphaned sessions', async () => {
    const attempt = await store().begin();
    await store().attempts.recordOrphans(attempt, [new Sensitive('one'), new Sensitive('two')]);
    await store().attempts.recordOrphans(attempt, []);
    const rows = await store().rows('abandoned_attempts');
    expect(rows).toMatchObject([
      { payment_session_id: attempt.payment.id, attempt: 1, session_id: expect.any(String) },
      { payment_session_id: attempt.payment.id, attempt: 1, session_id: expect.any(String) },
    ]);
  });

  it('has its orphaned sessions leased for cancelling, even when one cannot be unsealed', async () => {
    const attempt = await store().begin();
    await store().attempts.recordOrphans(attempt, [new Sensitive('one'), new Sensitive('two')]);
    const { kysely } = store().database;
    const [lost] = await store().rows('abandoned_attempts');
    await kysely
      .updateTable('abandoned_attempts')
      .set({ session_id: 'lost.AAAA' })
      .where('id', '=', lost?.id ?? 0)
      .execute();
    const leased = await store().orphans.leaseDue(10, 60_000);
    expect(leased.map(({ id, sessionId }) => [id === lost?.id, sessionId?.reveal()]).sort()).toEqual([
      [false, 'two'],
      [true, undefined],
    ]);
    expect(await store().orphans.leaseDue(10, 60_000)).toEqual([]);
    const referenceIds = [attempt.payment.upstreamReferenceId];
    const candidates = await store().statuses.findCandidates({ paymentRequestIds: [], sessionIds: [], referenceIds });
    expect(candidates.filter(({ isOrphaned }) => isOrphaned)).toHaveLength(2);
  });
}
