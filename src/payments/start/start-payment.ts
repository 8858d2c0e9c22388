import { randomUUID } from 'node:crypto';
import { isConcluded } from '../../domain/idempotency-key.js';
import type { Attempt, KeyRecord } from '../../domain/idempotency-key.js';
import { STORE_UNAVAILABLE, resultOf } from '../../domain/payment-results.js';
import type { CreateLinkResult, StartPaymentResult } from '../../domain/payment-results.js';
import type { PaymentDeliveryMethod, RequestedPayment } from '../../domain/payment.js';
import { orIfUnavailable } from '../../domain/store-unavailable.js';
import { Deadline } from '../../lib/deadline.js';
import { InFlight } from '../../lib/in-flight.js';
import type { Logger } from '../../lib/logger.js';
import type { AttemptStore } from '../../store/contracts/attempt-store.js';
import type { AttemptRunner } from './attempt-runner.js';
import type { AttemptWaiter } from './attempt-waiter.js';
import type { Fingerprints } from './fingerprints.js';

/** One call of a payment mutation. Repeats have the same client, key and request; `allowDuplicate` may differ. */
export interface PaymentCommand {
  readonly clientId: string;
  readonly idempotencyKey: string;
  /** A person confirmed the payment although it may look like a repeat of an earlier one. */
  readonly allowDuplicate: boolean;
  readonly request: RequestedPayment;
}

/** Called with every result; must not throw. */
export type StartPaymentObserver = (
  deliveryMethod: PaymentDeliveryMethod,
  result: StartPaymentResult['kind'] | 'replayed',
) => void;

/** When to retry a repeated call whose deadline passed before the attempt that it waited for ended, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

interface StartPaymentCommand extends PaymentCommand {
  readonly deliveryMethod: PaymentDeliveryMethod;
  readonly deadline: Deadline;
  readonly log: Logger;
}

/**
 * Starts a payment at Flinks, delivered as a link by the merchant or as an e-mail by Flinks.
 * An idempotency key of a client starts one payment, regardless of how often and on which replicas the call is made. A
 * key belongs to one of the two delivery methods. Expected failures are results (see `StartPaymentResult`), not errors:
 * an unavailable store is the result `store-unavailable`. Amounts are in minor units, times in milliseconds.
 */
export class StartPayment {
  readonly #inFlight = new InFlight();

  constructor(
    private readonly store: AttemptStore,
    private readonly attempts: AttemptRunner,
    private readonly waiter: AttemptWaiter,
    private readonly fingerprints: Fingerprints,
    /** Timeout of the whole mutation including retries and waiting, in milliseconds. */
    private readonly timeoutMs: number,
    private readonly observe: StartPaymentObserver,
  ) {}

  /**
   * Starts a payment whose link the merchant delivers. `succeeded` holds the payment with its Flinks session;
   * `replayed` says that an earlier call had created it. Never `unknown`. Throws unexpected errors only.
   */
  async createLink(call: PaymentCommand, log: Logger): Promise<CreateLinkResult> {
    const result = await this.#start('LINK', call, log);
    if (result.kind === 'unknown') throw new Error('a creation is never unknown');
    return result;
  }

  /**
   * Starts a payment whose link Flinks e-mails to the payer. The result is `unknown` if the e-mail may have been sent;
   * repeats with the same key never send another. Throws unexpected errors only.
   */
  sendEmail(call: PaymentCommand, log: Logger): Promise<StartPaymentResult> {
    return this.#start('EMAIL', call, log);
  }

  /** Resolves when no call is in progress. A call whose client disconnected counts: it runs to its outcome. */
  whenIdle(): Promise<void> {
    return this.#inFlight.whenIdle();
  }

  async #start(deliveryMethod: PaymentDeliveryMethod, call: PaymentCommand, log: Logger): Promise<StartPaymentResult> {
    const startedMs = performance.now();
    const deadline = Deadline.after(this.timeoutMs);
    const started = orIfUnavailable(this.#claim({ ...call, deliveryMethod, deadline, log }), STORE_UNAVAILABLE);
    const result = await this.#inFlight.add(started);
    const outcome = result.kind === 'succeeded' && result.replayed ? 'replayed' : result.kind;
    this.observe(deliveryMethod, outcome);
    const paymentId = 'payment' in result ? result.payment.id : undefined;
    const ms = Math.round(performance.now() - startedMs);
    const fields = { delivery: deliveryMethod, outcome, paymentId, ms };
    log.info({ event: 'payment_call_completed', ...fields }, 'payment call completed');
    return result;
  }

  async #claim(start: StartPaymentCommand): Promise<StartPaymentResult> {
    const { clientId, deliveryMethod, idempotencyKey: key, request, allowDuplicate, deadline } = start;
    const order = { ...request, referenceId: request.referenceId ?? randomUUID() };
    const fingerprint = this.fingerprints.compute(request);
    // Without a reference from the client, nothing distinguishes a repeat from another payment of the same amount.
    const guarded = request.referenceId !== undefined && !allowDuplicate;
    const isLate = (): boolean => deadline.remainingMs() === 0;
    const claimed = await this.store.claim({ clientId, deliveryMethod, key, order, fingerprint, guarded, isLate });
    if ('attempt' in claimed) return this.#attempt(start, claimed.attempt);
    if ('limited' in claimed) return { kind: 'rate-limited', ...claimed.limited };
    if ('duplicate' in claimed) return { kind: 'duplicate', payment: claimed.duplicate };
    const { payment, fingerprint: stored } = claimed.record;
    // This applies to a released key too: a repeat of the call that used it first would create a second payment.
    if (payment.deliveryMethod !== deliveryMethod || !this.fingerprints.matches(stored, request))
      return { kind: 'key-reused', payment };
    return this.#repeat(start, claimed.record, { waited: false });
  }

  async #attempt(start: StartPaymentCommand, attempt: Attempt): Promise<StartPaymentResult> {
    const { deliveryMethod, request, deadline, log } = start;
    const order = { ...request, referenceId: attempt.payment.upstreamReferenceId };
    const method = deliveryMethod === 'LINK' ? 'createLink' : 'sendEmail';
    const result = await this.attempts[method](attempt, order, deadline, log);
    return result ?? this.#repeat(start, await this.store.read(attempt.payment), { waited: true });
  }

  /**
   * Derives the result from what other calls with the same key did or are doing. `waited`: this call waited for an
   * attempt, so a failure of that attempt is its result too. If all waiting calls tried again instead, a failing Flinks
   * would get their calls all at once.
   */
  async #repeat(
    start: StartPaymentCommand,
    found: KeyRecord | undefined,
    { waited }: { waited: boolean },
  ): Promise<StartPaymentResult> {
    let record = found;
    while (record !== undefined) {
      if (isConcluded(record)) {
        if (record.state !== 'RELEASED' || waited) return resultOf(record, { replayed: true });
        const attempt = await this.store.reclaim(record);
        if (attempt !== undefined) return this.#attempt(start, attempt);
        record = await this.store.read(record.payment);
      } else if (record.isLeaseExpired) {
        // The attempt's replica crashed, and with it the failure that could have been the result.
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
    // The key was removed meanwhile, so it is free.
    return this.#claim(start);
  }
}
