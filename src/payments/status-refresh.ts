import { Deadline } from '../deadline.js';
import type { PaymentSessionEventSource, PaymentSession } from '../domain/payment.js';
import { mismatchOf, proves } from '../domain/payment-mismatch.js';
import { isFinal } from '../domain/payment-status.js';
import type { PaymentSessionStatus } from '../domain/payment-status.js';
import type { Sensitive } from '../domain/sensitive.js';
import { MAX_LOOK_UPS_IN_FLIGHT } from '../flinks/look-ups.js';
import type { LookUps } from '../flinks/look-ups.js';
import type { Logger } from '../log.js';
import type { DueStore, StatusUpdateResult } from '../store/store.js';
import type { ApplyStatusUpdate } from './apply-status-update.js';
import { LookUpTurns } from './look-up-turns.js';
import type { Turn, Urgency } from './look-up-turns.js';

/**
 * What asking Flinks came to: what its answer did, or that there was none, or nothing to ask by. unproven: an id was tried, and
 * the answer does not say that it is the payment's.
 */
export interface Refreshed {
  readonly effect: StatusUpdateResult['effect'] | 'no-answer' | 'cannot-ask' | 'unproven';
  /** As it is after that. */
  readonly payment: PaymentSession;
}

/** Ids that a payment lacks and that may be its own: Flinks's answer to them decides. */
export interface TriedIds {
  readonly paymentRequestId: string | undefined;
  readonly sessionId: Sensitive<string> | undefined;
  /** The first may be of something else altogether, which Flinks knows no payment by. */
  readonly isGuess: boolean;
}

/** How Flinks is asked: before whom, and by which ids beside those of the payment. */
export interface Asking {
  readonly urgency?: Urgency;
  readonly tried?: TriedIds | undefined;
}

/** Who reads a status waits so long for Flinks, then takes what is stored. */
const READER_WAIT_MS = 3_000;
/** An open payment is asked for again after this part of the time since it last moved. */
const GROWTH = 0.1;
/** The longest interval, in ages at which a status counts as old. */
const MOST_AGES = 120;

interface UnderWay {
  readonly key: string;
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
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply' | 'reject'>,
    private readonly store: Pick<DueStore, 'checkLater'>,
    /** From this age on, the status of an open payment is asked for again. */
    private readonly maxAgeMs: number,
    private readonly log: Logger,
  ) {}

  /** The payment as good as new: what is stored if that is final, fresh, or all there is to have soon. */
  async current(payment: PaymentSession): Promise<PaymentSession> {
    const oldInMs = this.oldInMs(payment);
    if (oldInMs === undefined || oldInMs >= 0) return payment;
    const underWay = this.#join(payment, 'POLL', {});
    const stored: Refreshed = { effect: 'no-answer', payment };
    const refreshed = await Deadline.after(READER_WAIT_MS).race(underWay.asked, stored);
    if (refreshed === stored) this.#leave(underWay);
    return refreshed.payment;
  }

  /** Asks once, however many want to know the same at the same time. Throws `StoreUnavailable`. */
  refresh(payment: PaymentSession, source: PaymentSessionEventSource, how: Asking = {}): Promise<Refreshed> {
    return this.#join(payment, source, how).asked;
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

  #join(payment: PaymentSession, source: PaymentSessionEventSource, { urgency = 'asked', tried }: Asking): UnderWay {
    const key = JSON.stringify([payment.id, tried?.paymentRequestId, tried?.sessionId?.reveal()]);
    const known = this.#underWay.get(key);
    if (known !== undefined) {
      known.wants += 1;
      known.turn.hurry(urgency);
      return known;
    }
    const turn = this.#turns.take(urgency);
    const asked = this.#askInTurn(turn, payment, source, tried);
    const underWay = { key, turn, asked, wants: 1 };
    this.#underWay.set(key, underWay);
    const forget = () => this.#forget(underWay);
    asked.then(forget, forget);
    return underWay;
  }

  /** A reader gave up: nobody is asked for nobody. */
  #leave(underWay: UnderWay): void {
    underWay.wants -= 1;
    if (underWay.wants === 0 && underWay.turn.leave()) this.#forget(underWay);
  }

  #forget(underWay: UnderWay): void {
    if (this.#underWay.get(underWay.key) === underWay) this.#underWay.delete(underWay.key);
  }

  async #askInTurn(
    turn: Turn,
    payment: PaymentSession,
    source: PaymentSessionEventSource,
    tried: TriedIds | undefined,
  ): Promise<Refreshed> {
    if (!(await turn.come)) return { effect: 'no-answer', payment };
    try {
      return await this.#ask(payment, source, tried);
    } finally {
      turn.end();
    }
  }

  async #ask(payment: PaymentSession, source: PaymentSessionEventSource, tried?: TriedIds): Promise<Refreshed> {
    const tries = triedIn(payment, tried);
    const asked = { ...payment, ...tries };
    const verdict = await this.lookUps.lookUp(asked);
    if (verdict === undefined) {
      await this.store.checkLater(payment.id, undefined);
      return { effect: 'cannot-ask', payment };
    }
    if (verdict.kind !== 'done') {
      this.log.info({ paymentId: payment.id, verdict }, 'a look-up came to nothing');
      await this.store.checkLater(payment.id, this.#intervalMs(payment, payment.status));
      return { effect: 'no-answer', payment };
    }
    const { value } = verdict;
    const mismatch = mismatchOf(asked, value.identity);
    if (tries !== undefined && !mismatch && !proves(value.identity, asked)) return { effect: 'unproven', payment };
    const nextCheckInMs = this.#intervalMs(payment, value.status);
    const result = mismatch
      ? await this.statusUpdates.reject(payment, source, mismatch)
      : await this.statusUpdates.apply(payment, { source, ...value, ...tries, nextCheckInMs });
    if (result?.effect !== 'mismatched') return result ?? { effect: 'stale', payment };
    await this.store.checkLater(payment.id, this.#intervalMs(payment, payment.status));
    return { effect: 'mismatched', payment };
  }

  /** Grows with the time since the payment moved: what happened long ago will hardly go on this minute. */
  #intervalMs({ status, updatedAt }: PaymentSession, reported: PaymentSessionStatus | undefined): number {
    if (reported !== undefined && reported !== status) return this.maxAgeMs;
    const sinceMoveMs = Date.now() - updatedAt.getTime();
    return Math.min(MOST_AGES * this.maxAgeMs, Math.max(this.maxAgeMs, GROWTH * sinceMoveMs));
  }
}

/** The tried id by which Flinks was asked; undefined when the payment's own were enough. */
function triedIn(
  { paymentRequestId, sessionId }: PaymentSession,
  tried: TriedIds | undefined,
): Pick<PaymentSession, 'paymentRequestId' | 'sessionId'> | undefined {
  if (tried === undefined || paymentRequestId !== undefined) return undefined;
  if (tried.paymentRequestId !== undefined) return { paymentRequestId: tried.paymentRequestId, sessionId };
  return sessionId === undefined ? { paymentRequestId, sessionId: tried.sessionId } : undefined;
}
