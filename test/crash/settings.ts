/**
 * `pgbouncer` is a pooler in transaction mode in front of a database with hostile defaults. `failover` is a PostgreSQL whose
 * sessions become read-only now and then, while new sessions accept writes.
 */
export type StoreKind = 'sqlite' | 'postgres' | 'pgbouncer' | 'failover';

/** The size of a run, and the seed that repeats its random choices. The timing depends on the machine. */
export interface Settings {
  readonly store: StoreKind;
  readonly replicas: number;
  readonly payments: number;
  readonly kills: number;
  readonly seed: number;
  /** Points of `points.mjs` at which replicas are halted; all of them by default. */
  readonly points?: readonly string[];
}

/** Short, so that a run has many faults, and far enough apart to distinguish a lost call from a slow machine. */
export const TIMEOUTS_MS = { flinks: 1_000, mutation: 2_000, lease: 2_500 } as const;

/** The environment of every gateway. */
export const ENVIRONMENT = {
  LOG_LEVEL: 'info',
  FLINKS_TOKEN_POLICY: 'reusable',
  FLINKS_TIMEOUT: `${TIMEOUTS_MS.flinks}ms`,
  MUTATION_TIMEOUT: `${TIMEOUTS_MS.mutation}ms`,
  IDEMPOTENCY_LEASE: `${TIMEOUTS_MS.lease}ms`,
  // This limit rejects nothing, but makes the gateway claim keys one after the other.
  RATE_LIMIT_PAYMENTS_PER_CLIENT: '1000000/1m',
};
