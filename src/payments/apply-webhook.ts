import type { PaymentSession } from '../domain/payment.js';
import { identify } from '../domain/payment-identity.js';
import type { PaymentIdentity } from '../domain/payment-identity.js';
import { effectOf, isFinal } from '../domain/payment-status.js';
import { readWebhookEvent } from '../flinks/wire/webhook-event.js';
import type { WebhookEvent } from '../flinks/wire/webhook-event.js';
import type { Logger } from '../log.js';
import type { InboxEvent, InboxStore, NewsStore } from '../store/store.js';
import type { ApplyNews } from './apply-news.js';
import type { StatusRefresh } from './status-refresh.js';

/** An event is tried again after half its age, and after this at the earliest. */
const LEAST_WAIT_MS = 1_000;
/** The longest wait for an answer of Flinks. */
const MOST_WAIT_MS = 300_000;
/** So long an event waits for its payment to be known, or for Flinks to answer. */
const PATIENCE_MS = 24 * 3_600_000;
/** So long a look-up may say less than the event before it. */
const LAG_MS = 60_000;

/**
 * Acts upon what Flinks told of its own accord. An event says that something changed; what it is, Flinks is asked. Its own word
 * counts where the profile says so, and where there is nothing to ask by.
 */
export class ApplyWebhook {
  constructor(
    private readonly inbox: Pick<InboxStore, 'later' | 'done'>,
    private readonly store: Pick<NewsStore, 'findCandidates' | 'isBeingAskedFor'>,
    private readonly statusRefresh: Pick<StatusRefresh, 'refresh'>,
    private readonly news: Pick<ApplyNews, 'to'>,
    private readonly isBelieved: boolean,
    private readonly log: Logger,
  ) {}

  /** Throws `StoreUnavailable`. */
  async apply({ id, body, ageMs }: InboxEvent): Promise<void> {
    const event = readWebhookEvent(body);
    const found = event === undefined ? undefined : await this.#find(event.identity);
    if (found?.kind === 'abandoned') return this.inbox.done(id, found.payment.id);
    const payment = found?.payment;
    const waitMs = Math.max(LEAST_WAIT_MS, ageMs / 2);
    if (event === undefined || payment === undefined) {
      // It may be of a payment whose own answer is still under way.
      if (ageMs < PATIENCE_MS) return this.inbox.later(id, waitMs);
      this.log.warn('a webhook is of no payment that is known');
      return this.inbox.done(id, undefined);
    }
    const isDone = await this.#tell(payment, event, ageMs);
    return isDone ? this.inbox.done(id, payment.id) : this.inbox.later(id, Math.min(waitMs, MOST_WAIT_MS));
  }

  /** By Flinks's ids; else by the reference with what is told beside it, if only one payment fits. */
  async #find(identity: PaymentIdentity): Promise<Found | undefined> {
    const { paymentRequestId, sessionId, referenceId } = identity;
    const ids = {
      paymentRequestIds: paymentRequestId === undefined ? [] : [paymentRequestId],
      sessionIds: sessionId === undefined ? [] : [sessionId],
    };
    const named = identify(identity, await this.store.findCandidates({ ...ids, referenceIds: [] }));
    if ('payment' in named) return named;
    // First: a payment that stops being asked for meanwhile is a candidate by then.
    if (referenceId === undefined || (await this.store.isBeingAskedFor(referenceId))) return undefined;
    const fitting = identify(identity, await this.store.findCandidates({ ...ids, referenceIds: [referenceId] }));
    return 'payment' in fitting ? fitting : undefined;
  }

  /** False when it has to be tried again. */
  async #tell(payment: PaymentSession, event: WebhookEvent, ageMs: number): Promise<boolean> {
    if (isFinal(payment.status) && !isNews(payment, event)) return true;
    if (this.isBelieved && event.when !== undefined && event.word !== undefined) return this.#believe(payment, event);
    const named = {
      ...payment,
      paymentRequestId: payment.paymentRequestId ?? event.identity.paymentRequestId,
      sessionId: payment.sessionId ?? event.identity.sessionId,
    };
    const refreshed = await this.statusRefresh.refresh(named, 'WEBHOOK');
    if (refreshed.effect === 'cannot-ask') return this.#believe(payment, event);
    if (refreshed.effect === 'no-answer') return ageMs >= PATIENCE_MS && this.#believe(payment, event);
    return !overtakes(refreshed.payment, event) || ageMs >= LAG_MS;
  }

  async #believe(payment: PaymentSession, event: WebhookEvent): Promise<boolean> {
    const { word, status, details, when, identity } = event;
    const { paymentRequestId, sessionId } = identity;
    // Without a time it may be a replay, of which the ids alone are as true as they were.
    const told = when === undefined ? { status: undefined, details: undefined } : { word, status, details };
    if (when === undefined)
      this.log.warn({ paymentId: payment.id }, 'a webhook without a time is not believed, and Flinks cannot be asked');
    await this.news.to(payment, { source: 'WEBHOOK', ...told, paymentRequestId, sessionId });
    return true;
  }
}

type Found = Extract<ReturnType<typeof identify>, { payment: unknown }>;

/** Whether the event tells, or may tell, what the payment does not have. */
function isNews({ status }: PaymentSession, event: WebhookEvent): boolean {
  return event.status === undefined || effectOf(status, event.status) !== 'known';
}

/** Whether the event tells a status that ranks above the payment's. */
function overtakes({ status }: PaymentSession, event: WebhookEvent): boolean {
  return event.status !== undefined && ['moved', 'overtook'].includes(effectOf(status, event.status));
}
