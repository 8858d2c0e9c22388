import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderResult } from '../domain/provider-result.js';
import type { Deadline } from '../lib/deadline.js';
import type { Logger } from '../lib/logger.js';
import { decideRetry } from './retry-policy.js';
import type { Step } from './retry-policy.js';

/** The calls of one mutation: counts the failed ones and waits before the next. */
export class RetryLoop {
  /** Whether the last step, which failed, may be tried again with a new session. */
  mustStartOver = false;
  #failed = 0;

  constructor(
    private readonly deadline: Deadline,
    private readonly log: Logger,
  ) {}

  /** Makes a call until it succeeds or `decideRetry` stops, and returns the last result. */
  async run<T>(step: Step, call: () => Promise<ProviderResult<T>>): Promise<ProviderResult<T>> {
    for (;;) {
      const result = await call();
      if (result.kind === 'succeeded') return result;
      this.#failed += 1;
      const decision = decideRetry(step, result, this.#failed, this.deadline.remainingMs(), Math.random());
      const fields = { step, result, failed: this.#failed, decision };
      if (result.kind === 'misconfigured')
        this.log.error(
          { event: 'provider_misconfigured', code: 'PROVIDER_MISCONFIGURED', ...fields },
          'Flinks rejects the configured settings',
        );
      else this.log.warn({ event: 'provider_request_failed', ...fields }, 'request to Flinks failed');
      this.mustStartOver = decision.action === 'start-over';
      if (decision.action === 'stop') return result;
      await sleep(decision.afterMs);
      if (decision.action === 'start-over') return result;
    }
  }
}
