import type { Cancellations } from '../flinks/cancellations.js';
import { Deadline } from '../lib/deadline.js';
import { DAY_MS } from '../lib/duration.js';
import type { Logger } from '../lib/logger.js';
import type { AttemptStore, OrphanStore } from '../store/contracts/attempt-store.js';
import type { RetentionStore } from '../store/contracts/retention-store.js';
import type { Jobs } from './jobs.js';

const RETENTION_EVERY_MS = 60_000;

interface Settings {
  readonly leaseMs: number;
  readonly keyRetentionMs: number;
  readonly personalDataRetentionMs: number;
}

/** Schedules data retention, and the expiry of attempts whose replica crashed. Replicas do not repeat each other. */
export function scheduleMaintenance(
  jobs: Jobs,
  attempts: Pick<AttemptStore, 'expireStaleAttempts'>,
  retention: RetentionStore,
  settings: Settings,
): void {
  const before = (ms: number): Date => new Date(Date.now() - ms);
  jobs.every(settings.leaseMs / 4, () => attempts.expireStaleAttempts());
  jobs.every(RETENTION_EVERY_MS, () => retention.removeReleased(before(DAY_MS)));
  jobs.every(RETENTION_EVERY_MS, () => retention.removeKeys(before(settings.keyRetentionMs)));
  jobs.every(RETENTION_EVERY_MS, () => retention.erasePersonalData(before(settings.personalDataRetentionMs)));
  jobs.every(RETENTION_EVERY_MS, () => retention.removeWebhooks(before(settings.personalDataRetentionMs)));
  jobs.every(RETENTION_EVERY_MS, () => retention.erasePayers(before(settings.personalDataRetentionMs)));
}

const ORPHANS_EVERY_MS = 10_000;
const ORPHANS_BATCH = 10;
/** A cancellation without a definite result is retried after this time. */
const ORPHANS_LEASE_MS = 600_000;

/** Schedules the cancellation of orphaned sessions, which may be active, if Flinks offers cancellations. */
export function cancelOrphanedSessions(
  jobs: Jobs,
  store: OrphanStore,
  cancellations: Pick<Cancellations, 'areOffered' | 'cancel'>,
  timeoutMs: number,
  log: Logger,
): void {
  if (!cancellations.areOffered) return;
  jobs.every(ORPHANS_EVERY_MS, async () => {
    const orphaned = await store.leaseDue(ORPHANS_BATCH, ORPHANS_LEASE_MS);
    for (const { id, paymentId, sessionId } of orphaned) {
      if (sessionId === undefined) {
        log.error(
          { event: 'orphaned_session_not_decryptable', paymentId },
          'cannot decrypt orphaned session: data key missing, or row modified',
        );
        continue;
      }
      const { kind } = await cancellations.cancel(sessionId, Deadline.after(timeoutMs), log);
      // A rejection means that the session is over or never existed.
      if (kind === 'succeeded' || kind === 'rejected') await store.resolve(id);
      const fields = { event: 'orphaned_session_cancellation_attempted', paymentId, outcome: kind };
      log.info(fields, 'attempted to cancel orphaned session');
    }
    return orphaned.length;
  });
}
