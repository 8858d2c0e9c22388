import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '../deadline.js';
import type { Logger } from '../log.js';
import { decideRetry } from './retry.js';
import type { Step } from './retry.js';
import type { Verdict } from './verdict.js';

/** The calls of one mutation: counts the failed ones and waits before the next. */
export class Attempts {
  /** Whether the last step, left undone, may be tried again with a new session. */
  mayStartOver = false;
  #failed = 0;

  constructor(
    private readonly deadline: Deadline,
    private readonly log: Logger,
  ) {}

  /** Makes a call until it is done, or repeating the same call is of no use. */
  async at<T>(step: Step, call: () => Promise<Verdict<T>>): Promise<Verdict<T>> {
    for (;;) {
      const verdict = await call();
      if (verdict.kind === 'done') return verdict;
      this.#failed += 1;
      const decision = decideRetry(step, verdict, this.#failed, this.deadline.remainingMs(), Math.random());
      const line = { step, verdict, failed: this.#failed, decision };
      if (verdict.kind === 'misconfigured')
        this.log.error({ code: 'PROVIDER_MISCONFIGURED', ...line }, 'Flinks does not accept our settings');
      else this.log.warn(line, 'a call to Flinks failed');
      this.mayStartOver = decision.action === 'start-over';
      if (decision.action === 'stop') return verdict;
      await sleep(decision.afterMs);
      if (decision.action === 'start-over') return verdict;
    }
  }
}
