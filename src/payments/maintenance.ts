import type { AttemptStore } from '../store/contracts/attempt-store.js';
import type { RetentionStore } from '../store/contracts/retention-store.js';
import type { Jobs } from './jobs.js';

const DAY_MS = 24 * 3_600_000;
const RETENTION_EVERY_MS = 60_000;

interface Settings {
  readonly leaseMs: number;
  readonly keyRetentionDays: number;
  readonly personalDataRetentionDays: number;
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
  const before = (days: number): Date => new Date(Date.now() - days * DAY_MS);
  jobs.every(settings.leaseMs / 4, () => attempts.expireStaleAttempts());
  jobs.every(RETENTION_EVERY_MS, () => retention.removeReleased(before(1)));
  jobs.every(RETENTION_EVERY_MS, () => retention.removeKeys(before(settings.keyRetentionDays)));
  jobs.every(RETENTION_EVERY_MS, () => retention.erasePersonalData(before(settings.personalDataRetentionDays)));
  jobs.every(RETENTION_EVERY_MS, () => retention.removeWebhooks(before(settings.personalDataRetentionDays)));
  jobs.every(RETENTION_EVERY_MS, () => retention.erasePayers(before(settings.personalDataRetentionDays)));
}
