import { expect, it } from '@jest/globals';
import { Deadline } from '../../src/lib/deadline.js';
import { notExecuted } from '../../src/domain/provider-result.js';
import type { ProviderFailure } from '../../src/domain/provider-result.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { AttemptRunner } from '../../src/payments/start/attempt-runner.js';
import { DeferredWrites } from '../../src/payments/start/deferred-writes.js';
import type { AttemptStore } from '../../src/store/contracts/attempt-store.js';
import { silentLog } from '../support/silent-log.js';
import { TestStore, newOrder } from '../store/test-store.js';

const FAILURES: readonly ProviderFailure[] = [
  notExecuted('no-connection'),
  { kind: 'misconfigured', reason: 'responded 403' },
  { kind: 'rejected', status: 422, message: '' },
];

it.each(FAILURES)(
  'AttemptRunner does not report an unknown outcome for an e-mail that was certainly not sent ($kind)',
  async (failure) => {
    const store = await TestStore.open('sqlite::memory:');
    const attempt = await store.begin('EMAIL');
    let isLost = false;
    const attempts: Pick<AttemptStore, 'mark' | 'finish' | 'recordOrphans' | 'read'> = {
      mark: (...args) => store.attempts.mark(...args),
      read: (...args) => store.attempts.read(...args),
      recordOrphans: (...args) => store.attempts.recordOrphans(...args),
      finish: async (...args) => {
        const finished = await store.attempts.finish(...args);
        if (isLost) return finished;
        isLost = true;
        throw new StoreUnavailableError('the acknowledgement was lost');
      },
    };
    const sessions = {
      create: () => Promise.reject(new Error('not asked for')),
      send: async (_order: unknown, _deadline: unknown, _log: unknown, permit: () => Promise<boolean>) => {
        expect(await permit()).toBe(true);
        return failure;
      },
    };
    const deferredWrites = new DeferredWrites();
    const payments = new AttemptRunner(sessions, attempts, deferredWrites, 25_000);
    const result = await payments.sendEmail(attempt, newOrder(), Deadline.after(25_000), silentLog);
    await deferredWrites.whenIdle();
    await store.close();
    expect(result).toEqual({ kind: 'store-unavailable' });
  },
);
