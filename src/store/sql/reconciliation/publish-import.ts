import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../../database/database.js';
import type { StoreHealth } from '../../database/store-health.js';
import type { ReconciliationImportsTable, Tables } from '../../database/tables.js';
import { nextEnding, recordMissingPayments } from './missing-payments.js';
import { differenceOf } from './file-difference.js';
import type { ImportChange, ImportLeases } from './import-leases.js';
import type { ImportSteps } from './import-steps.js';
import { lateEvents, markLateUpdates } from './late-updates.js';
import { nextInImport, ranges } from './ranges.js';
import type { Import } from '../../contracts/reconciliation-store.js';
import type { RowDigests } from './row-digests.js';
import { NO_TOTALS, addTotals } from './totals.js';
import type { Totals } from './totals.js';

type ImportRow = Selectable<ReconciliationImportsTable>;

/** Makes a completely matched import the current one of its day. */
export class ImportPublisher {
  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
    private readonly steps: ImportSteps,
    private readonly leases: ImportLeases,
    private readonly digests: RowDigests,
  ) {}

  /** Marks late updates, records missing payments, counts the rows, and replaces the previous import of the day. */
  async publish(staged: Import, settledOnly: boolean): Promise<void> {
    await this.#markLateUpdates(staged);
    await this.#recordMissingPayments(staged, settledOnly);
    const totals = await this.#count(staged);
    while (!(await this.#takePlace(staged, totals))) continue;
    await this.health.guard(() => this.leases.removeStale());
  }

  async #markLateUpdates(staged: Import): Promise<void> {
    for (let last = 0; ;) {
      const events = await this.steps.read((kysely) => lateEvents(kysely, staged.day, last));
      const next = events.at(-1);
      if (next === undefined) return;
      await this.steps.write(staged, (transaction) => markLateUpdates(transaction, staged.id, events));
      last = next.id;
    }
  }

  async #recordMissingPayments(staged: Import, settledOnly: boolean): Promise<void> {
    const next = (above: number) => this.steps.read((kysely) => nextEnding(kysely, staged, above));
    for await (const range of ranges(staged.from.getTime() - 1, next))
      await this.steps.write(staged, (transaction) => recordMissingPayments(transaction, staged, settledOnly, range));
  }

  async #count({ id }: Import): Promise<Totals> {
    let totals = NO_TOTALS;
    const next = (above: number) => this.steps.read((kysely) => nextInImport(kysely, id, 'line', above));
    for await (const range of ranges(0, next))
      totals = await this.steps.read((kysely) => addTotals(kysely, id, range, totals));
    return totals;
  }

  /** Replaces the current import; false when another import has replaced it concurrently. */
  #takePlace(staged: Import, totals: Totals): Promise<boolean> {
    return this.health.guard(async () => {
      const before = await currentImport(this.database.kysely, staged.day);
      const difference = await this.#difference(staged, totals.row_count, before);
      return this.database.write(async (transaction) => {
        const replaced = await transaction
          .updateTable('reconciliation_imports')
          .set({ state: 'REPLACED' })
          .where('day', '=', staged.day)
          .where('state', '=', 'CURRENT')
          .where('id', '=', before?.id ?? 0)
          .returning('id')
          .execute();
        if (replaced.length !== (before === undefined ? 0 : 1)) return false;
        const current = {
          state: 'CURRENT',
          imported_at: this.database.nowMs,
          digest: this.digests.ofAll(staged),
        } as const;
        await this.leases.renew(transaction, staged.id, { ...current, ...totals, ...difference });
        return true;
      });
    });
  }

  /** Changes since the previous file. When the same file is imported again, the recorded changes are kept. */
  async #difference(staged: Import, rows: number, before: ImportRow | undefined): Promise<ImportChange> {
    if (before?.digest_key_id !== staged.digestKeyId) return { added_count: null, gone_count: null };
    if (before.digest === this.digests.ofAll(staged))
      return { added_count: before.added_count, gone_count: before.gone_count };
    const earlier = { id: before.id, rows: before.row_count };
    const { rowsAdded, rowsRemoved } = await differenceOf(this.database.kysely, earlier, {
      id: staged.id,
      rows,
    });
    return { added_count: rowsAdded, gone_count: rowsRemoved };
  }
}

/** The import that is current for a day. */
export function currentImport(kysely: Kysely<Tables>, day: string): Promise<ImportRow | undefined> {
  return kysely
    .selectFrom('reconciliation_imports')
    .selectAll()
    .where('day', '=', day)
    .where('state', '=', 'CURRENT')
    .executeTakeFirst();
}
