import { expect, it } from '@jest/globals';
import { Deadline } from '../../src/deadline.js';
import { UNAVAILABLE } from '../../src/domain/outcome.js';
import { StoreUnavailable } from '../../src/domain/store-unavailable.js';
import { LateWrites } from '../../src/payments/late-writes.js';
import { PaymentAttempts } from '../../src/payments/payment-attempts.js';
import type { AttemptStore } from '../../src/store/store.js';
import { silentLog } from '../support/silent-log.js';
import { TestStore, newOrder } from '../store/test-store.js';

it.each([UNAVAILABLE, { kind: 'misconfigured' }, { kind: 'refused' }] as const)(
  'tells no UNKNOWN of an e-mail that certainly was not sent ($kind)',
  async (outcome) => {
    const store = await TestStore.open('sqlite::memory:');
    const attempt = await store.begin('EMAIL');
    let lost = false;
    const attempts: Pick<AttemptStore, 'mark' | 'finish' | 'abandon' | 'read'> = {
      mark: (...args) => store.attempts.mark(...args),
      read: (...args) => store.attempts.read(...args),
      abandon: (...args) => store.attempts.abandon(...args),
      finish: async (...args) => {
        const finished = await store.attempts.finish(...args);
        if (lost) return finished;
        lost = true;
        throw new StoreUnavailable('the acknowledgement was lost');
      },
    };
    const sessions = {
      create: () => Promise.reject(new Error('not asked for')),
      send: async (_order: unknown, _deadline: unknown, _log: unknown, permit: () => Promise<boolean>) => {
        expect(await permit()).toBe(true);
        return outcome;
      },
    };
    const late = new LateWrites();
    const payments = new PaymentAttempts(sessions, attempts, late, 25_000);
    const answer = await payments.byEmail(attempt, newOrder(), Deadline.after(25_000), silentLog);
    await late.ended();
    await store.close();
    expect(answer).toEqual({ kind: 'store-unavailable' });
  },
);
