import type { NewsStore } from '../store/store.js';
import type { Jobs } from './jobs.js';
import type { StatusRefresh } from './status-refresh.js';

const TICK_MS = 1_000;
/** What a replica asks Flinks in one tick at most, so that polls leave it time for payments. */
export const MOST_LOOK_UPS_A_TICK = 20;
/** Longer than a tick's look-ups take; should their replica die, another one takes them over then. */
const LEASE_MS = 120_000;

/** Looks up the open payments that nobody asks about, when they are due. */
export function pollStatuses(
  jobs: Jobs,
  store: Pick<NewsStore, 'takeDue'>,
  statusRefresh: Pick<StatusRefresh, 'refresh'>,
): void {
  jobs.every(TICK_MS, async () => {
    const due = await store.takeDue(MOST_LOOK_UPS_A_TICK, LEASE_MS);
    await Promise.all(due.map((payment) => statusRefresh.refresh(payment, 'POLL')));
    // Also after a full batch: the next tick is the budget's.
    return 0;
  });
}
