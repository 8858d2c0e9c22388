import { findMismatch, proves } from '../../domain/payment-mismatch.js';
import { isFinal } from '../../domain/payment-status.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import { pollIntervalMs, staleInMs } from '../../domain/poll-schedule.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { MAX_LOOKUPS_IN_FLIGHT } from '../../flinks/lookups.js';
import type { Lookups } from '../../flinks/lookups.js';
import { Deadline } from '../../lib/deadline.js';
import type { Logger } from '../../lib/logger.js';
import type { DueStore, StatusUpdateResult } from '../../store/contracts/status-store.js';
import type { ApplyStatusUpdate } from './apply-status-update.js';
import { LookupQueue } from './lookup-queue.js';
import type { LookupSlot, Urgency } from './lookup-queue.js';

/**
 * The result of a refresh: the effect of the reported status, or why there was none. no-response: the lookup failed.
 * not-lookupable: the payment has no id to look it up by. unproven: a tried id was looked up, and the response does not
 * prove that it is the payment's.
 */
export interface Refreshed {
  readonly effect: StatusUpdateResult['effect'] | 'no-response' | 'not-lookupable' | 'unproven';
  /** The payment after that. */
  readonly payment: PaymentSession;
}

/** Ids that a payment lacks and that a webhook event names. The lookup decides whether they are the payment's. */
export interface TriedIds {
  readonly paymentRequestId: string | undefined;
  readonly sessionId: Sensitive<string> | undefined;
  /** `paymentRequestId` may be an id of something else altogether, by which Flinks knows no payment. */
  readonly isGuess: boolean;
}

/** How urgent a lookup is, and which ids to try in addition to the payment's. */
export interface RefreshOptions {
  readonly urgency?: Urgency;
  readonly tried?: TriedIds | undefined;
}

/** Maximum time that a reader waits for Flinks before the stored status is returned. */
const READER_WAIT_MS = 3_000;

interface PendingLookup {
  readonly key: string;
  readonly slot: LookupSlot;
  readonly refreshed: Promise<Refreshed>;
  /** Number of calls that want the result, without readers who stopped waiting. */
  waiters: number;
}

/** Looks up the status of payments at Flinks and applies what it reports. */
export class StatusRefresh {
  readonly #queue = new LookupQueue(MAX_LOOKUPS_IN_FLIGHT);
  readonly #pending = new Map<string, PendingLookup>();

  constructor(
    private readonly lookups: Pick<Lookups, 'canLookup' | 'lookup'>,
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply' | 'reject'>,
    private readonly store: Pick<DueStore, 'scheduleCheck'>,
    /** Age from which on the status of an open payment is looked up again, in milliseconds. */
    private readonly staleAfterMs: number,
    private readonly log: Logger,
  ) {}

  /**
   * The payment with a current status; the stored one if that is final or fresh, or if the lookup takes more than 3 s.
   * Throws `StoreUnavailableError`.
   */
  async current(payment: PaymentSession): Promise<PaymentSession> {
    const remainingMs = this.staleInMs(payment);
    if (remainingMs === undefined || remainingMs >= 0) return payment;
    const pending = this.#join(payment, 'POLL', {});
    const stored: Refreshed = { effect: 'no-response', payment };
    const refreshed = await Deadline.after(READER_WAIT_MS).race(pending.refreshed, stored);
    if (refreshed === stored) this.#leave(pending);
    return refreshed.payment;
  }

  /** Looks a payment up and applies the result. Concurrent calls share a lookup. Throws `StoreUnavailableError`. */
  refresh(payment: PaymentSession, source: PaymentSessionEventSource, how: RefreshOptions = {}): Promise<Refreshed> {
    return this.#join(payment, source, how).refreshed;
  }

  /** Milliseconds until the status is stale, negative afterwards; undefined if it is final or cannot be looked up. */
  staleInMs(payment: PaymentSession): number | undefined {
    if (isFinal(payment.status) || !this.lookups.canLookup(payment)) return undefined;
    return staleInMs(payment, this.staleAfterMs, Date.now());
  }

