import { Deadline } from '../../lib/deadline.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import { findMismatch, proves } from '../../domain/payment-mismatch.js';
import { isFinal } from '../../domain/payment-status.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { MAX_LOOKUPS_IN_FLIGHT } from '../../flinks/lookups.js';
import type { Lookups } from '../../flinks/lookups.js';
import type { Logger } from '../../lib/logger.js';
import type { DueStore, StatusUpdateResult } from '../../store/contracts/status-store.js';
import type { ApplyStatusUpdate } from './apply-status-update.js';
import { LookupQueue } from './lookup-queue.js';
import type { LookupSlot, Urgency } from './lookup-queue.js';

/**
 * What asking Flinks came to: what its answer did, or that there was none, or nothing to ask by. unproven: an id was tried, and
 * the answer does not say that it is the payment's.
 */
export interface Refreshed {
  readonly effect: StatusUpdateResult['effect'] | 'no-response' | 'not-lookupable' | 'unproven';
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
export interface RefreshOptions {
  readonly urgency?: Urgency;
  readonly tried?: TriedIds | undefined;
}

/** Who reads a status waits so long for Flinks, then takes what is stored. */
const READER_WAIT_MS = 3_000;
/** An open payment is asked for again after this part of the time since it last moved. */
const INTERVAL_SHARE = 0.1;
/** The longest interval, in ages at which a status counts as old. */
const MAX_INTERVAL_FACTOR = 120;

interface PendingLookup {
  readonly key: string;
  readonly slot: LookupSlot;
  readonly refreshed: Promise<Refreshed>;
  /** How many want to know, but for readers who gave up. */
  waiters: number;
}

/** Asks Flinks how payments stand, and takes in what it says. */
export class StatusRefresh {
  readonly #queue = new LookupQueue(MAX_LOOKUPS_IN_FLIGHT);
  readonly #pending = new Map<string, PendingLookup>();

  constructor(
    private readonly lookups: Pick<Lookups, 'canLookup' | 'lookup'>,
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply' | 'reject'>,
    private readonly store: Pick<DueStore, 'scheduleCheck'>,
    /** From this age on, the status of an open payment is asked for again. */
    private readonly staleAfterMs: number,
    private readonly log: Logger,
  ) {}

  /** The payment as good as new: what is stored if that is final, fresh, or all there is to have soon. */
  async current(payment: PaymentSession): Promise<PaymentSession> {
    const oldInMs = this.staleInMs(payment);
    if (oldInMs === undefined || oldInMs >= 0) return payment;
    const pending = this.#join(payment, 'POLL', {});
    const stored: Refreshed = { effect: 'no-response', payment };
    const refreshed = await Deadline.after(READER_WAIT_MS).race(pending.refreshed, stored);
    if (refreshed === stored) this.#leave(pending);
    return refreshed.payment;
  }

  /** Asks once, however many want to know the same at the same time. Throws `StoreUnavailable`. */
  refresh(payment: PaymentSession, source: PaymentSessionEventSource, how: RefreshOptions = {}): Promise<Refreshed> {
    return this.#join(payment, source, how).refreshed;
  }

  /** In how many milliseconds the status is old, below 0 if it is; undefined of one that no lookup makes newer. */
  staleInMs(payment: PaymentSession): number | undefined {
    if (isFinal(payment.status) || !this.lookups.canLookup(payment)) return undefined;
    const knownAt = Math.max(payment.updatedAt.getTime(), payment.statusCheckedAt?.getTime() ?? 0);
    return knownAt + this.staleAfterMs - Date.now();
  }

  /** Resolves when nobody is being asked any more. */
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
    const refreshed = this.#lookupWhenGranted(slot, payment, source, tried);
    const pending: PendingLookup = { key, slot, refreshed, waiters: 1 };
    this.#pending.set(key, pending);
    const forget = () => this.#forget(pending);
    refreshed.then(forget, forget);
    return pending;
  }

  /** A reader gave up: nobody is asked for nobody. */
  #leave(pending: PendingLookup): void {
    pending.waiters -= 1;
    if (pending.waiters === 0 && pending.slot.abandon()) this.#forget(pending);
  }

  #forget(pending: PendingLookup): void {
    if (this.#pending.get(pending.key) === pending) this.#pending.delete(pending.key);
  }

  async #lookupWhenGranted(
    slot: LookupSlot,
    payment: PaymentSession,
    source: PaymentSessionEventSource,
    tried: TriedIds | undefined,
  ): Promise<Refreshed> {
    if (!(await slot.granted)) return { effect: 'no-response', payment };
    try {
      return await this.#lookup(payment, source, tried);
    } finally {
      slot.release();
    }
  }

  async #lookup(payment: PaymentSession, source: PaymentSessionEventSource, tried?: TriedIds): Promise<Refreshed> {
    const tries = triedIn(payment, tried);
    const asked = { ...payment, ...tries };
    const result = await this.lookups.lookup(asked);
    if (result === undefined) {
      await this.store.scheduleCheck(payment.id, undefined);
      return { effect: 'not-lookupable', payment };
    }
    if (result.kind !== 'done') {
      this.log.info({ paymentId: payment.id, verdict: result }, 'a lookup came to nothing');
      await this.store.scheduleCheck(payment.id, this.#intervalMs(payment, payment.status));
      return { effect: 'no-response', payment };
    }
    const { value } = result;
    const mismatch = findMismatch(asked, value.identity);
    if (tries !== undefined && !mismatch && !proves(value.identity, asked)) return { effect: 'unproven', payment };
    const nextCheckInMs = this.#intervalMs(payment, value.status);
    const update = mismatch
      ? await this.statusUpdates.reject(payment, source, mismatch)
      : await this.statusUpdates.apply(payment, { source, ...value, ...tries, nextCheckInMs });
    if (update?.effect !== 'mismatched') return update ?? { effect: 'stale', payment };
    await this.store.scheduleCheck(payment.id, this.#intervalMs(payment, payment.status));
    return { effect: 'mismatched', payment };
  }

  /** Grows with the time since the payment moved: what happened long ago will hardly go on this minute. */
  #intervalMs({ status, updatedAt }: PaymentSession, reported: PaymentSessionStatus | undefined): number {
    if (reported !== undefined && reported !== status) return this.staleAfterMs;
    const sinceMoveMs = Date.now() - updatedAt.getTime();
    return Math.min(MAX_INTERVAL_FACTOR * this.staleAfterMs, Math.max(this.staleAfterMs, INTERVAL_SHARE * sinceMoveMs));
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
