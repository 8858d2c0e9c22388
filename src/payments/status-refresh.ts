import { Deadline } from '../deadline.js';
import type { PaymentEventSource, PaymentSession } from '../domain/payment.js';
import { mismatchOf, proves } from '../domain/payment-mismatch.js';
import type { PaymentIdentity } from '../domain/payment-mismatch.js';
import { isFinal } from '../domain/payment-status.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { LookUps } from '../flinks/look-ups.js';
import type { Logger } from '../log.js';
import type { NewsStore, Told } from '../store/store.js';
import type { ApplyNews } from './apply-news.js';

/**
 * What asking Flinks came to: what its answer did, or that there was none, or nothing to ask by. unproven: an id was tried, and
 * the answer does not say that it is the payment's.
 */
export interface Refreshed {
  readonly effect: Told['effect'] | 'no-answer' | 'cannot-ask' | 'unproven';
  /** As it is after that. */
  readonly payment: PaymentSession;
}

/** Ids that a payment lacks and that may be its own: Flinks's answer to them decides. */
export interface TriedIds {
  readonly paymentRequestId: string | undefined;
  readonly sessionId: Sensitive<string> | undefined;
  /** The first may be of something else altogether, so that an answer about another payment is no alarm. */
  readonly isGuess: boolean;
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

  /** Asks once, however many want to know the same at the same time. Throws `StoreUnavailable`. */
  refresh(payment: PaymentSession, source: PaymentEventSource, tried?: TriedIds): Promise<Refreshed> {
    const key = JSON.stringify([payment.id, tried?.paymentRequestId, tried?.sessionId?.reveal()]);
    const asked =
      this.#underWay.get(key) ?? this.#ask(payment, source, tried).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asked);
    return asked;
  }

  /** Resolves when nobody is being asked any more. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay.values());
  }

  async #ask(payment: PaymentSession, source: PaymentEventSource, tried?: TriedIds): Promise<Refreshed> {
    const verdict = await this.lookUps.lookUp({
      paymentRequestId: payment.paymentRequestId ?? tried?.paymentRequestId,
      sessionId: payment.sessionId ?? tried?.sessionId,
    });
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
    const learnt = triedIn(payment, tried);
    if (learnt !== undefined && isUnproven(payment, value.identity, tried)) return { effect: 'unproven', payment };
    const nextCheckInMs = this.#intervalMs(payment, value.status);
    const told = await this.news.to(payment, { source, ...value, ...learnt, nextCheckInMs });
    if (told?.effect === 'mismatched')
      await this.store.checkLater(payment.id, this.#intervalMs(payment, payment.status));
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

function isUnproven(payment: PaymentSession, answered: PaymentIdentity, tried: TriedIds | undefined): boolean {
  if (proves(answered, payment)) return false;
  return tried?.isGuess === true || mismatchOf(payment, answered) === undefined;
}

/** The tried id by which Flinks was asked; undefined when the payment's own were enough. */
function triedIn(
  { paymentRequestId, sessionId }: PaymentSession,
  tried: TriedIds | undefined,
): Partial<TriedIds> | undefined {
  if (tried === undefined || paymentRequestId !== undefined) return undefined;
  if (tried.paymentRequestId !== undefined) return { paymentRequestId: tried.paymentRequestId };
  return sessionId === undefined ? { sessionId: tried.sessionId } : undefined;
}
