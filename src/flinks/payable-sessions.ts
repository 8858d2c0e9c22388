import type { Deadline } from '../lib/deadline.js';
import { notExecuted } from '../domain/provider-result.js';
import type { ProviderFailure, ProviderResult } from '../domain/provider-result.js';
import type { PaymentDetails } from '../domain/payment.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { Logger } from '../lib/logger.js';
import { RetryLoop } from './retry-loop.js';
import type { BeforeSend } from './request-executor.js';
import type { FlinksClient, StartedSession } from './client.js';

/** A session that the payer can pay. */
export interface PayableSession {
  readonly sessionId: Sensitive<string>;
  /** Undefined if Flinks did not report it. */
  readonly paymentRequestId: string | undefined;
}

/** The result of a creation, and the possibly active sessions that it left behind. */
export interface Creation {
  readonly result: ProviderResult<PayableSession>;
  readonly orphaned: readonly Sensitive<string>[];
}

/** Creates payable sessions at Flinks, in as many calls as `retry-policy.ts` allows within the deadline. */
export class PayableSessions {
  constructor(
    private readonly client: FlinksClient,
    private readonly sendRequestNeedsActivation: boolean,
  ) {}

  /** Creates a session for a link. The outcome is never unknown: no client received a session that was left behind. */
  async create(order: PaymentDetails, deadline: Deadline, log: Logger): Promise<Creation> {
    const retries = new RetryLoop(deadline, log);
    const orphaned: Sensitive<string>[] = [];
    for (;;) {
      const started = await retries.run('initiate', () => this.client.initiateSession(order, deadline));
      if (started.kind !== 'succeeded') return { result: withoutEffect(started), orphaned };
      const session = started.value;
      const activated = await retries.run('activate-link', () => this.client.activateSession(session, deadline));
      if (activated.kind === 'succeeded') return { result: payable(session, activated.value), orphaned };
      if (activated.kind === 'unknown') orphaned.push(session.sessionId);
      if (!retries.mustStartOver) return { result: withoutEffect(activated), orphaned };
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
  ): Promise<ProviderResult<PayableSession>> {
    const retries = new RetryLoop(deadline, log);
    const sent = await retries.run('send', () => this.client.sendPaymentRequest(order, deadline, beforeSend));
    if (sent.kind !== 'succeeded') return sent;
    const session = sent.value;
    if (!this.sendRequestNeedsActivation) return payable(session, { paymentRequestId: undefined });
    const activated = await retries.run('activate-sent', () => this.client.activateSession(session, deadline));
    // The e-mail has been sent, so no kind of failure may lead anybody to send another one.
    return activated.kind === 'succeeded'
      ? payable(session, activated.value)
      : { kind: 'unknown', reason: 'activation failed', sessionId: session.sessionId };
  }
}

function payable(
  { sessionId }: StartedSession,
  { paymentRequestId }: Pick<PayableSession, 'paymentRequestId'>,
): ProviderResult<PayableSession> {
  return { kind: 'succeeded', value: { sessionId, paymentRequestId } };
}

/** No client received anything of a creation that failed, so an unknown outcome is as good as none. */
function withoutEffect(failure: ProviderFailure): ProviderFailure {
  return failure.kind === 'unknown' ? notExecuted('no-effect') : failure;
}
