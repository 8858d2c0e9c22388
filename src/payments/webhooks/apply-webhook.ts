import type { PaymentSession } from '../../domain/payment.js';
import { matchPayment } from '../../domain/payment-matching.js';
import type { MatchResult } from '../../domain/payment-matching.js';
import type { PaymentIdentity } from '../../domain/payment-mismatch.js';
import { evaluateTransition, isFinal } from '../../domain/payment-status.js';
import { timingOf } from '../../flinks/verify-webhook.js';
import { readWebhookEvent } from '../../flinks/wire/webhook-event.js';
import type { WebhookEvent } from '../../flinks/wire/webhook-event.js';
import type { Logger } from '../../lib/logger.js';
import type { InboxEvent, InboxStore } from '../../store/contracts/inbox-store.js';
import type { StatusStore } from '../../store/contracts/status-store.js';
import type { ApplyStatusUpdate } from '../status/apply-status-update.js';
import type { Refreshed, StatusRefresh, TriedIds } from '../status/status-refresh.js';

/** Minimum wait before an event is processed again; it normally waits for half its age. */
const MIN_WAIT_MS = 1_000;
/** Maximum wait before an event whose lookup failed is processed again. */
const MAX_WAIT_MS = 300_000;
/** How long an event waits for its payment to be known, or for Flinks to respond to a lookup. */
const MATCH_TIMEOUT_MS = 24 * 3_600_000;
/** How long a lookup may lag behind the event that led to it. */
const LOOKUP_LAG_MS = 60_000;

type Found = Extract<MatchResult, { kind: 'found' }>;

/**
 * Processes stored webhook events. An event says that something changed, and a lookup says what it is. The event's own
 * status counts if the API variant trusts events, and if the payment cannot be looked up. An id that an event names and
 * the payment lacks is tried in the lookup, and recorded only if Flinks's response proves that it is the payment's.
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

  /**
   * Processes one event, and either completes it in the inbox or reschedules it. Events without a known payment are
   * completed as unmatched after 24 hours. Throws `StoreUnavailableError`.
   */
  async apply(stored: InboxEvent): Promise<void> {
    if (stored.body === undefined) {
      this.log.error(
        { event: 'webhook_not_decryptable', webhook: stored.id },
        'cannot decrypt webhook event: data key missing, or row modified',
      );
      return this.#reschedule(stored, 'none');
    }
    const event = readWebhookEvent(stored.body);
    if (event === undefined) return this.#reschedule(stored, 'none');
    if (event.withoutId.length > 0 && isFirstTry(stored))
      this.log.warn(
        { event: 'webhook_ids_invalid', fields: event.withoutId },
        'webhook event has id fields without a valid id; they are ignored',
      );
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
        if (await this.#process(found, event, stored.ageMs)) return this.inbox.complete(stored.id, found.payment.id);
        return this.inbox.reschedule(stored.id, Math.min(waitMsOf(stored), MAX_WAIT_MS));
    }
  }

  /** Without a match, the event may belong to a payment whose own response is still outstanding. */
  async #reschedule(stored: InboxEvent, reason: 'none' | 'ambiguous'): Promise<void> {
    const isExpired = stored.ageMs >= MATCH_TIMEOUT_MS;
    if (reason === 'ambiguous' && (isExpired || isFirstTry(stored)))
      this.log.warn(
        { event: 'webhook_ambiguous' },
        'webhook event matches several payments and is not applied: reconcile them by the daily file',
      );
    if (!isExpired) return this.inbox.reschedule(stored.id, waitMsOf(stored));
    if (reason === 'none') this.log.warn({ event: 'webhook_unmatched' }, 'webhook event matches no known payment');
    return this.inbox.complete(stored.id, undefined);
  }

  /** Finds the payment by Flinks's ids; otherwise by reference and the other fields, if only one payment matches. */
  async #find(identity: PaymentIdentity): Promise<MatchResult> {
    const { paymentRequestId, bareId, sessionId, referenceId } = identity;
    const ids = {
      paymentRequestIds: [paymentRequestId, bareId].filter((id) => id !== undefined),
      sessionIds: sessionId === undefined ? [] : [sessionId],
    };
    const named = matchPayment(identity, await this.store.findCandidates({ ...ids, referenceIds: [] }));
    if (named.kind !== 'none' || referenceId === undefined) return named;
    // This check comes first: a payment whose creation ends between the two queries is then a candidate in the second.
    if (await this.store.isBeingAskedFor(referenceId)) return named;
    return matchPayment(identity, await this.store.findCandidates({ ...ids, referenceIds: [referenceId] }));
  }

  /** Returns false if the event has to be processed again. */
  async #process({ payment, by }: Found, event: WebhookEvent, ageMs: number): Promise<boolean> {
    if (isFinal(payment.status) && !mayChange(payment, event)) return true;
    const tried = idsToTry(payment, event.identity);
    const isTimely = timingOf(event.when, Date.now() - ageMs) === 'timely';
    const counts = this.trustsEvents && isTimely && event.providerStatus !== undefined;
    if (counts && tried === undefined) return this.#applyEvent(payment, event);
    const { effect, payment: now } = await this.#lookup(payment, tried);
    if (effect === 'mismatched') return true;
    const hasResponse = effect !== 'not-lookupable' && effect !== 'no-response';
    if (hasResponse && !counts) return !ranksAbove(now, event) || ageMs >= LOOKUP_LAG_MS;
    // The reference alone is no evidence next to an id that Flinks does not confirm as the payment's.
    const isEvidenced = hasResponse || by === 'id' || tried === undefined || event.identity.amountMinor !== undefined;
    if (!isEvidenced) return ageMs >= MATCH_TIMEOUT_MS;
    const mustWait = effect === 'no-response' && !counts && ageMs < MATCH_TIMEOUT_MS;
    return !mustWait && this.#applyEvent(payment, event);
  }

  /** Looks the payment up by the tried ids; by its own if there are none, or if they prove nothing. */
  async #lookup(payment: PaymentSession, tried: TriedIds | undefined): Promise<Refreshed> {
    const refreshed = await this.statusRefresh.refresh(payment, 'WEBHOOK', { tried });
    // A guessed id may be the event's own, by which Flinks knows no payment.
    const isNothing = refreshed.effect === 'no-response' && tried?.isGuess === true;
    return isNothing || refreshed.effect === 'unproven' ? this.statusRefresh.refresh(payment, 'WEBHOOK') : refreshed;
  }

  async #applyEvent(payment: PaymentSession, event: WebhookEvent): Promise<boolean> {
    const { providerStatus, status, details, when, identity } = event;
    // An old event is still as true as it was at its time, since no status moves backwards.
    if (when === undefined)
      this.log.warn(
        { event: 'webhook_not_trusted', paymentId: payment.id },
        'webhook event without a time is not applied, and the payment cannot be looked up',
      );
    else await this.statusUpdates.apply(payment, { source: 'WEBHOOK', providerStatus, status, details, identity });
    return true;
  }
}

