import { setTimeout as sleep } from 'node:timers/promises';
import type { Deadline } from '../deadline.js';
import type { CertainOutcome, Outcome } from '../domain/outcome.js';
import type { PaymentOrder } from '../domain/payment.js';
import { Sensitive } from '../domain/sensitive.js';
import type { Logger } from '../log.js';
import type { FlinksClient, StartedSession } from './client.js';
import { decideRetry } from './retry.js';
import type { Step } from './retry.js';
import type { Failure, Verdict } from './verdict.js';

/** A session that the payer can pay. */
export interface PayableSession {
  readonly sessionId: Sensitive<string>;
  readonly paymentRequestId: string | undefined;
  /** Flinks's hosted app, opened for this session. */
  readonly launchUrl: Sensitive<string>;
}

interface Settings {
  /** Base of the hosted app, e.g. `https://payments-uat.flinksapp.com/app/`. */
  readonly appUrl: string;
  readonly sendRequestNeedsActivation: boolean;
}

/** Gets payable sessions out of Flinks, over as many calls as `retry.ts` allows within the deadline. */
export class PayableSessions {
  constructor(
    private readonly client: FlinksClient,
    private readonly settings: Settings,
  ) {}

  /** A session to hand out as a link. Never unknown: whatever was left behind at Flinks was handed to nobody. */
  async create(order: PaymentOrder, deadline: Deadline, log: Logger): Promise<CertainOutcome<PayableSession>> {
    const attempts = new Attempts(deadline, log);
    for (;;) {
      const started = await attempts.at('initiate', () => this.client.initiateSession(order, deadline));
      if (started.kind !== 'done') return outcomeOfCreation(started);
      const session = started.value;
      const activated = await attempts.at('activate-link', () => this.client.activateSession(session, deadline));
      if (activated.kind === 'done') return this.#payable(session, activated.value.paymentRequestId);
      if (activated.kind === 'unknown')
        log.warn(
          { referenceId: order.referenceId },
          'abandoned a session that may be active; nobody was given its link',
        );
      if (!attempts.mayStartOver) return outcomeOfCreation(activated);
    }
  }

  /** A session whose link Flinks e-mails to the payer. A send whose answer was lost is unknown and never repeated. */
  async send(order: PaymentOrder, deadline: Deadline, log: Logger): Promise<Outcome<PayableSession>> {
    const attempts = new Attempts(deadline, log);
    const sent = await attempts.at('send', () => this.client.sendPaymentRequest(order, deadline));
    if (sent.kind === 'unknown') return { kind: 'unknown' };
    if (sent.kind !== 'done') return outcomeOfCreation(sent);
    const session = sent.value;
    if (!this.settings.sendRequestNeedsActivation) return this.#payable(session, undefined);
    const activated = await attempts.at('activate-sent', () => this.client.activateSession(session, deadline));
    // The e-mail is out, so a failure of whatever kind must not lead anybody to send another one.
    return activated.kind === 'done' ? this.#payable(session, activated.value.paymentRequestId) : { kind: 'unknown' };
  }

  #payable(session: StartedSession, paymentRequestId: string | undefined): CertainOutcome<PayableSession> {
    const url = new URL(this.settings.appUrl);
    url.searchParams.set('sessionId', session.sessionId.reveal());
    const launchUrl = new Sensitive(url.href);
    return { kind: 'done', value: { sessionId: session.sessionId, paymentRequestId, launchUrl } };
  }
}

/** The calls of one mutation: counts the failed ones and waits before the next. */
class Attempts {
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

/** Nothing was handed out, so "unknown" is merely "unavailable". */
function outcomeOfCreation(failure: Failure): CertainOutcome<never> {
  switch (failure.kind) {
    case 'refused':
      return { kind: 'refused' };
    case 'misconfigured':
      return { kind: 'misconfigured' };
    case 'not-executed':
      return { kind: 'unavailable', retryAfterMs: failure.retryAfterMs };
    case 'unknown':
      return { kind: 'unavailable', retryAfterMs: undefined };
  }
}
