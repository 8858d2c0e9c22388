import type { Config } from '../config/config.js';
import type { Logger } from '../lib/logger.js';
import { DataKeys } from '../store/encryption/data-keys.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/open-store.js';

/** Opens the store of a configuration and logs its failures. Throws a `StoreConfigurationError` if it is unusable. */
export function composeStore(config: Config, log: Logger): Promise<Store> {
  return openStore(
    {
      databaseUrl: config.databaseUrl.reveal(),
      dataKeys: new DataKeys(config.dataKeys),
      leaseMs: config.idempotencyLeaseMs,
      checkAfterMs: config.statusStaleAfterMs,
      limits: config.paymentLimits,
    },
    {
      onFailure: (problem) =>
        log.error({ event: 'database_unavailable', code: 'SERVICE_UNAVAILABLE', problem }, 'database unavailable'),
      onRecovery: () => log.info({ event: 'database_recovered' }, 'database recovered'),
      onPermissionsTightened: (file) =>
        log.warn(
          { event: 'database_permissions_tightened', file },
          'other users could read this database file; now only its owner can',
        ),
    },
  );
}
