import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { Jobs } from '../../src/payments/jobs.js';
import { until } from '../support/until.js';

/** Longer than any test takes, so that nothing happens because this time has passed. */
const LONG_MS = 600_000;

const unexpected = (error: unknown): never => {
  throw error;
};

/** A job that counts its batches and runs the given ones in order. */
function createJob(...batches: (() => Promise<number>)[]) {
  const job = { runs: 0, batch: () => (batches[job.runs++] ?? (() => Promise.resolve(0)))() };
  return job;
}

describe('a background job', () => {
  it('runs batches until one finds nothing', async () => {
    const jobs = new Jobs(unexpected);
    const job = createJob(
      () => Promise.resolve(5),
      () => Promise.resolve(1),
    );
    jobs.every(LONG_MS, job.batch);
    await until(() => job.runs === 3);
    await jobs.end();
    expect(job.runs).toBe(3);
  });

  it('runs again at once when it is woken', async () => {
    const jobs = new Jobs(unexpected);
    const job = createJob();
    const wake = jobs.every(LONG_MS, job.batch);
    await until(() => job.runs === 1);
    wake();
    await until(() => job.runs === 2);
    await jobs.end();
  });

  it('runs again when it is woken while it runs', async () => {
    const jobs = new Jobs(unexpected);
    let finish: () => void = () => undefined;
    const job = createJob(() => new Promise((resolve) => (finish = () => resolve(0))));
    const wake = jobs.every(LONG_MS, job.batch);
    wake();
    finish();
    await until(() => job.runs === 2);
    await jobs.end();
    expect(job.runs).toBe(2);
  });

  it('continues after the store was unavailable', async () => {
    const jobs = new Jobs(unexpected);
    const job = createJob(() => Promise.reject(new StoreUnavailableError('down')));
    jobs.every(1, job.batch);
    await until(() => job.runs > 2);
    await jobs.end();
  });

  it('continues after an unexpected error, and reports it', async () => {
    const errors: unknown[] = [];
    const jobs = new Jobs((error) => errors.push(error));
    const fault = new TypeError('an internal fault');
    const job = createJob(() => Promise.reject(fault));
    jobs.every(1, job.batch);
    await until(() => job.runs > 2);
    await jobs.end();
    expect(errors).toEqual([fault]);
  });

  it('ends when its current batch ends', async () => {
    const jobs = new Jobs(unexpected);
    let finish: () => void = () => undefined;
    const job = createJob(() => new Promise((resolve) => (finish = () => resolve(1))));
    jobs.every(LONG_MS, job.batch);
    const ended = jobs.end();
    finish();
    await ended;
    expect(job.runs).toBe(1);
  });
});
