import { DAY_MS } from '../lib/duration.js';
import type { AttemptStore } from '../store/contracts/attempt-store.js';
import type { RetentionStore } from '../store/contracts/retention-store.js';
import type { Jobs } from './jobs.js';

const RETENTION_EVERY_MS = 60_000;

interface Settings {
  readonly leaseMs: number;
  readonly keyRetentionMs: number;
  readonly personalDataRetentionMs: number;
}

/**
 * Schedules the expiry of attempts whose replica crashed, and data retention. Work done by one replica is no longer
 * found by the others.
 */
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
