import { setImmediate as nextTurn } from 'node:timers/promises';

/** As long as a test may take: what runs longer would keep Jest from ending. */
const PATIENCE_MS = 60_000;

/** Resolves when a condition that something else brings about holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedMs > PATIENCE_MS) throw new Error(`waited in vain until ${String(holds)}`);
    await nextTurn();
  }
}
