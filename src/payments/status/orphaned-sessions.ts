import { Deadline } from '../../lib/deadline.js';
import type { Cancellations } from '../../flinks/cancellations.js';
import type { Logger } from '../../lib/logger.js';
import type { OrphanStore } from '../../store/contracts/orphan-store.js';
import type { Jobs } from '../jobs.js';

const EVERY_MS = 10_000;
const BATCH = 10;
/** What Flinks did not answer is tried again after this time. */
const LEASE_MS = 600_000;

/** Cancels, where Flinks offers it, sessions that attempts left behind active and that nobody was given. */
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
          { paymentId },
          'no data key of this replica opens a session that nobody was given, or its row was changed',
        );
        continue;
      }
      const { kind } = await cancellations.cancel(sessionId, Deadline.after(timeoutMs), log);
      // Refused: it is over, or was never heard of.
      if (kind === 'done' || kind === 'refused') await store.resolve(id);
      log.info({ paymentId, outcome: kind }, 'cancelled a session that nobody was given');
    }
    return orphaned.length;
  });
}
