import { expect, it } from '@jest/globals';
import type { Attempt } from '../../../src/domain/idempotency-key.js';
import { RELEASED, STARTED } from '../attempt-results.js';
import { newClaim } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const repeatConcurrently = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

export function races(store: () => TestStore): void {
  it('that claim one key lead to a single attempt', async () => {
    const claim = newClaim();
    const replicas = [store().attempts, store().withLease(60_000), store().withLease(70_000)];
    const responses = await repeatConcurrently(100, (index) => (replicas[index % 3] ?? store().attempts).claim(claim));
    const attempts = responses.flatMap((claimed) => ('attempt' in claimed ? [claimed.attempt] : []));
    expect(attempts).toHaveLength(1);
    const id = attempts[0]?.payment.id;
    const records = responses.flatMap((claimed) => ('record' in claimed ? [claimed.record] : []));
    expect(records.filter(({ payment, attempt }) => payment.id === id && attempt === 1)).toHaveLength(99);
    const tables = ['payment_sessions', 'payment_session_events', 'idempotency_keys'] as const;
    expect(await Promise.all(tables.map(async (table) => (await store().rows(table)).length))).toEqual([1, 1, 1]);
  });

  it.each([
    ['', {}],
    [' under rate limits', { paymentsPerClient: { limit: 1_000, periodMs: 60_000 } }],
  ])('that claim one key%s lead to a single attempt, whichever operations they are for', async (_, limits) => {
    const replicas = [1, 2, 3].map(() => store().limited(limits, Date.now));
    const deliveries = ['LINK', 'EMAIL'] as const;
    for (let round = 0; round < 5; round += 1) {
      await store().empty();
      const claims = deliveries.map((operation) => newClaim({ key: 'one', deliveryMethod: operation }));
      const responses = await repeatConcurrently(100, (index) => {
        const replica = replicas[index % 3] ?? store().attempts;
        return replica.claim(claims[(index + round) % 2] ?? newClaim());
      });
      const attempts = responses.flatMap((claimed) => ('attempt' in claimed ? [claimed.attempt] : []));
      expect(attempts).toHaveLength(1);
      const records = responses.flatMap((claimed) => ('record' in claimed ? [claimed.record] : []));
      expect(records.map(({ payment }) => payment.id)).toEqual(Array(99).fill(attempts[0]?.payment.id));
      const tables = ['payment_sessions', 'payment_session_events', 'idempotency_keys'] as const;
      expect(await Promise.all(tables.map(async (table) => (await store().rows(table)).length))).toEqual([1, 1, 1]);
    }
  });

  it('that reclaim one released key lead to a single attempt', async () => {
    const first = await store().begin();
    await store().attempts.finish(first, RELEASED, []);
    const record = await store().record(first);
    const attempts = await repeatConcurrently(50, () => store().attempts.reclaim(record));
    expect(attempts.filter((attempt) => attempt !== undefined)).toMatchObject([{ number: 2 }]);
    expect(await store().record(first)).toMatchObject({ state: 'CLAIMED', attempt: 2 });
  });

  it('that finish one attempt have exactly one accepted result', async () => {
    const attempt = await store().beginSend();
    const finished = await repeatConcurrently(20, (index) =>
      store().attempts.finish(attempt, index % 2 === 0 ? STARTED : RELEASED, []),
    );
    const accepted = finished.filter((each) => each !== undefined);
    expect(accepted).toHaveLength(1);
    expect(await store().record(attempt)).toMatchObject({ state: accepted[0]?.state });
  });

  it('that finish and expire a creation have one consistent outcome', async () => {
    const attempts = await repeatConcurrently(20, () => store().beginExpired('LINK'));
    const ends = await repeatConcurrently(20, async (index) => {
      const attempt = attempts[index] as Attempt;
      const record = await store().record(attempt);
      const first = index % 2 === 0 ? store().attempts.expire(record) : undefined;
      const finishing = store().attempts.finish(attempt, STARTED, []);
      await (first ?? store().attempts.expire(record));
      const finished = await finishing;
      const { state, payment } = await store().record(attempt);
      return {
        finishedAs: finished?.state,
        state,
        status: payment.status,
        events: await store().listStatuses(attempt),
      };
    });
    const done = { finishedAs: 'DONE', state: 'DONE', status: 'INITIATED', events: ['CREATING', 'INITIATED'] };
    const released = { finishedAs: undefined, state: 'RELEASED', status: 'CREATING', events: ['CREATING'] };
    for (const end of ends) expect([done, released]).toContainEqual(end);
    const remaining = await store().rows('abandoned_attempts');
    expect(remaining).toHaveLength(ends.filter(({ state }) => state === 'RELEASED').length);
  });

  it('that finish and expire a send lead to the result of the send', async () => {
    const attempts = await repeatConcurrently(10, () => store().beginExpiredSend());
    const records = await repeatConcurrently(10, (index) => store().record(attempts[index] as Attempt));
    const expirations = records.map((record) => store().attempts.expire(record));
    const finished = await repeatConcurrently(10, (index) =>
      store().attempts.finish(attempts[index] as Attempt, STARTED, []),
    );
    await Promise.all(expirations);
    expect(finished.map((each) => each?.state)).toEqual(Array(10).fill('DONE'));
    for (const attempt of attempts) {
      expect(await store().record(attempt)).toMatchObject({ state: 'DONE', payment: { status: 'INITIATED' } });
      expect((await store().listStatuses(attempt)).at(-1)).toBe('INITIATED');
    }
  });

  it('that remove and reclaim a released key do not both succeed', async () => {
    const attempts = await repeatConcurrently(20, () => store().begin());
    await repeatConcurrently(20, (index) => store().attempts.finish(attempts[index] as Attempt, RELEASED, []));
    const records = await repeatConcurrently(20, (index) => store().record(attempts[index] as Attempt));
    const [, ...accepted] = await Promise.all([
      store().retention.removeReleased(new Date(Date.now() + 60_000)),
      ...records.map((record) => store().attempts.reclaim(record)),
    ]);
    const remaining = await store().rows('idempotency_keys');
    expect(remaining).toHaveLength(accepted.filter((attempt) => attempt !== undefined).length);
    expect(await store().rows('payment_sessions')).toHaveLength(remaining.length);
  });
}
