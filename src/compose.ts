import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { CallbackEndpoint } from './callbacks/callback-endpoint.js';
import { CallbackHosts } from './callbacks/callback-hosts.js';
import { CALLBACK_TICK_MS, CallbackSubscriptions } from './callbacks/callback-subscriptions.js';
import { composeStore } from './compose-store.js';
import type { Config } from './config.js';
import type { Sensitive } from './domain/sensitive.js';
import { createFlinks } from './flinks/create-flinks.js';
import type { Flinks } from './flinks/create-flinks.js';
import { createMetrics, watchCallbacks, watchFlinks, watchInbox } from './metrics.js';
import type { Metrics } from './metrics.js';
import { readManifest } from './operation-manifest.js';
import { AttemptWatch } from './payments/attempt-watch.js';
import { Fingerprints } from './payments/fingerprints.js';
import { cancelAbandonedSessions } from './payments/abandoned-sessions.js';
import { ApplyNews } from './payments/apply-news.js';
import { ApplyWebhook } from './payments/apply-webhook.js';
import { CancelPayment } from './payments/cancel-payment.js';
import { keepHouse } from './payments/housekeeping.js';
import { Jobs } from './payments/jobs.js';
import { LateWrites } from './payments/late-writes.js';
import { PaymentAttempts } from './payments/payment-attempts.js';
import { createPaymentLoaders } from './payments/payment-loaders.js';
import { PaymentWatch } from './payments/payment-watch.js';
import { ReceiveWebhook } from './payments/receive-webhook.js';
import { StartPayment } from './payments/start-payment.js';
import { pollStatuses } from './payments/status-poll.js';
import { StatusRefresh } from './payments/status-refresh.js';
import { WebhookWorker } from './payments/webhook-worker.js';
import { BusinessDays } from './reconciliation/business-days.js';
import { ExpireUnknown } from './reconciliation/expire-unknown.js';
import { createSchema } from './resolvers/create-schema.js';
import type { ListPayments } from './resolvers/payment-list.resolver.js';
import { InputRules } from './schema/rule.js';
import { allowedOrigins } from './server/cors.js';
import { createApolloServer } from './server/graphql.js';
import { createHttpServer } from './server/http.js';
import { CallbackOperations } from './server/streams/callback-operations.js';
import { Operations } from './server/streams/operations.js';
import type { ContextOf } from './server/streams/callback-operations.js';
import type { ReceiveDelivery } from './server/webhooks.js';
import { DataKeys } from './store/data-keys.js';
import type { Store } from './store/open-store.js';

export interface Gateway {
  readonly http: FastifyInstance;
  /** From now on new requests are refused; resolves when those under way have ended and everything is closed. */
  drain(): Promise<void>;
}

/** Everybody, until callers are identified. */
const CALLER = 'anonymous';

/** How long the webhook that another replica received, or that waits, may lie there. */
const WEBHOOK_TICK_MS = 500;

