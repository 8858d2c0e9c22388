import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** The longest time that a test may take. A longer wait would keep Jest from ending. */
const TIMEOUT_MS = 60_000;

/** Conditions of the test's own process are mostly true after a few iterations of its event loop. */
const QUICK_CHECKS = 20;

/** Checks without pauses would take a core from the process that the test waits for. */
const PAUSES_MS = { shortest: 2, longest: 50 };

/** Resolves when a condition is true. Throws after a minute. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  for (let checks = 1; !(await condition()); checks += 1) {
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs > TIMEOUT_MS) throw new Error(`timed out while waiting for ${String(condition)}`);
    await (checks < QUICK_CHECKS ? nextTurn() : sleep(pauseMs(elapsedMs)));
  }
}

/** Makes a wait at most a tenth longer. */
function pauseMs(elapsedMs: number): number {
  return Math.min(Math.max(elapsedMs / 10, PAUSES_MS.shortest), PAUSES_MS.longest);
}
