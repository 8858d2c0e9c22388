import { composeStore } from './store.js';
import type { Config } from '../config/config.js';
import { ApiKeyCommand } from '../identity/api-key/api-key-command.js';
import type { Logger } from '../lib/logger.js';
import { ApplyStatusUpdate } from '../payments/status/apply-status-update.js';
import { ResolveUnknown } from '../payments/status/resolve-unknown.js';
import { BusinessDays } from '../reconciliation/business-days.js';
import { ImportDailyFile } from '../reconciliation/import-daily-file.js';
import { ReconcileCommand } from '../reconciliation/command/reconcile-command.js';
import type { Console } from '../reconciliation/command/reconcile-command.js';
import type { Store } from '../store/open-store.js';

/** A command with an open store. */
export interface Composed<Command> {
  readonly command: Command;
  readonly close: () => Promise<void>;
}

/** Opens the store and builds the command that imports daily files. */
export async function composeReconciliation(
  config: Config,
  log: Logger,
  console: Console,
): Promise<Composed<ReconcileCommand>> {
  const store = await composeStore(config, log);
  const days = new BusinessDays(config.reconciliationTimeZone);
  const settings = {
    columns: config.reconciliationColumns,
    settledOnly: config.flinks.variant.dailyFileContains === 'settled',
  };
  const importFile = new ImportDailyFile(store.imports, composeStatusUpdates(store, log), days, settings);
  const command = new ReconcileCommand(importFile, store.reconciliation, store.statuses, days, console);
  return { command, close: () => store.close() };
}

/** Opens the store and builds the command that resolves payments of unknown outcome. */
export async function composeResolution(config: Config, log: Logger): Promise<Composed<ResolveUnknown>> {
  const store = await composeStore(config, log);
  return { command: new ResolveUnknown(store.statuses, composeStatusUpdates(store, log)), close: () => store.close() };
}

/** Opens the store and builds the command that manages API keys. */
export async function composeApiKeys(config: Config, log: Logger): Promise<Composed<ApiKeyCommand>> {
  const store = await composeStore(config, log);
  return { command: new ApiKeyCommand(store.apiKeys), close: () => store.close() };
}

/** Applies status updates without metrics, which commands do not have. */
function composeStatusUpdates(store: Store, log: Logger): ApplyStatusUpdate {
  return new ApplyStatusUpdate(store.statuses, () => undefined, log);
}
