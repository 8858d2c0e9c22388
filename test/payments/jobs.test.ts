import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { Jobs } from '../../src/payments/jobs.js';
import { until } from '../support/until.js';

/** Longer than any test takes: what comes to pass was not waited for. */
const LONG_MS = 600_000;

const unexpected = (error: unknown): never => {
  throw error;
};

/** A job whose batches are counted, and do what is given one by one. */
function counted(...batches: (() => Promise<number>)[]) {
  const job = { runs: 0, batch: () => (batches[job.runs++] ?? (() => Promise.resolve(0)))() };
  return job;
}

describe('a job', () => {
  it('does batches until one finds nothing', async () => {
    const jobs = new Jobs(unexpected);
    const job = counted(
      () => Promise.resolve(5),
      () => Promise.resolve(1),
    );
    jobs.every(LONG_MS, job.batch);
    await until(() => job.runs === 3);
    await jobs.end();
    expect(job.runs).toBe(3);
  });

  it('is done again at once when it is woken', async () => {
    const jobs = new Jobs(unexpected);
    const job = counted();
    const wake = jobs.every(LONG_MS, job.batch);
    await until(() => job.runs === 1);
    wake();
    await until(() => job.runs === 2);
    await jobs.end();
  });

  it('is done again when it is woken while it is being done', async () => {
    const jobs = new Jobs(unexpected);
    let finish: () => void = () => undefined;
    const job = counted(() => new Promise((resolve) => (finish = () => resolve(0))));
    const wake = jobs.every(LONG_MS, job.batch);
    wake();
    finish();
    await until(() => job.runs === 2);
    await jobs.end();
    expect(job.runs).toBe(2);
  });

  it('goes on after the store did not answer', async () => {
    const jobs = new Jobs(unexpected);
    const job = counted(() => Promise.reject(new StoreUnavailableError('down')));
    jobs.every(1, job.batch);
    await until(() => job.runs > 2);
    await jobs.end();
  });

  it('goes on after a fault of ours, which is told', async () => {
    const faults: unknown[] = [];
    const jobs = new Jobs((error) => faults.push(error));
    const fault = new TypeError('a fault of ours');
    const job = counted(() => Promise.reject(fault));
    jobs.every(1, job.batch);
    await until(() => job.runs > 2);
    await jobs.end();
    expect(faults).toEqual([fault]);
  });

  it('ends when the batch under way does', async () => {
    const jobs = new Jobs(unexpected);
    let finish: () => void = () => undefined;
    const job = counted(() => new Promise((resolve) => (finish = () => resolve(1))));
    jobs.every(LONG_MS, job.batch);
    const ended = jobs.end();
    finish();
    await ended;
    expect(job.runs).toBe(1);
  });
});
