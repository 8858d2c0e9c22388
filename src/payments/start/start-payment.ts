import { randomUUID } from 'node:crypto';
import { Deadline } from '../../lib/deadline.js';
import type { PaymentDeliveryMethod } from '../../domain/payment.js';
import type { CreateLinkResult, StartPaymentResult } from '../../domain/payment-answer.js';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { Logger } from '../../lib/logger.js';
import type { Attempt, KeyRecord } from '../../domain/idempotency-key.js';
import type { AttemptStore } from '../../store/contracts/attempt-store.js';
import type { AttemptWaiter } from './attempt-waiter.js';
import type { Fingerprints } from './fingerprints.js';
import { toResult, isConcluded } from './key-result.js';
import type { AttemptRunner } from './attempt-runner.js';
import type { PaymentCommand } from './payment-command.js';

/** Told of every answer; must not throw. */
export type StartPaymentObserver = (
  delivery: PaymentDeliveryMethod,
  answer: StartPaymentResult['kind'] | 'replayed',
) => void;

/** For a repeat whose time is over before the attempt that it waits for. */
const RETRY_AFTER_MS = 1_000;

interface StartPaymentCommand extends PaymentCommand {
  readonly deliveryMethod: PaymentDeliveryMethod;
  readonly deadline: Deadline;
  readonly log: Logger;
}

/**
 * Gets a payment under way at Flinks, as a link to hand out or as an e-mail from Flinks: once for each key of a caller, however
 * often and wherever the call is made. A key is of one of the two.
 */
export class StartPayment {
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly store: AttemptStore,
    private readonly attempts: AttemptRunner,
    private readonly waiter: AttemptWaiter,
    private readonly fingerprints: Fingerprints,
    /** Bounds the whole mutation, retries and waiting included. */
    private readonly timeoutMs: number,
    private readonly observe: StartPaymentObserver,
  ) {}

  async createLink(call: PaymentCommand, log: Logger): Promise<CreateLinkResult> {
    const result = await this.#start('LINK', call, log);
    if (result.kind === 'unknown') throw new Error('a creation is never unknown');
    return result;
  }

  sendEmail(call: PaymentCommand, log: Logger): Promise<StartPaymentResult> {
    return this.#start('EMAIL', call, log);
  }

  /** Resolves when no call is under way. One whose caller hung up counts: it runs to its outcome all the same. */
  async whenIdle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  async #start(deliveryMethod: PaymentDeliveryMethod, call: PaymentCommand, log: Logger): Promise<StartPaymentResult> {
    const startedMs = performance.now();
    const pending = this.#claimOrUnavailable({
      ...call,
      deliveryMethod,
      deadline: Deadline.after(this.timeoutMs),
      log,
    });
    this.#inFlight.add(pending);
    try {
      const result = await pending;
      const outcome = result.kind === 'done' && result.replayed ? 'replayed' : result.kind;
      this.observe(deliveryMethod, outcome);
      const paymentId = 'payment' in result ? result.payment.id : undefined;
      const ms = Math.round(performance.now() - startedMs);
      log.info({ delivery: deliveryMethod, outcome, paymentId, ms }, 'payment call ended');
      return result;
    } finally {
      this.#inFlight.delete(pending);
    }
  }

  async #claimOrUnavailable(start: StartPaymentCommand): Promise<StartPaymentResult> {
    try {
      return await this.#claim(start);
    } catch (error) {
      if (error instanceof StoreUnavailableError) return { kind: 'store-unavailable' };
      throw error;
    }
  }

  async #claim(start: StartPaymentCommand): Promise<StartPaymentResult> {
    const {
      clientId: caller,
      deliveryMethod: operation,
      idempotencyKey: key,
      request,
      allowDuplicate,
      deadline,
    } = start;
    const order = { ...request, referenceId: request.referenceId ?? randomUUID() };
    const fingerprint = this.fingerprints.compute(request);
    // Without a reference of the caller's nothing tells a repeat from another payment of the same amount.
    const guarded = request.referenceId !== undefined && !allowDuplicate;
    const isLate = (): boolean => deadline.remainingMs() === 0;
    const claimed = await this.store.claim({
      clientId: caller,
      deliveryMethod: operation,
      key,
      order,
      fingerprint,
      guarded,
      isLate,
    });
    if ('attempt' in claimed) return this.#attempt(start, claimed.attempt);
    if ('limited' in claimed) return { kind: 'rate-limited', ...claimed.limited };
    if ('duplicate' in claimed) return { kind: 'duplicate', payment: claimed.duplicate };
    const { payment, fingerprint: meant } = claimed.record;
    // Also where the key was released: a repeat of the call that had it first would make a second payment.
    if (payment.deliveryMethod !== operation || !this.fingerprints.matches(meant, request))
      return { kind: 'key-reused', payment };
    return this.#repeat(start, claimed.record, false);
  }

  async #attempt(start: StartPaymentCommand, attempt: Attempt): Promise<StartPaymentResult> {
    const { deliveryMethod: operation, request, deadline, log } = start;
    const order = { ...request, referenceId: attempt.payment.upstreamReferenceId };
    const result = await this.attempts[operation === 'LINK' ? 'createLink' : 'sendEmail'](
      attempt,
      order,
      deadline,
      log,
    );
    return result ?? this.#repeat(start, await this.store.read(attempt.payment), true);
  }

  /**
   * Answers from what other calls with the key did or do. `waited`: an attempt was waited for, so that its failure is the
   * answer; if all who waited tried again instead, a failing Flinks would get their calls all at once.
   */
  async #repeat(
    start: StartPaymentCommand,
    found: KeyRecord | undefined,
    waited: boolean,
  ): Promise<StartPaymentResult> {
    let record = found;
    while (record !== undefined) {
      if (isConcluded(record)) {
        if (record.state !== 'RELEASED' || waited) return toResult(record, true);
        const attempt = await this.store.reclaim(record);
        if (attempt !== undefined) return this.#attempt(start, attempt);
        record = await this.store.read(record.payment);
      } else if (record.isLeaseExpired) {
        // Its owner is gone, and with it the failure that could have been the answer.
        waited = false;
        await this.store.expire(record);
        record = await this.store.read(record.payment);
      } else {
        waited = true;
        const before: KeyRecord = record;
        record = await start.deadline.race(this.waiter.waitForAttempt(before), before);
        if (record === before) return { kind: 'in-progress', retryAfterMs: RETRY_AFTER_MS };
      }
    }
    // The key was cleaned up meanwhile, and is free.
    return this.#claim(start);
  }
}