  /** Resolves when no lookup is in progress. */
  async whenIdle(): Promise<void> {
    while (this.#pending.size > 0)
      await Promise.allSettled([...this.#pending.values()].map(({ refreshed }) => refreshed));
  }

  #join(
    payment: PaymentSession,
    source: PaymentSessionEventSource,
    { urgency = 'asked', tried }: RefreshOptions,
  ): PendingLookup {
    const key = JSON.stringify([payment.id, tried?.paymentRequestId, tried?.sessionId?.reveal()]);
    const known = this.#pending.get(key);
    if (known !== undefined) {
      known.waiters += 1;
      known.slot.expedite(urgency);
      return known;
    }
    const slot = this.#queue.enqueue(urgency);
    const refreshed = slot.granted.then((isGranted): Refreshed | Promise<Refreshed> =>
      isGranted
        ? this.#lookup(payment, source, tried).finally(() => slot.release())
        : { effect: 'no-response', payment },
    );
    const pending: PendingLookup = { key, slot, refreshed, waiters: 1 };
    this.#pending.set(key, pending);
    const forget = () => this.#forget(pending);
    refreshed.then(forget, forget);
    return pending;
  }

  /** A reader stopped waiting: drops the queued lookup if nobody else waits for it. */
  #leave(pending: PendingLookup): void {
    pending.waiters -= 1;
    if (pending.waiters === 0 && pending.slot.abandon()) this.#forget(pending);
  }

  #forget(pending: PendingLookup): void {
    if (this.#pending.get(pending.key) === pending) this.#pending.delete(pending.key);
  }

  async #lookup(payment: PaymentSession, source: PaymentSessionEventSource, tried?: TriedIds): Promise<Refreshed> {
    const triedIds = selectTriedIds(payment, tried);
    const candidate = { ...payment, ...triedIds };
    const result = await this.lookups.lookup(candidate);
    if (result === undefined) {
      await this.store.scheduleCheck(payment.id, undefined);
      return { effect: 'not-lookupable', payment };
    }
    if (result.kind !== 'succeeded') {
      this.log.info({ event: 'status_lookup_failed', paymentId: payment.id, result }, 'status lookup failed');
      await this.store.scheduleCheck(payment.id, this.#intervalMs(payment, payment.status));
      return { effect: 'no-response', payment };
    }
    const { value } = result;
    const mismatch = findMismatch(candidate, value.identity);
    if (triedIds !== undefined && !mismatch && !proves(value.identity, candidate))
      return { effect: 'unproven', payment };
    const nextCheckInMs = this.#intervalMs(payment, value.status);
    const update = mismatch
      ? await this.statusUpdates.reject(payment, source, mismatch)
      : await this.statusUpdates.apply(payment, { source, ...value, ...triedIds, nextCheckInMs });
    if (update?.effect !== 'mismatched') return update ?? { effect: 'stale', payment };
    await this.store.scheduleCheck(payment.id, this.#intervalMs(payment, payment.status));
    return { effect: 'mismatched', payment };
  }

  #intervalMs(payment: PaymentSession, reported: PaymentSessionStatus | undefined): number {
    return pollIntervalMs(payment, reported, this.staleAfterMs, Date.now());
  }
}

/** The tried id to look the payment up by; undefined if the payment's own ids suffice. */
function selectTriedIds(
  { paymentRequestId, sessionId }: PaymentSession,
  tried: TriedIds | undefined,
): Pick<PaymentSession, 'paymentRequestId' | 'sessionId'> | undefined {
  if (tried === undefined || paymentRequestId !== undefined) return undefined;
  if (tried.paymentRequestId !== undefined) return { paymentRequestId: tried.paymentRequestId, sessionId };
  return sessionId === undefined ? { paymentRequestId, sessionId: tried.sessionId } : undefined;
}
