import { randomUUID } from 'node:crypto';
import { Deadline } from '../deadline.js';
import type { CertainOutcome, Outcome } from '../domain/outcome.js';
import type { PaymentDelivery, PaymentOrder, PaymentSession } from '../domain/payment.js';
import type { PayableSession, PayableSessions } from '../flinks/payable-sessions.js';
import type { Logger } from '../log.js';

/** A payment as the caller asked for it: valid and normalised, with or without a reference. */
export type PaymentRequest = Omit<PaymentOrder, 'referenceId'> & { readonly referenceId: string | undefined };

/** Told of every outcome; must not throw. */
export type OutcomeObserver = (delivery: PaymentDelivery, outcome: Outcome<unknown>['kind']) => void;

/** Gets a payment under way at Flinks, as a link to hand out or as an e-mail from Flinks. */
export class StartPayment {
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly sessions: Pick<PayableSessions, 'create' | 'send'>,
    /** Bounds the whole attempt, retries and waiting included. */
    private readonly timeoutMs: number,
    private readonly observe: OutcomeObserver,
  ) {}

  byLink(request: PaymentRequest, log: Logger): Promise<CertainOutcome<PaymentSession>> {
    return this.#start('LINK', request, log, (order, deadline) => this.sessions.create(order, deadline, log));
  }

  byEmail(request: PaymentRequest, log: Logger): Promise<Outcome<PaymentSession>> {
    return this.#start('EMAIL', request, log, (order, deadline) => this.sessions.send(order, deadline, log));
  }

  /** Resolves when no attempt is under way. One whose caller hung up counts: it runs to its outcome all the same. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  async #start<O extends Outcome<PayableSession>>(
    delivery: PaymentDelivery,
    request: PaymentRequest,
    log: Logger,
    attempt: (order: PaymentOrder, deadline: Deadline) => Promise<O>,
  ): Promise<Exclude<O, { kind: 'done' }> | { kind: 'done'; value: PaymentSession }> {
    const startedMs = performance.now();
    const order: PaymentOrder = { ...request, referenceId: request.referenceId ?? randomUUID() };
    const outcome = await this.#counted(attempt(order, Deadline.after(this.timeoutMs)));
    this.observe(delivery, outcome.kind);
    const ms = Math.round(performance.now() - startedMs);
    log.info({ delivery, outcome: outcome.kind, ms }, 'payment attempt ended');
    if (outcome.kind !== 'done') return outcome as Exclude<O, { kind: 'done' }>;
    const session = { ...order, ...outcome.value, delivery, status: 'INITIATED', createdAt: new Date() } as const;
    return { kind: 'done', value: session };
  }

  async #counted<O>(attempt: Promise<O>): Promise<O> {
    this.#underWay.add(attempt);
    try {
      return await attempt;
    } finally {
      this.#underWay.delete(attempt);
    }
  }
}
