import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Config } from './config.js';
import { createFlinks } from './flinks/create-flinks.js';
import { createMetrics, watchFlinks } from './metrics.js';
import { StartPayment } from './payments/start-payment.js';
import { createSchema } from './resolvers/create-schema.js';
import { InputRules } from './schema/rule.js';
import { createApolloServer } from './server/graphql.js';
import { createHttpServer } from './server/http.js';

export interface Gateway {
  readonly http: FastifyInstance;
  /** From now on new requests are refused; resolves when those under way have ended and everything is closed. */
  drain(): Promise<void>;
}

/** Builds every long-lived part once. */
export async function compose(config: Config, log: FastifyBaseLogger): Promise<Gateway> {
  let draining = false;
  const metrics = createMetrics();
  const flinks = createFlinks(config.flinks, {
    onCall: (endpoint, verdict, ms) => {
      metrics.onCall(endpoint, verdict, ms);
      // A token belongs to no single mutation, so its failures are told here.
      if (endpoint === 'authorize' && verdict.kind !== 'done') log.warn({ endpoint, verdict }, 'no access token');
    },
    onTokenPolicyLearnt: (policy) => log.info({ policy }, 'learnt how Flinks treats access tokens'),
  });
  watchFlinks(metrics.registry, flinks);
  const startPayment = new StartPayment(flinks.payableSessions, config.mutationTimeoutMs, metrics.onOutcome);
  const schema = await createSchema(startPayment, new InputRules(config.maxAmountMinor, !config.production));
  const apollo = await createApolloServer(schema, config.production, log);
  const { app, requests } = createHttpServer({
    apollo,
    log,
    metrics: metrics.registry,
    health: () => ({ flinks: flinks.state() }),
    isDraining: () => draining,
    production: config.production,
  });
  return {
    http: app,
    async drain() {
      draining = true;
      const closed = app.close();
      // In this order: a request may start a payment as long as it lasts.
      await requests.ended();
      await startPayment.ended();
      // What is left are connections on which nothing happens; some of them Node would wait for.
      app.server.closeAllConnections();
      await closed;
      await apollo.stop();
      await flinks.close();
    },
  };
}
