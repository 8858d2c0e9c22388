import { setTimeout as sleep } from 'node:timers/promises';

/** The database rolled back in favour of another transaction: `serialization_failure`, `deadlock_detected`. */
const CONFLICTS = new Set<unknown>(['40001', '40P01']);
/** SQLSTATE of a server that no longer accepts writes. The connection is closed; the next may reach one that does. */
export const READ_ONLY = '25006';

const MAX_ATTEMPTS = 5;
/** Fewer attempts, because each costs a connection. */
const MAX_ATTEMPTS_TO_WRITE = 3;
const MAX_PAUSE_MS = 20;
/** No attempt is begun later than this: the client waits for a response. */
const MAX_RETRY_MS = 3_000;

/** Retries what the database certainly rolled back, a few times. `attempt` must have no effect outside of it. */
export async function retried<T>(attempt: () => Promise<T>, maxRetryMs = MAX_RETRY_MS): Promise<T> {
  const startedMs = performance.now();
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isLate = attempts === MAX_ATTEMPTS || performance.now() - startedMs > maxRetryMs;
      if (isLate || !isRolledBack(error, attempts)) throw error;
    }
    // A random pause, so that conflicting transactions do not conflict again.
    await sleep(Math.random() * MAX_PAUSE_MS * attempts);
  }
}

function isRolledBack(error: unknown, attempts: number): boolean {
  const { code } = error as { code?: unknown };
  return CONFLICTS.has(code) || (code === READ_ONLY && attempts < MAX_ATTEMPTS_TO_WRITE);
}
