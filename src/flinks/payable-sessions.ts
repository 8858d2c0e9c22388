import type { Deadline } from '../lib/deadline.js';
import { UNAVAILABLE } from '../domain/outcome.js';
import type { DefiniteOutcome, ProviderOutcome } from '../domain/outcome.js';
import type { PaymentDetails } from '../domain/payment.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { Logger } from '../lib/logger.js';
import { RetryLoop } from './retry-loop.js';
import type { BeforeSend } from './request-executor.js';
import type { FlinksClient, StartedSession } from './client.js';
import type { CallFailure } from './call-result.js';

/** A session that the payer can pay. */
export interface PayableSession {
  readonly sessionId: Sensitive<string>;
  /** Undefined if Flinks did not report it. */
  readonly paymentRequestId: string | undefined;
}

/** The outcome of a creation, and the possibly active sessions that it left behind. */
export interface Creation {
  readonly outcome: DefiniteOutcome<PayableSession>;
  readonly orphaned: readonly Sensitive<string>[];
}

/** Creates payable sessions at Flinks, in as many calls as `retry.ts` allows within the deadline. */
export class PayableSessions {
  constructor(
    private readonly client: FlinksClient,
    private readonly sendRequestNeedsActivation: boolean,
  ) {}

  /**
   * Creates a session whose link the merchant delivers. The outcome is never unknown: no client received any session
   * that was left behind.
   */
  async create(order: PaymentDetails, deadline: Deadline, log: Logger): Promise<Creation> {
    const retries = new RetryLoop(deadline, log);
    const orphaned: Sensitive<string>[] = [];
    for (;;) {
      const started = await retries.run('initiate', () => this.client.initiateSession(order, deadline));
      if (started.kind !== 'done') return { outcome: toOutcome(started), orphaned };
      const session = started.value;
      const activated = await retries.run('activate-link', () => this.client.activateSession(session, deadline));
      if (activated.kind === 'done') return { outcome: payable(session, activated.value.paymentRequestId), orphaned };
      if (activated.kind === 'unknown') orphaned.push(session.sessionId);
      if (!retries.mustStartOver) return { outcome: toOutcome(activated), orphaned };
    }
  }

  /**
   * Creates a session whose link Flinks e-mails to the payer. A send whose response was lost is unknown and never
   * repeated. `beforeSend` is called each time before an e-mail could be sent.
   */
  async send(
    order: PaymentDetails,
    deadline: Deadline,
    log: Logger,
    beforeSend: BeforeSend,
  ): Promise<ProviderOutcome<PayableSession>> {
    const retries = new RetryLoop(deadline, log);
    const sent = await retries.run('send', () => this.client.sendPaymentRequest(order, deadline, beforeSend));
    if (sent.kind === 'unknown') return { kind: 'unknown', sessionId: undefined };
    if (sent.kind !== 'done') return toOutcome(sent);
    const session = sent.value;
    if (!this.sendRequestNeedsActivation) return payable(session, undefined);
    const activated = await retries.run('activate-sent', () => this.client.activateSession(session, deadline));
    // The e-mail has been sent, so no kind of failure may lead anybody to send another one.
    return activated.kind === 'done'
      ? payable(session, activated.value.paymentRequestId)
      : { kind: 'unknown', sessionId: session.sessionId };
  }
}

function payable({ sessionId }: StartedSession, paymentRequestId: string | undefined): DefiniteOutcome<PayableSession> {
  return { kind: 'done', value: { sessionId, paymentRequestId } };
}

/** No client received anything, so "unknown" is merely "unavailable" here. */
function toOutcome(failure: CallFailure): DefiniteOutcome<never> {
  switch (failure.kind) {
    case 'refused':
      return { kind: 'refused' };
    case 'misconfigured':
      return { kind: 'misconfigured' };
    case 'not-executed':
      return { kind: 'unavailable', retryAfterMs: failure.retryAfterMs };
    case 'unknown':
      return UNAVAILABLE;
  }
}
