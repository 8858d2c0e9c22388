/**
 * pgbouncer: a pooler in transaction mode, before a database whose defaults are hostile. failover: a PostgreSQL whose sessions
 * turn read-only now and then, while new ones take writes.
 */
export type StoreKind = 'sqlite' | 'postgres' | 'pgbouncer' | 'failover';

/** How large a run is, and the seed that repeats its choices (not its timing, which is the machine's). */
export interface Settings {
  readonly store: StoreKind;
  readonly replicas: number;
  readonly payments: number;
  readonly kills: number;
  readonly seed: number;
  /** Where replicas are halted, by `points.mjs`; all of its points when absent. */
  readonly points?: readonly string[];
}

/** Short, so that much happens; far enough apart to tell a lost call from a slow machine. In milliseconds. */
export const TIMES = { flinks: 1_000, mutation: 2_000, lease: 2_500 } as const;

/** The environment of every gateway. */
export const ENVIRONMENT = {
  LOG_LEVEL: 'info',
  FLINKS_TOKEN_POLICY: 'reusable',
  FLINKS_TIMEOUT: `${TIMES.flinks}ms`,
  MUTATION_TIMEOUT: `${TIMES.mutation}ms`,
  IDEMPOTENCY_LEASE: `${TIMES.lease}ms`,
  // Refuses nothing, but claims are then made one after the other.
  RATE_LIMIT_PAYMENTS_PER_CLIENT: '1000000/1m',
};
