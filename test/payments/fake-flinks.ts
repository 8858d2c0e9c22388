import { randomUUID } from 'node:crypto';
import type { Deadline } from '../../src/lib/deadline.js';
import { notExecuted } from '../../src/domain/provider-result.js';
import type { ProviderFailure, ProviderResult } from '../../src/domain/provider-result.js';
import type { PaymentDetails } from '../../src/domain/payment.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import type { Creation, PayableSession, PayableSessions } from '../../src/flinks/payable-sessions.js';
import type { Logger } from '../../src/lib/logger.js';
import type { FlinksFault, Process, SimulatedEnvironment } from './simulated-environment.js';

const FAILURES: Partial<Record<FlinksFault, ProviderFailure>> = {
  rejected: { kind: 'rejected', status: 422, message: '' },
  misconfigured: { kind: 'misconfigured', reason: 'responded 403' },
  unavailable: notExecuted('no-connection'),
};

/** Flinks and the network to it, as one process sees them. Payments are identified by their reference. */
export class FakeFlinks implements Pick<PayableSessions, 'create' | 'send'> {
  constructor(
    private readonly environment: SimulatedEnvironment,
    private readonly process: Process,
  ) {}

  async create({ referenceId }: PaymentDetails): Promise<Creation> {
    await this.process.step(this.environment.nextDelay());
    const fault = this.environment.flinksFault();
    const orphaned = fault === 'left' || fault === 'lost' ? [this.#session(referenceId)] : [];
    await this.process.step(this.environment.nextDelay());
    const failure = FAILURES[fault];
    if (failure !== undefined) return { result: failure, orphaned };
    if (fault === 'lost') return { result: notExecuted('no-effect'), orphaned };
    const sessionId = this.#session(referenceId);
    await this.process.step(this.environment.nextDelay());
    return { result: { kind: 'succeeded', value: { sessionId, paymentRequestId: undefined } }, orphaned };
  }

  async send(
    { referenceId }: PaymentDetails,
    _deadline: Deadline,
    _log: Logger,
    permit: () => Promise<boolean>,
  ): Promise<ProviderResult<PayableSession>> {
    // A reported UNKNOWN is never released, so no other attempt may follow.
    if (this.environment.reportedUnknown.has(referenceId))
      this.environment.violations.push(`${referenceId} is sent again after UNKNOWN`);
    await this.process.step(this.environment.nextDelay());
    for (;;) {
      if (!(await permit())) return notExecuted('not-permitted');
      // From here on the request is on its way, even if the process crashes.
      const fault = this.environment.flinksFault();
      const sessionId = new Sensitive(randomUUID());
      if (!['rejected', 'unavailable', 'misconfigured', 'lost', 'again'].includes(fault))
        this.environment.emails.push(referenceId);
      if (fault === 'lost' || fault === 'sent') this.environment.uncertainIntentions.add(referenceId);
      await this.process.step(this.environment.nextDelay());
      if (fault === 'again') continue;
      const failure = FAILURES[fault];
      if (failure !== undefined) return failure;
      if (fault === 'lost' || fault === 'sent') return { kind: 'unknown', reason: 'no response' };
      return { kind: 'succeeded', value: { sessionId, paymentRequestId: undefined } };
    }
  }

  #session(name: string): Sensitive<string> {
    const id = randomUUID();
    this.environment.sessions.push({ name, id, process: this.process });
    return new Sensitive(id);
  }
}
