import type { Change, PaymentRequest, Session, State } from './state.js';
import type { Switches } from './switches.js';
import type { Webhooks } from './webhooks/webhooks.js';

/** Changes the status of payments, reports every change by webhook, and settles accepted payments. */
export class Payments {
  readonly #settling = new Map<Session, NodeJS.Timeout>();

  constructor(
    private readonly state: State,
    private readonly switches: Readonly<Switches>,
    private readonly webhooks: Webhooks,
  ) {}

  /** Adds the payment request of a session, with status Initiated. */
  activate(session: Session): PaymentRequest {
    const paymentRequest = this.state.addPaymentRequest(session, changeTo('Initiated'));
    this.webhooks.notify(session, paymentRequest.current);
    return paymentRequest;
  }

  /** Accepts a payment. It then settles by itself, in two steps of half of `settleAfterMs` each. */
  accept(session: Session, paymentRequest: PaymentRequest): void {
    this.moveTo(session, paymentRequest, 'Accepted');
    const { settleAfterMs } = this.switches;
    if (settleAfterMs > 0) this.#moveThrough(['Processed', 'Settled'], settleAfterMs / 2, session, paymentRequest);
  }

  /** Changes a payment from any status to any other. It no longer settles by itself after that. */
  moveTo(session: Session, paymentRequest: PaymentRequest, status: string, statusDetails?: string): void {
    clearTimeout(this.#settling.get(session));
    this.#settling.delete(session);
    paymentRequest.earlier.push(paymentRequest.current);
    paymentRequest.current = changeTo(status, statusDetails);
    this.webhooks.notify(session, paymentRequest.current);
  }

  /** Cancels all scheduled status changes. */
  clear(): void {
    for (const timer of this.#settling.values()) clearTimeout(timer);
    this.#settling.clear();
  }

  #moveThrough(statuses: string[], stepMs: number, session: Session, paymentRequest: PaymentRequest): void {
    const [next, ...rest] = statuses;
    if (next === undefined) return;
    const timer = setTimeout(() => {
      this.moveTo(session, paymentRequest, next);
      this.#moveThrough(rest, stepMs, session, paymentRequest);
    }, stepMs);
    this.#settling.set(session, timer.unref());
  }
}

function changeTo(status: string, statusDetails?: string): Change {
  return { status, ...(statusDetails === undefined ? {} : { statusDetails }), at: new Date().toISOString() };
}
