import { randomUUID } from 'node:crypto';
import { Deadline } from '../deadline.js';
import type { PaymentDeliveryMethod } from '../domain/payment.js';
import type { LinkAnswer, PaymentAnswer } from '../domain/payment-answer.js';
import { StoreUnavailable } from '../domain/store-unavailable.js';
import type { Logger } from '../log.js';
import type { Attempt, AttemptStore, KeyRecord } from '../store/store.js';
import type { AttemptWatch } from './attempt-watch.js';
import type { Fingerprints } from './fingerprints.js';
import { answerOf, isSettled } from './settled.js';
import type { PaymentAttempts } from './payment-attempts.js';
import type { PaymentCall } from './payment-request.js';

/** Told of every answer; must not throw. */
export type AnswerObserver = (delivery: PaymentDeliveryMethod, answer: PaymentAnswer['kind'] | 'replayed') => void;

/** For a repeat whose time is over before the attempt that it waits for. */
const RETRY_AFTER_MS = 1_000;

interface Start extends PaymentCall {
  readonly operation: PaymentDeliveryMethod;
  readonly deadline: Deadline;
  readonly log: Logger;
}

/**
 * Gets a payment under way at Flinks, as a link to hand out or as an e-mail from Flinks: once for each key of a caller, however
 * often and wherever the call is made. A key is of one of the two.
 */
export class StartPayment {
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly store: AttemptStore,
    private readonly attempts: PaymentAttempts,
    private readonly watch: AttemptWatch,
    private readonly fingerprints: Fingerprints,
    /** Bounds the whole mutation, retries and waiting included. */
    private readonly timeoutMs: number,
    private readonly observe: AnswerObserver,
  ) {}

  async byLink(call: PaymentCall, log: Logger): Promise<LinkAnswer> {
    const answer = await this.#start('LINK', call, log);
    if (answer.kind === 'unknown') throw new Error('a creation is never unknown');
    return answer;
  }

  byEmail(call: PaymentCall, log: Logger): Promise<PaymentAnswer> {
    return this.#start('EMAIL', call, log);
  }

  /** Resolves when no call is under way. One whose caller hung up counts: it runs to its outcome all the same. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  async #start(operation: PaymentDeliveryMethod, call: PaymentCall, log: Logger): Promise<PaymentAnswer> {
    const startedMs = performance.now();
    const answering = this.#answer({ ...call, operation, deadline: Deadline.after(this.timeoutMs), log });
    this.#underWay.add(answering);
    try {
      const answer = await answering;
      const outcome = answer.kind === 'done' && answer.replayed ? 'replayed' : answer.kind;
      this.observe(operation, outcome);
      const paymentId = 'payment' in answer ? answer.payment.id : undefined;
      const ms = Math.round(performance.now() - startedMs);
      log.info({ delivery: operation, outcome, paymentId, ms }, 'payment call ended');
      return answer;
    } finally {
      this.#underWay.delete(answering);
    }
  }

  async #answer(start: Start): Promise<PaymentAnswer> {
    try {
      return await this.#claim(start);
    } catch (error) {
      if (error instanceof StoreUnavailable) return { kind: 'store-unavailable' };
      throw error;
    }
  }

  async #claim(start: Start): Promise<PaymentAnswer> {
    const { caller, operation, idempotencyKey: key, request, allowDuplicate, deadline } = start;
    const order = { ...request, referenceId: request.referenceId ?? randomUUID() };
    const fingerprint = this.fingerprints.of(request);
    // Without a reference of the caller's nothing tells a repeat from another payment of the same amount.
    const guarded = request.referenceId !== undefined && !allowDuplicate;
    const isLate = (): boolean => deadline.remainingMs() === 0;
    const claimed = await this.store.claim({ caller, operation, key, order, fingerprint, guarded, isLate });
    if ('attempt' in claimed) return this.#attempt(start, claimed.attempt);
    if ('limited' in claimed) return { kind: 'rate-limited', ...claimed.limited };
    if ('duplicate' in claimed) return { kind: 'duplicate', payment: claimed.duplicate };
    const { payment, fingerprint: meant } = claimed.record;
    // Also where the key was released: a repeat of the call that had it first would make a second payment.
    if (payment.deliveryMethod !== operation || !this.fingerprints.matches(meant, request))
      return { kind: 'key-reused', payment };
    return this.#repeat(start, claimed.record, false);
  }

  async #attempt(start: Start, attempt: Attempt): Promise<PaymentAnswer> {
    const { operation, request, deadline, log } = start;
    const order = { ...request, referenceId: attempt.payment.upstreamReferenceId };
    const answer = await this.attempts[operation === 'LINK' ? 'byLink' : 'byEmail'](attempt, order, deadline, log);
    return answer ?? this.#repeat(start, await this.store.read(attempt.payment), true);
  }

  /**
   * Answers from what other calls with the key did or do. `waited`: an attempt was waited for, so that its failure is the
   * answer; if all who waited tried again instead, a failing Flinks would get their calls all at once.
   */
  async #repeat(start: Start, found: KeyRecord | undefined, waited: boolean): Promise<PaymentAnswer> {
    let record = found;
    while (record !== undefined) {
      if (isSettled(record)) {
        if (record.state !== 'RELEASED' || waited) return answerOf(record, true);
        const attempt = await this.store.reclaim(record);
        if (attempt !== undefined) return this.#attempt(start, attempt);
        record = await this.store.read(record.payment);
      } else if (record.leaseOver) {
        // Its owner is gone, and with it the failure that could have been the answer.
        waited = false;
        await this.store.bury(record);
        record = await this.store.read(record.payment);
      } else {
        waited = true;
        const before: KeyRecord = record;
        record = await start.deadline.race(this.watch.afterAttempt(before), before);
        if (record === before) return { kind: 'in-progress', retryAfterMs: RETRY_AFTER_MS };
      }
    }
    // The key was cleaned up meanwhile, and is free.
    return this.#claim(start);
  }
}
