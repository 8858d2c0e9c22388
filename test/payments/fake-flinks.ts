import { randomUUID } from 'node:crypto';
import type { Deadline } from '../../src/lib/deadline.js';
import { notExecuted } from '../../src/domain/provider-result.js';
import type { ProviderFailure, ProviderResult } from '../../src/domain/provider-result.js';
import type { PaymentDetails } from '../../src/domain/payment.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import type { Creation, PayableSession, PayableSessions } from '../../src/flinks/payable-sessions.js';
import type { Logger } from '../../src/lib/logger.js';
import type { FlinksFault, Process, World } from './world.js';

const FAILURES: Partial<Record<FlinksFault, ProviderFailure>> = {
  rejected: { kind: 'rejected', status: 422, message: '' },
  misconfigured: { kind: 'misconfigured', reason: 'responded 403' },
  unavailable: notExecuted('no-connection'),
};

/** Flinks with the way to it, as one process meets it. Payments are told by their reference. */
export class FakeFlinks implements Pick<PayableSessions, 'create' | 'send'> {
  constructor(
    private readonly world: World,
    private readonly process: Process,
  ) {}

  async create({ referenceId }: PaymentDetails): Promise<Creation> {
    await this.process.step(this.world.turns());
    const fault = this.world.flinksFault();
    const left = fault === 'left' || fault === 'lost' ? [this.#session(referenceId)] : [];
    await this.process.step(this.world.turns());
    const failure = FAILURES[fault];
    if (failure !== undefined) return { result: failure, orphaned: left };
    if (fault === 'lost') return { result: notExecuted('no-effect'), orphaned: left };
    const sessionId = this.#session(referenceId);
    await this.process.step(this.world.turns());
    return { result: { kind: 'succeeded', value: { sessionId, paymentRequestId: undefined } }, orphaned: left };
  }

  async send(
    { referenceId }: PaymentDetails,
    _deadline: Deadline,
    _log: Logger,
    permit: () => Promise<boolean>,
  ): Promise<ProviderResult<PayableSession>> {
    // UNKNOWN, once told, is never released, so that no other attempt may follow.
    if (this.world.toldUnknown.has(referenceId)) this.world.mistakes.push(`${referenceId} goes on after UNKNOWN`);
    await this.process.step(this.world.turns());
    for (;;) {
      if (!(await permit())) return notExecuted('not-permitted');
      // From here on it is on its way, whatever becomes of the process.
      const fault = this.world.flinksFault();
      const sessionId = new Sensitive(randomUUID());
      if (!['rejected', 'unavailable', 'misconfigured', 'lost', 'again'].includes(fault))
        this.world.emails.push(referenceId);
      if (fault === 'lost' || fault === 'sent') this.world.doubts.add(referenceId);
      await this.process.step(this.world.turns());
      if (fault === 'again') continue;
      const failure = FAILURES[fault];
      if (failure !== undefined) return failure;
      if (fault === 'lost' || fault === 'sent') return { kind: 'unknown', reason: 'no response' };
      return { kind: 'succeeded', value: { sessionId, paymentRequestId: undefined } };
    }
  }

  #session(name: string): Sensitive<string> {
    const id = randomUUID();
    this.world.sessions.push({ name, id, process: this.process });
    return new Sensitive(id);
  }
}