/** Builds every long-lived part once, and opens the store. */
export async function compose(config: Config, log: FastifyBaseLogger): Promise<Gateway> {
  let draining = false;
  const metrics = createMetrics();
  const store = await composeStore(config, log);
  const flinks = composeFlinks(config, metrics, log);
  const lateWrites = new LateWrites();
  const startPayment = new StartPayment(
    store.attempts,
    new PaymentAttempts(flinks.payableSessions, store.attempts, lateWrites, config.mutationTimeoutMs),
    new AttemptWatch(store.attempts),
    new Fingerprints(new DataKeys(config.dataKeys)),
    config.mutationTimeoutMs,
    metrics.onAnswer,
  );
  const news = new ApplyNews(store.news, metrics.onNews, log);
  const statusRefresh = new StatusRefresh(flinks.lookUps, news, store.news, config.statusMaxAgeMs, log);
  const cancelPayment = new CancelPayment(
    store.payments,
    flinks.cancellations,
    news,
    statusRefresh,
    config.mutationTimeoutMs,
  );
  const jobs = new Jobs((error) => log.error({ err: error }, 'unexpected error'));
  keepHouse(jobs, store.attempts, store.retention, {
    leaseMs: config.idempotencyLeaseMs,
    keyRetentionDays: config.idempotencyRetentionDays,
    personalDataRetentionDays: config.personalDataRetentionDays,
  });
  pollStatuses(jobs, store.news, statusRefresh);
  const believesWebhooks = config.flinks.profile.webhooks === 'believed';
  const applyWebhook = new ApplyWebhook(store.inbox, store.news, statusRefresh, news, believesWebhooks, log);
  const webhookWorker = new WebhookWorker(store.inbox, applyWebhook, log);
  const wakeWebhookWorker = jobs.every(WEBHOOK_TICK_MS, () => webhookWorker.takeUp());
  watchInbox(metrics.registry, store.inbox);
  cancelAbandonedSessions(jobs, store.abandoned, flinks.cancellations, config.mutationTimeoutMs, log);
  const paymentWatch = new PaymentWatch(
    store.payments,
    (ids) => store.news.checkNow(ids, config.statusMaxAgeMs),
    store.changes,
    jobs,
    log,
  );
  new ExpireUnknown(
    store.reconciliation,
    news,
    new BusinessDays(config.reconciliationTimeZone),
    config.unknownMaxAgeDays,
  ).every(jobs);
  const rules = new InputRules(config.maxAmountMinor, !config.production);
  const launchUrl = (sessionId: Sensitive<string>) => flinks.launchUrl(sessionId);
  const listPayments: ListPayments = (...list) => store.payments.listPayments(...list);
  const { schema } = await createSchema({
    startPayment,
    cancelPayment,
    listPayments,
    reconciliation: store.reconciliation,
    launchUrl,
    rules,
  });
  const operations = {
    documents: config.persistedOperations === '' ? new Map() : readManifest(config.persistedOperations, schema),
    only: config.persistedOperationsOnly,
  };
  const { explorer, studio } = config;
  const apollo = await createApolloServer(schema, { explorer, studio, operations }, log);
  const contextOf: ContextOf = (caller, requestId, requestLog) => ({
    requestId,
    log: requestLog,
    caller,
    loaders: createPaymentLoaders(store.payments, statusRefresh, caller),
    paymentWatch,
  });
  const callbackOperations = new CallbackOperations(new Operations(apollo), contextOf);
  const callbacks = composeCallbacks(config, store, callbackOperations, log);
  if (callbacks !== undefined) {
    watchCallbacks(metrics.registry, callbacks);
    jobs.every(CALLBACK_TICK_MS, () => callbacks.tick());
  }
  const http = createHttpServer({
    apollo,
    log,
    metrics: metrics.registry,
    createContext: (requestId, requestLog) => contextOf(CALLER, requestId, requestLog),
    callbacks: callbacks && { subscriptions: callbacks, operations: callbackOperations },
    health: () => ({ flinks: flinks.state() }),
    isStoreReady: () => store.isReady(),
    isDraining: () => draining,
    explorer,
    origins: allowedOrigins(config.corsOrigins, explorer),
    receiveWebhook: composeReceiver(config, store, metrics, wakeWebhookWorker),
  });
  return {
    http: http.app,
    async drain() {
      draining = true;
      const closed = http.app.close();
      // At once: routers wait for the replica that goes on.
      const handedOver = callbacks?.end();
      // In this order: a request may start a payment as long as it lasts, and a payment may leave a write behind.
      await http.drained();
      await Promise.all([startPayment.ended(), cancelPayment.ended()]);
      await lateWrites.ended();
      // What is left are connections on which nothing happens; some of them Node would wait for.
      http.app.server.closeAllConnections();
      await closed;
      await handedOver;
      await apollo.stop();
      await jobs.end();
      await webhookWorker.ended();
      await statusRefresh.ended();
      await flinks.close();
      await store.close();
    },
  };
}

/** Undefined without a secret: there is no telling who sends. */
function composeReceiver(
  config: Config,
  store: Store,
  metrics: Metrics,
  onStored: () => void,
): ReceiveDelivery | undefined {
  if (config.webhookSecrets.length === 0) return undefined;
  const receiver = new ReceiveWebhook(store.inbox, config.webhookSecrets, metrics.onWebhook, onStored);
  return (headers, body, log) => receiver.receive(headers, body, log);
}

/** Undefined where no host may be called. */
function composeCallbacks(
  { callbackHosts, production }: Config,
  { callbacks: store }: Store,
  { beginAgain: begin }: CallbackOperations,
  log: FastifyBaseLogger,
): CallbackSubscriptions | undefined {
  if (callbackHosts.length === 0) return undefined;
  const hosts = new CallbackHosts(callbackHosts, production);
  const logOf = (requestId: string) => log.child({ requestId });
  return new CallbackSubscriptions({ store, endpoint: new CallbackEndpoint(), hosts, begin, logOf, log });
}

function composeFlinks(config: Config, metrics: Metrics, log: FastifyBaseLogger): Flinks {
  const flinks = createFlinks(config.flinks, {
    onCall: (endpoint, verdict, ms) => {
      metrics.onCall(endpoint, verdict, ms);
      // A token belongs to no single mutation, so its failures are told here.
      if (endpoint === 'authorize' && verdict.kind !== 'done') log.warn({ endpoint, verdict }, 'no access token');
    },
    onTokenPolicyLearnt: (policy) => log.info({ policy }, 'learnt how Flinks treats access tokens'),
  });
  watchFlinks(metrics.registry, flinks);
  return flinks;
}
