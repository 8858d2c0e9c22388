import { Deadline } from '../../lib/deadline.js';
import type { Cancellations } from '../../flinks/cancellations.js';
import type { Logger } from '../../lib/logger.js';
import type { OrphanStore } from '../../store/contracts/attempt-store.js';
import type { Jobs } from '../jobs.js';

const EVERY_MS = 10_000;
const BATCH = 10;
/** A cancellation without a definite result is retried after this time. */
const LEASE_MS = 600_000;

/**
 * Schedules the cancellation of orphaned sessions, if Flinks offers cancellations. Attempts may have left these
 * sessions active.
 */
export function cancelOrphanedSessions(
  jobs: Jobs,
  store: OrphanStore,
  cancellations: Pick<Cancellations, 'areOffered' | 'cancel'>,
  timeoutMs: number,
  log: Logger,
): void {
  if (!cancellations.areOffered) return;
  jobs.every(EVERY_MS, async () => {
    const orphaned = await store.leaseDue(BATCH, LEASE_MS);
    for (const { id, paymentId, sessionId } of orphaned) {
      if (sessionId === undefined) {
        log.error(
          { event: 'orphaned_session_unreadable', paymentId },
          'cannot decrypt orphaned session: data key missing, or row modified',
        );
        continue;
      }
      const { kind } = await cancellations.cancel(sessionId, Deadline.after(timeoutMs), log);
      // A rejection means that the session is over or never existed.
      if (kind === 'succeeded' || kind === 'rejected') await store.resolve(id);
      log.info(
        { event: 'orphaned_session_cancellation_attempted', paymentId, outcome: kind },
        'attempted to cancel orphaned session',
      );
    }
    return orphaned.length;
  });
}
