import { setImmediate as nextTurn } from 'node:timers/promises';

/** The longest time that a test may take. A longer wait would keep Jest from ending. */
const TIMEOUT_MS = 60_000;

/** Resolves when a condition is true. Throws after a minute. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedMs > TIMEOUT_MS) throw new Error(`timed out while waiting for ${String(condition)}`);
    await nextTurn();
  }
}
