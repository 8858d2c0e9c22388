import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Flinks, FlinksObserver } from './flinks/create-flinks.js';
import type { StartPaymentObserver } from './payments/start/start-payment.js';
import type { StatusUpdateObserver } from './payments/status/apply-status-update.js';
import type { WebhookObserver } from './payments/webhooks/receive-webhook.js';
import type { Backlog, DueStore } from './store/contracts/status-store.js';
import type { InboxStore } from './store/contracts/inbox-store.js';

/** The metrics registry and the observers that feed it. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Builds the metrics of `/metrics`. Labels have fixed values only, never ones from a client or Flinks. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const calls = new Histogram({
    name: 'flinks_pay_provider_request_duration_seconds',
    help: 'Requests to Flinks by endpoint and result (succeeded, not-executed, misconfigured, rejected, unknown)',
    labelNames: ['endpoint', 'result'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers,
  });
  const creations = new Counter({
    name: 'flinks_pay_payment_creations_total',
    help: 'Mutations that create a payment by delivery method (LINK, EMAIL) and result (succeeded, replayed, unknown, rejected, …)',
    labelNames: ['delivery_method', 'result'],
    registers,
  });
  const statusUpdates = new Counter({
    name: 'flinks_pay_status_updates_total',
    help: 'Status updates by source (POLL, WEBHOOK, …) and effect (applied, stale, unrecognized, overridden, conflicting, mismatched)',
    labelNames: ['source', 'effect'],
    registers,
  });
  const webhooks = new Counter({
    name: 'flinks_pay_webhooks_total',
    help: 'Webhook deliveries by result (stored, duplicate, unreadable, unavailable, rejected_bad_signature, …)',
    labelNames: ['result'],
    registers,
  });
  const webhookTimings = new Counter({
    name: 'flinks_pay_webhook_timings_total',
    help: 'Stored webhook events by the time in them (timely, late, early, untimed); all but timely ones are verified with Flinks where that is possible',
    labelNames: ['timing'],
    registers,
  });
  const rejections = new Counter({
    name: 'flinks_pay_requests_rejected_total',
    help: 'Requests rejected by reason (missing, expired, unknown_key, router, host, scope, limit, …)',
    labelNames: ['reason'],
    registers,
  });
  const onCall: FlinksObserver['onCall'] = (endpoint, result, ms) =>
    calls.observe({ endpoint, result: result.kind }, ms / 1000);
  const onPaymentCreation: StartPaymentObserver = (deliveryMethod, result) =>
    creations.inc({ delivery_method: deliveryMethod, result });
  const onStatusUpdate: StatusUpdateObserver = (source, effect) => statusUpdates.inc({ source, effect });
  const onWebhook: WebhookObserver = (result, timing) => {
    webhooks.inc({ result });
    if (timing !== undefined) webhookTimings.inc({ timing });
  };
  const onRejection = (reason: string) => rejections.inc({ reason });
  return { registry, onCall, onPaymentCreation, onStatusUpdate, onWebhook, onRejection };
}

/** Gauges of the Flinks client, read at each scrape. */
export function watchFlinks(registry: Registry, flinks: Flinks): void {
  new Gauge({
    name: 'flinks_pay_circuit_open',
    help: '1 while calls to Flinks fail fast',
    registers: [registry],
    collect() {
      this.set(flinks.state().circuit === 'closed' ? 0 : 1);
    },
  });
  new Gauge({
    name: 'flinks_pay_token_policy',
    help: '1 for the token policy that is followed (auto until one is detected)',
    labelNames: ['policy'],
    registers: [registry],
    collect() {
      const { policy, detected } = flinks.state().tokens;
      this.reset();
      this.set({ policy: detected ?? policy }, 1);
    },
  });
}

/** A gauge of the inbox, the same on every replica; without values while the database is unavailable. */
export function watchInbox(registry: Registry, inbox: Pick<InboxStore, 'counts'>): void {
  new Gauge({
    name: 'flinks_pay_webhook_inbox',
    help: 'Stored webhook events by state: WAITING, UNMATCHED (no known payment matches), UNREADABLE',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset();
      const counts = await inbox.counts().catch(() => ({}));
      for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
    },
  });
}

/** Gauges of due lookups, the same on every replica; without values while the database is unavailable. */
export function watchBacklog(registry: Registry, store: Pick<DueStore, 'backlog'>): void {
  const gauge = (name: string, help: string, valueOf: (backlog: Backlog) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const backlog = await store.backlog().catch(() => undefined);
        if (backlog === undefined) this.remove();
        else this.set(valueOf(backlog));
      },
    });
  gauge('flinks_pay_status_poll_due', 'Payments whose lookup is due, counted up to 100,000', ({ due }) => due);
  gauge(
    'flinks_pay_status_poll_lag_seconds',
    'For how long the lookup is due that has waited longest; 0 when none is',
    ({ lagMs }) => lagMs / 1_000,
  );
}

/** A gauge of this replica; the sum over all replicas is the total. */
export function watchCallbacks(registry: Registry, callbacks: { readonly size: number }): void {
  new Gauge({
    name: 'flinks_pay_callback_subscriptions',
    help: 'Callback subscriptions of this replica',
    registers: [registry],
    collect() {
      this.set(callbacks.size);
    },
  });
}

/** A gauge of this replica. */
export function watchStreams(registry: Registry, streams: { open(): Readonly<Record<string, number>> }): void {
  new Gauge({
    name: 'flinks_pay_open_streams',
    help: 'Open at this replica: websocket (connections), http (event streams, multipart), subscription (over both)',
    labelNames: ['transport'],
    registers: [registry],
    collect() {
      for (const [transport, count] of Object.entries(streams.open())) this.set({ transport }, count);
    },
  });
}
