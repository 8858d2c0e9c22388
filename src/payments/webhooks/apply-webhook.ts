import type { PaymentSession } from '../../domain/payment.js';
import { matchPayment } from '../../domain/payment-matching.js';
import type { MatchResult } from '../../domain/payment-matching.js';
import type { PaymentIdentity } from '../../domain/payment-mismatch.js';
import { evaluateTransition, isFinal } from '../../domain/payment-status.js';
import { timingOf } from '../../flinks/webhook.js';
import { readWebhookEvent } from '../../flinks/wire/webhook-event.js';
import type { WebhookEvent } from '../../flinks/wire/webhook-event.js';
import type { Logger } from '../../lib/logger.js';
import type { InboxEvent, InboxStore } from '../../store/contracts/inbox-store.js';
import type { StatusStore } from '../../store/contracts/status-store.js';
import type { ApplyStatusUpdate } from '../status/apply-status-update.js';
import type { Refreshed, StatusRefresh, TriedIds } from '../status/status-refresh.js';

/** An event is tried again after half its age, and after this at the earliest. */
const MIN_WAIT_MS = 1_000;
/** The longest wait for an answer of Flinks. */
const MAX_WAIT_MS = 300_000;
/** So long an event waits for its payment to be known, or for Flinks to answer. */
const MATCH_TIMEOUT_MS = 24 * 3_600_000;
/** So long a lookup may say less than the event before it. */
const LOOKUP_LAG_MS = 60_000;

type Found = Extract<MatchResult, { kind: 'found' }>;

/**
 * Acts upon what Flinks told of its own accord. An event says that something changed; what it is, Flinks is asked. Its own word
 * counts where the profile says so, and where there is nothing to ask by. An id that it names is tried, and learnt only when
 * Flinks's answer proves it.
 */
export class ApplyWebhook {
  constructor(
    private readonly inbox: Pick<InboxStore, 'reschedule' | 'complete'>,
    private readonly store: Pick<StatusStore, 'findCandidates' | 'isBeingAskedFor'>,
    private readonly statusRefresh: Pick<StatusRefresh, 'refresh'>,
    private readonly statusUpdates: Pick<ApplyStatusUpdate, 'apply' | 'reject'>,
    private readonly trustsEvents: boolean,
    private readonly log: Logger,
  ) {}

  /** Throws `StoreUnavailable`. */
  async apply(stored: InboxEvent): Promise<void> {
    if (stored.body === undefined) {
      this.log.error(
        { webhook: stored.id },
        'no data key of this replica opens a stored webhook, or its row was changed',
      );
      return this.#reschedule(stored, 'none');
    }
    const event = readWebhookEvent(stored.body);
    if (event === undefined) return this.#reschedule(stored, 'none');
    if (event.withoutId.length > 0 && isFirstTry(stored))
      this.log.warn({ fields: event.withoutId }, 'a webhook has fields that hold no id; they name no payment');
    const found = await this.#find(identityOf(event, stored));
    switch (found.kind) {
      case 'none':
      case 'ambiguous':
        return this.#reschedule(stored, found.kind);
      case 'orphaned':
        return this.inbox.complete(stored.id, found.payment.id);
      case 'mismatched':
        await this.statusUpdates.reject(found.payment, 'WEBHOOK', found.mismatch);
        return this.inbox.complete(stored.id, found.payment.id);
      case 'found':
        return this.#processAndComplete(stored, found, event);
    }
  }

