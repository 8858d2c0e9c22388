import { Deadline } from '../deadline.js';
import type { PaymentEventSource, PaymentSession } from '../domain/payment.js';
import { isFinal } from '../domain/payment-status.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import type { LookUps } from '../flinks/look-ups.js';
import type { Logger } from '../log.js';
import type { NewsStore, Told } from '../store/store.js';
import type { ApplyNews } from './apply-news.js';

/** What asking Flinks came to: what its answer did, or that there was none, or nothing to ask by. */
export interface Refreshed {
  readonly effect: Told['effect'] | 'no-answer' | 'cannot-ask';
  /** As it is after that. */
  readonly payment: PaymentSession;
}

/** Who reads a status waits so long for Flinks, then takes what is stored. */
const READER_WAIT_MS = 3_000;
/** An open payment is asked for again after this part of the time since it last moved. */
const GROWTH = 0.1;
/** The longest interval, in ages at which a status counts as old. */
const MOST_AGES = 120;

/** Asks Flinks how payments stand, and takes in what it says. */
export class StatusRefresh {
  readonly #underWay = new Map<string, Promise<Refreshed>>();

  constructor(
    private readonly lookUps: Pick<LookUps, 'canLookUp' | 'lookUp'>,
    private readonly news: Pick<ApplyNews, 'to'>,
    private readonly store: Pick<NewsStore, 'checkLater'>,
    /** From this age on, the status of an open payment is asked for again. */
    private readonly maxAgeMs: number,
    private readonly log: Logger,
  ) {}

  /** The payment as good as new: what is stored if that is final, fresh, or all there is to have soon. */
  async current(payment: PaymentSession): Promise<PaymentSession> {
    if (!this.#isOld(payment)) return payment;
    const stored: Refreshed = { effect: 'no-answer', payment };
    return (await Deadline.after(READER_WAIT_MS).race(this.refresh(payment, 'POLL'), stored)).payment;
  }

  /** Asks once, however many want to know at the same time. Throws `StoreUnavailable`. */
  refresh(payment: PaymentSession, source: PaymentEventSource): Promise<Refreshed> {
    const { id } = payment;
    const asked = this.#underWay.get(id) ?? this.#ask(payment, source).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, asked);
    return asked;
  }

  /** Resolves when nobody is being asked any more. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay.values());
  }

  async #ask(payment: PaymentSession, source: PaymentEventSource): Promise<Refreshed> {
    const verdict = await this.lookUps.lookUp(payment);
    if (verdict === undefined) {
      await this.store.checkLater(payment.id, undefined);
      return { effect: 'cannot-ask', payment };
    }
    if (verdict.kind !== 'done') {
      this.log.info({ paymentId: payment.id, verdict }, 'a look-up came to nothing');
      await this.store.checkLater(payment.id, this.#intervalMs(payment, payment.status));
      return { effect: 'no-answer', payment };
    }
    const nextCheckInMs = this.#intervalMs(payment, verdict.value.status);
    // Who wants to know may have learnt the ids by which Flinks was asked.
    const { paymentRequestId, sessionId } = payment;
    const told = await this.news.to(payment, { source, ...verdict.value, paymentRequestId, sessionId, nextCheckInMs });
    return told ?? { effect: 'known', payment };
  }

  #isOld(payment: PaymentSession): boolean {
    if (isFinal(payment.status) || !this.lookUps.canLookUp(payment)) return false;
    const knownAt = Math.max(payment.updatedAt.getTime(), payment.statusCheckedAt?.getTime() ?? 0);
    return Date.now() - knownAt > this.maxAgeMs;
  }

  /** Grows with the time since the payment moved: what happened long ago will hardly go on this minute. */
  #intervalMs({ status, updatedAt }: PaymentSession, told: PaymentStatus | undefined): number {
    if (told !== undefined && told !== status) return this.maxAgeMs;
    const sinceMoveMs = Date.now() - updatedAt.getTime();
    return Math.min(MOST_AGES * this.maxAgeMs, Math.max(this.maxAgeMs, GROWTH * sinceMoveMs));
  }
}
