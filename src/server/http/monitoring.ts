import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** The state of a replica that the monitoring endpoints show. */
export interface Monitored {
  /** The metrics that /metrics serves. */
  readonly metrics: Registry;
  /** State of the upstream services, included in the readiness response; it does not affect readiness. */
  readonly health: () => object;
  /** Whether the database accepts writes. Without it no payment can be made, so the replica is not ready. */
  readonly isStoreReady: () => Promise<boolean>;
  /** True from the stop signal on. */
  readonly isDraining: () => boolean;
}

/** Adds the endpoints for orchestrators (/health/live, /health/ready) and Prometheus (/metrics). */
export function addMonitoring(app: FastifyInstance, { health, isDraining, isStoreReady, metrics }: Monitored): void {
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const storeReady = await isStoreReady();
    const status = isDraining() ? 'draining' : storeReady ? 'ready' : 'not-ready';
    const store = { status: storeReady ? 'ready' : 'SERVICE_UNAVAILABLE' };
    return reply.code(status === 'ready' ? 200 : 503).send({ status, store, ...health() });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}
