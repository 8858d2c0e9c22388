import type { Config } from '../config/config.js';
import { createFlinks } from '../flinks/create-flinks.js';
import type { Flinks } from '../flinks/create-flinks.js';
import type { Logger } from '../lib/logger.js';
import { watchBacklog, watchFlinks, watchInbox } from '../metrics.js';
import type { Metrics } from '../metrics.js';
import { cancelOrphanedSessions, scheduleMaintenance } from '../payments/maintenance.js';
import { ApplyStatusUpdate } from '../payments/status/apply-status-update.js';
import { ApplyWebhook } from '../payments/webhooks/apply-webhook.js';
import { AttemptWaiter } from '../payments/start/attempt-waiter.js';
import { CancelPayment } from '../payments/status/cancel-payment.js';
import { Fingerprints } from '../payments/start/fingerprints.js';
import { Jobs } from '../payments/jobs.js';
import { AttemptRunner } from '../payments/start/attempt-runner.js';
import { DeferredWrites } from '../payments/start/deferred-writes.js';
import { PaymentUpdates } from '../payments/payment-updates.js';
import { ReceiveWebhook } from '../payments/webhooks/receive-webhook.js';
import { StartPayment } from '../payments/start/start-payment.js';
import { StatusPoll } from '../payments/status/status-poll.js';
import { StatusRefresh } from '../payments/status/status-refresh.js';
import { WatchedPayments } from '../payments/status/watched-payments.js';
import { WebhookWorker } from '../payments/webhooks/webhook-worker.js';
import { BusinessDays } from '../reconciliation/business-days.js';
import { ExpireUnknown } from '../reconciliation/expire-unknown.js';
import { DataKeys } from '../store/encryption/data-keys.js';
import type { Store } from '../store/open-store.js';

/** How often due webhook events are looked for: those that another replica received, or that are waiting. */
const WEBHOOK_TICK_MS = 500;

/** The use cases of payments, and the background jobs. */
export type Payments = ReturnType<typeof composePayments>;

/** Builds everything that starts and updates payments, over an open store. */
export function composePayments(config: Config, store: Store, metrics: Metrics, log: Logger) {
  const { mutationTimeoutMs: timeoutMs } = config;
  const flinks = composeFlinks(config, metrics, log);
  const { cancellations } = flinks;
  const deferredWrites = new DeferredWrites();
  const startPayment = new StartPayment(
    store.attempts,
    new AttemptRunner(flinks.payableSessions, store.attempts, deferredWrites, timeoutMs),
    new AttemptWaiter(store.attempts),
    new Fingerprints(new DataKeys(config.dataKeys)),
    timeoutMs,
    metrics.onPaymentCreation,
  );
  const statusUpdates = new ApplyStatusUpdate(store.statuses, metrics.onStatusUpdate, log);
  const statusRefresh = new StatusRefresh(flinks.lookups, statusUpdates, store.due, config.statusStaleAfterMs, log);
  const cancelPayment = new CancelPayment(store.payments, cancellations, statusUpdates, statusRefresh, timeoutMs);
  const jobs = new Jobs((error) => log.error({ event: 'unexpected_error', err: error }, 'unexpected error'));
  scheduleMaintenance(jobs, store.attempts, store.retention, {
    leaseMs: config.idempotencyLeaseMs,
    keyRetentionMs: config.idempotencyRetentionMs,
    personalDataRetentionMs: config.personalDataRetentionMs,
  });
  const watched = new WatchedPayments(store.statuses, store.due, statusRefresh, config.statusStaleAfterMs);
  new StatusPoll(store.due, watched, statusRefresh, config.statusPollsPerSecond, log).every(jobs);
  watchBacklog(metrics.registry, store.due);
  cancelOrphanedSessions(jobs, store.orphans, cancellations, timeoutMs, log);
  const days = new BusinessDays(config.reconciliationTimeZone);
  new ExpireUnknown(store.reconciliation, statusUpdates, days, config.unknownExpiresAfterMs).every(jobs);
  const trustsWebhooks = config.flinks.variant.webhooks === 'trust';
  const applyWebhook = new ApplyWebhook(store.inbox, store.statuses, statusRefresh, statusUpdates, trustsWebhooks, log);
  const webhookWorker = new WebhookWorker(store.inbox, applyWebhook, log);
  const wakeWorker = jobs.every(WEBHOOK_TICK_MS, () => webhookWorker.processDue());
  watchInbox(metrics.registry, store.inbox);
  const { webhookSecrets } = config;
  return {
    flinks,
    startPayment,
    cancelPayment,
    statusRefresh,
    paymentUpdates: new PaymentUpdates(store.payments, (ids) => watched.want(ids), store.changes, jobs, log),
    /** Undefined without a secret, because the sender could not be verified. */
    receiveWebhook:
      webhookSecrets.length > 0
        ? new ReceiveWebhook(store.inbox, webhookSecrets, metrics.onWebhook, wakeWorker)
        : undefined,
    jobs,
    /** Resolves when no payment is in progress any more, and no write is pending. */
    whenIdle: async () => {
      await Promise.all([startPayment.whenIdle(), cancelPayment.whenIdle()]);
      // A payment may leave a deferred write behind.
      await deferredWrites.whenIdle();
    },
    /** Ends the jobs, then the connections to Flinks. */
    close: async () => {
      await jobs.end();
      await webhookWorker.whenIdle();
      await statusRefresh.whenIdle();
      await flinks.close();
    },
  };
}

function composeFlinks(config: Config, metrics: Metrics, log: Logger): Flinks {
  const flinks = createFlinks(config.flinks, {
    onCall: (endpoint, result, ms) => {
      metrics.onCall(endpoint, result, ms);
      // A token is not requested for a single mutation, so its failures are logged here.
      if (endpoint === 'authorize' && result.kind !== 'succeeded')
        log.warn({ event: 'access_token_unavailable', endpoint, result }, 'access token unavailable');
    },
    onTokenPolicyDetected: (policy) =>
      log.info({ event: 'token_policy_detected', policy }, 'detected how Flinks treats access tokens'),
  });
  watchFlinks(metrics.registry, flinks);
  return flinks;
}
