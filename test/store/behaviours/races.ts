import { expect, it } from '@jest/globals';
import type { Attempt } from '../../../src/domain/idempotency-key.js';
import { RELEASED, STARTED } from '../attempt-results.js';
import { newClaim } from '../test-store.js';
import type { TestStore } from '../test-store.js';

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

export function races(store: () => TestStore): void {
  it('gives a key to one of a hundred who claim it at once', async () => {
    const claim = newClaim();
    const replicas = [store().attempts, store().withLease(60_000), store().withLease(70_000)];
    const answers = await times(100, (index) => (replicas[index % 3] ?? store().attempts).claim(claim));
    const attempts = answers.flatMap((answer) => ('attempt' in answer ? [answer.attempt] : []));
    expect(attempts).toHaveLength(1);
    const id = attempts[0]?.payment.id;
    const records = answers.flatMap((answer) => ('record' in answer ? [answer.record] : []));
    expect(records.filter(({ payment, attempt }) => payment.id === id && attempt === 1)).toHaveLength(99);
    const tables = ['payment_sessions', 'payment_session_events', 'idempotency_keys'] as const;
    expect(await Promise.all(tables.map(async (table) => (await store().rows(table)).length))).toEqual([1, 1, 1]);
  });

  it.each([
    ['', {}],
    [' that are limited', { paymentsPerClient: { limit: 1_000, periodMs: 60_000 } }],
  ])('gives a key to one of a hundred claims%s, whichever operation they are of', async (_, limits) => {
    const replicas = [1, 2, 3].map(() => store().limited(limits, Date.now));
    const deliveries = ['LINK', 'EMAIL'] as const;
    for (let round = 0; round < 5; round += 1) {
      await store().empty();
      const claims = deliveries.map((operation) => newClaim({ key: 'one', deliveryMethod: operation }));
      const answers = await times(100, (index) => {
        const replica = replicas[index % 3] ?? store().attempts;
        return replica.claim(claims[(index + round) % 2] ?? newClaim());
      });
      const attempts = answers.flatMap((answer) => ('attempt' in answer ? [answer.attempt] : []));
      expect(attempts).toHaveLength(1);
      const records = answers.flatMap((answer) => ('record' in answer ? [answer.record] : []));
      expect(records.map(({ payment }) => payment.id)).toEqual(Array(99).fill(attempts[0]?.payment.id));
      const tables = ['payment_sessions', 'payment_session_events', 'idempotency_keys'] as const;
      expect(await Promise.all(tables.map(async (table) => (await store().rows(table)).length))).toEqual([1, 1, 1]);
    }
  });

  it('gives a released key to one of fifty who take it up at once', async () => {
    const first = await store().begin();
    await store().attempts.finish(first, RELEASED, []);
    const seen = await store().record(first);
    const attempts = await times(50, () => store().attempts.reclaim(seen));
    expect(attempts.filter((attempt) => attempt !== undefined)).toMatchObject([{ number: 2 }]);
    expect(await store().record(first)).toMatchObject({ state: 'CLAIMED', attempt: 2 });
  });

  it('takes one of many results of one attempt', async () => {
    const attempt = await store().beginSend();
    const finished = await times(20, (index) =>
      store().attempts.finish(attempt, index % 2 === 0 ? STARTED : RELEASED, []),
    );
    const taken = finished.filter((each) => each !== undefined);
    expect(taken).toHaveLength(1);
    expect(await store().record(attempt)).toMatchObject({ state: taken[0]?.state });
  });

  it('ends a creation in one way when its result meets its burial', async () => {
    const attempts = await times(20, () => store().beginExpired('LINK'));
    const ends = await times(20, async (index) => {
      const attempt = attempts[index] as Attempt;
      const record = await store().record(attempt);
      const first = index % 2 === 0 ? store().attempts.expire(record) : undefined;
      const finishing = store().attempts.finish(attempt, STARTED, []);
      await (first ?? store().attempts.expire(record));
      const finished = await finishing;
      const { state, payment } = await store().record(attempt);
      return { told: finished?.state, state, status: payment.status, events: await store().listStatuses(attempt) };
    });
    const done = { told: 'DONE', state: 'DONE', status: 'INITIATED', events: ['CREATING', 'INITIATED'] };
    const released = { told: undefined, state: 'RELEASED', status: 'CREATING', events: ['CREATING'] };
    for (const end of ends) expect([done, released]).toContainEqual(end);
    const left = await store().rows('abandoned_attempts');
    expect(left).toHaveLength(ends.filter(({ state }) => state === 'RELEASED').length);
  });

  it('ends a send with its result when that meets its burial', async () => {
    const attempts = await times(10, () => store().beginExpiredSend());
    const records = await times(10, (index) => store().record(attempts[index] as Attempt));
    const burials = records.map((record) => store().attempts.expire(record));
    const finished = await times(10, (index) => store().attempts.finish(attempts[index] as Attempt, STARTED, []));
    await Promise.all(burials);
    expect(finished.map((each) => each?.state)).toEqual(Array(10).fill('DONE'));
    for (const attempt of attempts) {
      expect(await store().record(attempt)).toMatchObject({ state: 'DONE', payment: { status: 'INITIATED' } });
      expect((await store().listStatuses(attempt)).at(-1)).toBe('INITIATED');
    }
  });

  it('removes a released key or lets it be taken up, not both', async () => {
    const attempts = await times(20, () => store().begin());
    await times(20, (index) => store().attempts.finish(attempts[index] as Attempt, RELEASED, []));
    const records = await times(20, (index) => store().record(attempts[index] as Attempt));
    const [, ...taken] = await Promise.all([
      store().retention.removeReleased(new Date(Date.now() + 60_000)),
      ...records.map((record) => store().attempts.reclaim(record)),
    ]);
    const left = await store().rows('idempotency_keys');
    expect(left).toHaveLength(taken.filter((attempt) => attempt !== undefined).length);
    expect(await store().rows('payment_sessions')).toHaveLength(left.length);
  });
}