  /** It may be of a payment whose own answer is still under way. */
  async #reschedule(stored: InboxEvent, why: 'none' | 'ambiguous'): Promise<void> {
    const isOver = stored.ageMs >= MATCH_TIMEOUT_MS;
    if (why === 'ambiguous' && (isOver || isFirstTry(stored)))
      this.log.warn(
        'a webhook fits several payments and is not guessed between them: reconcile them by the daily file',
      );
    if (!isOver) return this.inbox.reschedule(stored.id, waitMsOf(stored));
    if (why === 'none') this.log.warn('a webhook is of no payment that is known');
    return this.inbox.complete(stored.id, undefined);
  }

  /** By Flinks's ids; else by the reference with what is told beside it, if only one payment fits. */
  async #find(identity: PaymentIdentity): Promise<MatchResult> {
    const { paymentRequestId, bareId, sessionId, referenceId } = identity;
    const ids = {
      paymentRequestIds: [paymentRequestId, bareId].filter((id) => id !== undefined),
      sessionIds: sessionId === undefined ? [] : [sessionId],
    };
    const named = matchPayment(identity, await this.store.findCandidates({ ...ids, referenceIds: [] }));
    if (named.kind !== 'none' || referenceId === undefined) return named;
    // First: a payment that stops being asked for meanwhile is a candidate by then.
    if (await this.store.isBeingAskedFor(referenceId)) return named;
    return matchPayment(identity, await this.store.findCandidates({ ...ids, referenceIds: [referenceId] }));
  }

  async #processAndComplete(stored: InboxEvent, found: Found, event: WebhookEvent): Promise<void> {
    if (await this.#process(found, event, stored.ageMs)) return this.inbox.complete(stored.id, found.payment.id);
    return this.inbox.reschedule(stored.id, Math.min(waitMsOf(stored), MAX_WAIT_MS));
  }

  /** False when it has to be tried again. */
  async #process({ payment, by }: Found, event: WebhookEvent, ageMs: number): Promise<boolean> {
    if (isFinal(payment.status) && !mayChange(payment, event)) return true;
    const tried = idsToTry(payment, event.identity);
    const isTimely = timingOf(event.when, Date.now() - ageMs) === 'timely';
    const counts = this.trustsEvents && isTimely && event.providerStatus !== undefined;
    if (counts && tried === undefined) return this.#applyEvent(payment, event);
    const { effect, payment: now } = await this.#lookup(payment, tried);
    if (effect === 'mismatched') return true;
    const isAnswered = effect !== 'not-lookupable' && effect !== 'no-response';
    if (isAnswered && !counts) return !ranksAbove(now, event) || ageMs >= LOOKUP_LAG_MS;
    // The reference alone is no evidence beside an id of which Flinks does not say that it is the payment's.
    const isEvidenced = isAnswered || by === 'id' || tried === undefined || event.identity.amountMinor !== undefined;
    if (!isEvidenced) return ageMs >= MATCH_TIMEOUT_MS;
    const mustWait = effect === 'no-response' && !counts && ageMs < MATCH_TIMEOUT_MS;
    return !mustWait && this.#applyEvent(payment, event);
  }

  /** By ids that the event names and the payment lacks, if there are any; else, or when they prove nothing, by its own. */
  async #lookup(payment: PaymentSession, tried: TriedIds | undefined): Promise<Refreshed> {
    const refreshed = await this.statusRefresh.refresh(payment, 'WEBHOOK', { tried });
    // Flinks knows no payment by the id of an event.
    const isNothing = refreshed.effect === 'no-response' && tried?.isGuess === true;
    return isNothing || refreshed.effect === 'unproven' ? this.statusRefresh.refresh(payment, 'WEBHOOK') : refreshed;
  }

  async #applyEvent(payment: PaymentSession, event: WebhookEvent): Promise<boolean> {
    const { providerStatus: word, status, details, when, identity } = event;
    // With a time of long ago it is as true as it was then, since no status moves backwards.
    if (when === undefined)
      this.log.warn({ paymentId: payment.id }, 'a webhook without a time is not believed, and Flinks cannot be asked');
    else
      await this.statusUpdates.apply(payment, { source: 'WEBHOOK', providerStatus: word, status, details, identity });
    return true;
  }
}

/** Undefined when the event names no id that the payment lacks. */
function idsToTry(payment: PaymentSession, event: PaymentIdentity): TriedIds | undefined {
  const paymentRequestId =
    payment.paymentRequestId === undefined ? (event.paymentRequestId ?? event.bareId) : undefined;
  const sessionId = payment.sessionId === undefined ? event.sessionId : undefined;
  if (paymentRequestId === undefined && sessionId === undefined) return undefined;
  return {
    paymentRequestId,
    sessionId,
    isGuess: paymentRequestId !== undefined && event.paymentRequestId === undefined,
  };
}

function isFirstTry({ ageMs }: InboxEvent): boolean {
  return ageMs < MIN_WAIT_MS;
}

function waitMsOf({ ageMs }: InboxEvent): number {
  return Math.max(MIN_WAIT_MS, ageMs / 2);
}

/** Whether the event tells, or may tell, what the payment does not have. */
function mayChange({ status }: PaymentSession, event: WebhookEvent): boolean {
  return event.status === undefined || evaluateTransition(status, event.status) !== 'stale';
}

/** Whether the event tells a status that ranks above the payment's. */
function ranksAbove({ status }: PaymentSession, event: WebhookEvent): boolean {
  return event.status !== undefined && ['applied', 'overridden'].includes(evaluateTransition(status, event.status));
}

/** By the time in it, which may be of another clock, but no later than it came: no payment that was made after that is meant. */
function identityOf({ identity, when }: WebhookEvent, { ageMs }: InboxEvent): PaymentIdentity {
  const receivedAt = Date.now() - ageMs;
  return { ...identity, reportedAt: new Date(Math.min(when?.getTime() ?? receivedAt, receivedAt)) };
}