/** Undefined if the event names no id that the payment lacks. */
function idsToTry(payment: PaymentSession, event: PaymentIdentity): TriedIds | undefined {
  const reportedId = event.paymentRequestId ?? event.bareId;
  const paymentRequestId = payment.paymentRequestId === undefined ? reportedId : undefined;
  const sessionId = payment.sessionId === undefined ? event.sessionId : undefined;
  if (paymentRequestId === undefined && sessionId === undefined) return undefined;
  const isGuess = paymentRequestId !== undefined && event.paymentRequestId === undefined;
  return { paymentRequestId, sessionId, isGuess };
}

const isFirstTry = ({ ageMs }: InboxEvent): boolean => ageMs < MIN_WAIT_MS;
const waitMsOf = ({ ageMs }: InboxEvent): number => Math.max(MIN_WAIT_MS, ageMs / 2);

/** Whether the event reports, or may report, a change of the payment. */
function mayChange({ status }: PaymentSession, event: WebhookEvent): boolean {
  return event.status === undefined || evaluateTransition(status, event.status) !== 'stale';
}

/** Whether the event reports a status that ranks above the payment's. */
function ranksAbove({ status }: PaymentSession, event: WebhookEvent): boolean {
  return event.status !== undefined && ['applied', 'overridden'].includes(evaluateTransition(status, event.status));
}

/**
 * The event's identity with the latest time at which its payment can have been created: the event's own time, which may
 * come from another clock, but no later than its receipt. Payments created after that do not match.
 */
function identityOf({ identity, when }: WebhookEvent, { ageMs }: InboxEvent): PaymentIdentity {
  const receivedAt = Date.now() - ageMs;
  return { ...identity, reportedAt: new Date(Math.min(when?.getTime() ?? receivedAt, receivedAt)) };
}
