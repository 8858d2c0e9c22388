import { randomUUID } from 'node:crypto';
import type { Deadline } from '../../src/lib/deadline.js';
import { UNAVAILABLE } from '../../src/domain/outcome.js';
import type { ProviderOutcome } from '../../src/domain/outcome.js';
import type { PaymentDetails } from '../../src/domain/payment.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import type { Creation, PayableSession, PayableSessions } from '../../src/flinks/payable-sessions.js';
import type { Logger } from '../../src/lib/logger.js';
import type { Process, World } from './world.js';

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
    if (fault === 'refused' || fault === 'misconfigured') return { outcome: { kind: fault }, orphaned: left };
    if (fault === 'unavailable' || fault === 'lost') return { outcome: UNAVAILABLE, orphaned: left };
    const sessionId = this.#session(referenceId);
    await this.process.step(this.world.turns());
    return { outcome: { kind: 'done', value: { sessionId, paymentRequestId: undefined } }, orphaned: left };
  }

  async send(
    { referenceId }: PaymentDetails,
    _deadline: Deadline,
    _log: Logger,
    permit: () => Promise<boolean>,
  ): Promise<ProviderOutcome<PayableSession>> {
    // UNKNOWN, once told, is never released, so that no other attempt may follow.
    if (this.world.toldUnknown.has(referenceId)) this.world.mistakes.push(`${referenceId} goes on after UNKNOWN`);
    await this.process.step(this.world.turns());
    for (;;) {
      if (!(await permit())) return UNAVAILABLE;
      // From here on it is on its way, whatever becomes of the process.
      const fault = this.world.flinksFault();
      const sessionId = new Sensitive(randomUUID());
      if (!['refused', 'unavailable', 'misconfigured', 'lost', 'again'].includes(fault))
        this.world.emails.push(referenceId);
      if (fault === 'lost' || fault === 'sent') this.world.doubts.add(referenceId);
      await this.process.step(this.world.turns());
      if (fault === 'again') continue;
      if (fault === 'refused' || fault === 'misconfigured') return { kind: fault };
      if (fault === 'unavailable') return UNAVAILABLE;
      if (fault === 'lost' || fault === 'sent') return { kind: 'unknown', sessionId: undefined };
      return { kind: 'done', value: { sessionId, paymentRequestId: undefined } };
    }
  }

  #session(name: string): Sensitive<string> {
    const id = randomUUID();
    this.world.sessions.push({ name, id, process: this.process });
    return new Sensitive(id);
  }
}
