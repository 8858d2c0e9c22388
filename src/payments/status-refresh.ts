import { Deadline } from '../deadline.js';
import type { PaymentEventSource, PaymentSession } from '../domain/payment.js';
import { isFinal } from '../domain/payment-status.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import { MAX_LOOK_UPS_IN_FLIGHT } from '../flinks/look-ups.js';
import type { LookUps } from '../flinks/look-ups.js';
import type { Logger } from '../log.js';
import type { NewsStore, Told } from '../store/store.js';
import type { ApplyNews } from './apply-news.js';
import { LookUpTurns } from './look-up-turns.js';
import type { Turn, Urgency } from './look-up-turns.js';

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

interface UnderWay {
  readonly turn: Turn;
  readonly asked: Promise<Refreshed>;
  /** How many want to know, but for readers who gave up. */
  wants: number;
}

/** Asks Flinks how payments stand, and takes in what it says. */
export class StatusRefresh {
  readonly #turns = new LookUpTurns(MAX_LOOK_UPS_IN_FLIGHT);
  readonly #underWay = new Map<string, UnderWay>();

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
    const oldInMs = this.oldInMs(payment);
    if (oldInMs === undefined || oldInMs >= 0) return payment;
    const underWay = this.#join(payment, 'POLL', 'asked');
    const stored: Refreshed = { effect: 'no-answer', payment };
    const refreshed = await Deadline.after(READER_WAIT_MS).race(underWay.asked, stored);
    if (refreshed === stored) this.#leave(payment.id, underWay);
    return refreshed.payment;
  }

  /** Asks once, however many want to know at the same time. Throws `StoreUnavailable`. */
  refresh(payment: PaymentSession, source: PaymentEventSource, urgency: Urgency = 'asked'): Promise<Refreshed> {
    return this.#join(payment, source, urgency).asked;
  }

  /** In how many milliseconds the status is old, below 0 if it is; undefined of one that no look-up makes newer. */
  oldInMs(payment: PaymentSession): number | undefined {
    if (isFinal(payment.status) || !this.lookUps.canLookUp(payment)) return undefined;
    const knownAt = Math.max(payment.updatedAt.getTime(), payment.statusCheckedAt?.getTime() ?? 0);
    return knownAt + this.maxAgeMs - Date.now();
  }

  /** Resolves when nobody is being asked any more. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay.values()].map(({ asked }) => asked));
  }

  #join(payment: PaymentSession, source: PaymentEventSource, urgency: Urgency): UnderWay {
    const { id } = payment;
    const known = this.#underWay.get(id);
    if (known !== undefined) {
      known.wants += 1;
      known.turn.hurry(urgency);
      return known;
    }
    const turn = this.#turns.take(urgency);
    const asked = this.#askInTurn(turn, payment, source);
    const underWay = { turn, asked, wants: 1 };
    this.#underWay.set(id, underWay);
    const forget = () => this.#forget(id, underWay);
    asked.then(forget, forget);
    return underWay;
  }

  /** A reader gave up: nobody is asked for nobody. */
  #leave(id: string, underWay: UnderWay): void {
    underWay.wants -= 1;
    if (underWay.wants === 0 && underWay.turn.leave()) this.#forget(id, underWay);
  }

  #forget(id: string, underWay: UnderWay): void {
    if (this.#underWay.get(id) === underWay) this.#underWay.delete(id);
  }

  async #askInTurn(turn: Turn, payment: PaymentSession, source: PaymentEventSource): Promise<Refreshed> {
    if (!(await turn.come)) return { effect: 'no-answer', payment };
    try {
      return await this.#ask(payment, source);
    } finally {
      turn.end();
    }
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

  /** Grows with the time since the payment moved: what happened long ago will hardly go on this minute. */
  #intervalMs({ status, updatedAt }: PaymentSession, told: PaymentStatus | undefined): number {
    if (told !== undefined && told !== status) return this.maxAgeMs;
    const sinceMoveMs = Date.now() - updatedAt.getTime();
    return Math.min(MOST_AGES * this.maxAgeMs, Math.max(this.maxAgeMs, GROWTH * sinceMoveMs));
  }
}
