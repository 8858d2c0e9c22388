import type { FastifyBaseLogger } from 'fastify';
import { CallbackAddressPolicy, CallbackHostPolicy } from '../server/subscriptions/callbacks/callback-destination.js';
import { CallbackEndpoint } from '../server/subscriptions/callbacks/callback-endpoint.js';
import {
  CALLBACK_TICK_MS,
  CallbackSubscriptionManager,
} from '../server/subscriptions/callbacks/callback-subscription-manager.js';
import { composePayments } from './payments.js';
import type { Payments } from './payments.js';
import { composeStore } from './store.js';
import type { Config } from '../config/config.js';
import { visibleOwner } from '../domain/api-client.js';
import type { Authenticator } from '../identity/authenticator.js';
import { ApiKeyAuthenticator } from '../identity/api-key/api-key-authenticator.js';
import { JwtAuthenticator } from '../identity/jwt/jwt-authenticator.js';
import { anonymousAuthenticator } from '../identity/authenticator.js';
import { JwksClient } from '../identity/jwt/jwks-client.js';
import { RouterAuthenticator } from '../identity/router-authenticator.js';
import { createMetrics, watchCallbacks, watchStreams } from '../metrics.js';
import { readManifest } from '../server/graphql/persisted-operations.js';
import { createPaymentLoaders } from '../payments/payment-loaders.js';
import { createSchema } from '../resolvers/create-schema.js';
import { allowedOrigins } from '../server/http/cors.js';
import { createApolloServer } from '../server/graphql/apollo-server.js';
import { createHttpServer } from '../server/http/http-server.js';
import { CallbackOperations } from '../server/subscriptions/callbacks/callback-operations.js';
import type { ContextFactory } from '../server/graphql/operations.js';
import { Operations } from '../server/graphql/operations.js';
import type { Store } from '../store/open-store.js';

/** Builds every long-lived part once, and opens the store. The HTTP server does not listen yet. */
export async function compose(config: Config, log: FastifyBaseLogger) {
  let draining = false;
  const metrics = createMetrics();
  const store = await composeStore(config, log);
  const payments = composePayments(config, store, metrics, log);
  const { flinks, jobs, paymentUpdates } = payments;
  const authenticator = composeAuthenticator(config, store, log);
  const { schema } = await composeSchema(config, store, payments);
  const { explorer, studio, persistedOperations: manifest, persistedOperationsOnly: only } = config;
  const operations = { documents: manifest === '' ? new Map() : readManifest(manifest, schema), only };
  const { registry, onRejection } = metrics;
  const apollo = await createApolloServer(schema, { explorer, studio, operations, onRejection }, log);
  const contextFactory: ContextFactory = (client, requestId, requestLog) => ({
    requestId,
    log: requestLog,
    client,
    loaders: createPaymentLoaders(store.payments, payments.statusRefresh, visibleOwner(client), requestLog),
    isClientCurrent: () => authenticator.isCurrent(client),
    paymentUpdates,
  });
  const callbackOperations = new CallbackOperations(new Operations(apollo), contextFactory);
  const callbacks = composeCallbacks(config, store, callbackOperations, log);
  if (callbacks !== undefined) {
    watchCallbacks(registry, callbacks);
    jobs.every(CALLBACK_TICK_MS, () => callbacks.tick());
  }
  const http = createHttpServer({
    apollo,
    log,
    metrics: registry,
    guard: {
      authenticator,
      routerAuthenticator: new RouterAuthenticator({
        header: config.routerSecrets,
        signature: config.routerSignatureSecrets,
      }),
      loopbackOnly: config.authentication.mode === 'none',
      onRejection,
    },
    contextFactory,
    callbacks: callbacks && { subscriptions: callbacks, operations: callbackOperations },
    health: () => ({ flinks: flinks.state() }),
    isStoreReady: () => store.isReady(),
    isDraining: () => draining,
    explorer,
    origins: allowedOrigins(config.corsOrigins, explorer),
    webhooks: payments.receiveWebhook,
  });
  watchStreams(registry, http);
  return {
    http: http.app,
    /** Rejects new requests from now on; resolves when the requests in progress have ended and everything is closed. */
    async drain() {
      draining = true;
      const closed = http.app.close();
      // Immediately, because routers wait for the replica that takes over.
      const handedOver = callbacks?.end();
      // In this order, because a request may start a payment until it ends.
      await http.drained();
      await payments.whenIdle();
      // The remaining connections are idle; Node would wait for some of them.
      http.app.server.closeAllConnections();
      await closed;
      await handedOver;
      await apollo.stop();
      await payments.close();
      await store.close();
    },
  };
}

function composeAuthenticator({ authentication }: Config, { apiKeys }: Store, log: FastifyBaseLogger): Authenticator {
  switch (authentication.mode) {
    case 'none':
      log.info(
        { event: 'authentication_disabled' },
        'AUTH_MODE=none: clients are not authenticated, and everybody on this machine has all scopes',
      );
      return anonymousAuthenticator;
    case 'jwt':
      return new JwtAuthenticator(authentication, new JwksClient(authentication.jwksUrl, log));
    case 'api-key':
      return new ApiKeyAuthenticator(apiKeys);
  }
}

function composeSchema(
  { maxAmountMinor, clientUrlOrigins, production, authorizationDirectives }: Config,
  store: Store,
  { flinks, startPayment, cancelPayment }: Payments,
) {
  return createSchema({
    startPayment,
    cancelPayment,
    listPayments: (...list) => store.payments.listPayments(...list),
    reconciliation: store.reconciliation,
    paymentUrl: (sessionId) => flinks.paymentUrl(sessionId),
    rules: { maxAmountMinor, localUrlsAllowed: !production, clientUrlOrigins },
    showsAuthorization: authorizationDirectives,
  });
}

/** Builds the callback subscriptions; undefined where no callback host is configured. */
function composeCallbacks(
  { callbackHosts, callbackNetworks, production }: Config,
  { callbacks: store }: Store,
  { resume }: CallbackOperations,
  log: FastifyBaseLogger,
): CallbackSubscriptionManager | undefined {
  if (callbackHosts.length === 0) return undefined;
  const hosts = new CallbackHostPolicy(callbackHosts, production);
  const endpoint = new CallbackEndpoint(new CallbackAddressPolicy(callbackNetworks, production), log);
  const logOf = (requestId: string) => log.child({ requestId });
  return new CallbackSubscriptionManager({ store, endpoint, hosts, resume, logOf, log });
}
