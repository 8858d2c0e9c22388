import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { CallbackAddressPolicy } from '../server/subscriptions/callbacks/callback-address-policy.js';
import { CallbackEndpoint } from '../server/subscriptions/callbacks/callback-endpoint.js';
import { CallbackHostPolicy } from '../server/subscriptions/callbacks/callback-host-policy.js';
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
import { anonymousAuthenticator } from '../identity/anonymous-authenticator.js';
import { JwksClient } from '../identity/jwt/jwks-client.js';
import { RouterAuthenticator } from '../identity/router-authenticator.js';
import { createMetrics, watchCallbacks, watchStreams } from '../metrics.js';
import { readManifest } from '../server/graphql/operation-manifest.js';
import { createPaymentLoaders } from '../payments/payment-loaders.js';
import { createSchema } from '../resolvers/create-schema.js';
import { InputRules } from '../schema/validation/rule.js';
import type { Subgraph } from '../schema/subgraph/subgraph.js';
import { allowedOrigins } from '../server/http/cors.js';
import { createApolloServer } from '../server/graphql/apollo-server.js';
import { createHttpServer } from '../server/http/http-server.js';
import { CallbackOperations } from '../server/subscriptions/callbacks/callback-operations.js';
import type { ContextFactory } from '../server/subscriptions/callbacks/callback-operations.js';
import { Operations } from '../server/graphql/operations.js';
import type { Store } from '../store/open-store.js';

export interface Gateway {
  readonly http: FastifyInstance;
  /** From now on new requests are refused; resolves when those under way have ended and everything is closed. */
  drain(): Promise<void>;
}

/** Builds every long-lived part once, and opens the store. */
export async function compose(config: Config, log: FastifyBaseLogger): Promise<Gateway> {
  let draining = false;
  const metrics = createMetrics();
  const store = await composeStore(config, log);
  const payments = composePayments(config, store, metrics, log);
  const { flinks, jobs, paymentWatch } = payments;
  const identity = composeIdentity(config, store, log);
  const { schema } = await composeSchema(config, store, payments);
  const { explorer, studio, persistedOperations, persistedOperationsOnly } = config;
  const operations = {
    documents: persistedOperations === '' ? new Map() : readManifest(persistedOperations, schema),
    only: persistedOperationsOnly,
  };
  const apollo = await createApolloServer(
    schema,
    { explorer, studio, operations, onRejection: metrics.onRefused },
    log,
  );
  const contextOf: ContextFactory = (caller, requestId, requestLog) => ({
    requestId,
    log: requestLog,
    client: caller,
    loaders: createPaymentLoaders(store.payments, payments.statusRefresh, visibleOwner(caller), requestLog),
    isClientCurrent: () => identity.isCurrent(caller),
    paymentUpdates: paymentWatch,
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
    guard: {
      authenticator: identity,
      routerAuthenticator: new RouterAuthenticator(config.routerSecrets, config.routerSignatureSecrets),
      loopbackOnly: config.authentication.mode === 'none',
      onRejection: metrics.onRefused,
    },
    contextFactory: contextOf,
    callbacks: callbacks && { subscriptions: callbacks, operations: callbackOperations },
    health: () => ({ flinks: flinks.state() }),
    isStoreReady: () => store.isReady(),
    isDraining: () => draining,
    explorer,
    origins: allowedOrigins(config.corsOrigins, explorer),
    webhooks: payments.receiveWebhook,
  });
  watchStreams(metrics.registry, http);
  return {
    http: http.app,
    async drain() {
      draining = true;
      const closed = http.app.close();
      // At once: routers wait for the replica that goes on.
      const handedOver = callbacks?.end();
      // In this order: a request may start a payment as long as it lasts.
      await http.drained();
      await payments.ended();
      // What is left are connections on which nothing happens; some of them Node would wait for.
      http.app.server.closeAllConnections();
      await closed;
      await handedOver;
      await apollo.stop();
      await payments.close();
      await store.close();
    },
  };
}

function composeIdentity({ authentication }: Config, { apiKeys }: Store, log: FastifyBaseLogger): Authenticator {
  switch (authentication.mode) {
    case 'none':
      log.info('AUTH_MODE=none: callers are not identified, and everybody on this machine may do everything');
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
): Promise<Subgraph> {
  return createSchema({
    startPayment,
    cancelPayment,
    listPayments: (...list) => store.payments.listPayments(...list),
    reconciliation: store.reconciliation,
    paymentUrl: (sessionId) => flinks.paymentUrl(sessionId),
    rules: new InputRules(maxAmountMinor, !production, clientUrlOrigins),
    showsAuthorization: authorizationDirectives,
  });
}

/** Undefined where no host may be called. */
function composeCallbacks(
  { callbackHosts, callbackNetworks, production }: Config,
  { callbacks: store }: Store,
  { resume: begin }: CallbackOperations,
  log: FastifyBaseLogger,
): CallbackSubscriptionManager | undefined {
  if (callbackHosts.length === 0) return undefined;
  const hosts = new CallbackHostPolicy(callbackHosts, production);
  const endpoint = new CallbackEndpoint(new CallbackAddressPolicy(callbackNetworks, production), log);
  const logOf = (requestId: string) => log.child({ requestId });
  return new CallbackSubscriptionManager({ store, endpoint, hosts, resume: begin, logOf, log });
}
