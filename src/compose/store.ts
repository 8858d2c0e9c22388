import type { Config } from '../config/config.js';
import type { Logger } from '../lib/logger.js';
import { DataKeys } from '../store/encryption/data-keys.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/open-store.js';

/** Opens the store of this configuration; throws when it is not fit to work with. */
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
      onFailure: (problem) => log.error({ code: 'SERVICE_UNAVAILABLE', problem }, 'the store does not answer'),
      onRecovery: () => log.info('the store answers again'),
      onPermissionsTightened: (file) =>
        log.warn({ file }, 'others could read this file of the store: now its owner alone can'),
    },
  );
}
