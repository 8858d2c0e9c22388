import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

export interface Monitored {
  readonly metrics: Registry;
  /** How the parts behind are, for readiness to show; they never make it false. */
  readonly health: () => object;
  /** Whether the store takes writes. Without it no payment can be made, so the replica is not ready. */
  readonly isStoreReady: () => Promise<boolean>;
  /** True from the signal to stop on. */
  readonly isDraining: () => boolean;
}

/** What operators and orchestrators ask. */
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
