import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Import } from '../../contracts/reconciliation-store.js';
import type { Database } from '../../database/database.js';
import type { StoreHealth } from '../../database/store-health.js';
import type { Row, Tables } from '../../database/tables.js';
import type { ImportChange, ImportSteps } from './import-steps.js';
import { differenceOf } from './import-difference.js';
import { NO_TOTALS, addTotals } from './import-totals.js';
import type { Totals } from './import-totals.js';
import { RANGE_ROWS, isWithin, nextInImport, notExists, ranges } from './ranges.js';
import type { Range } from './ranges.js';
import type { RowDigests } from './row-digests.js';

/** Few enough to list all of them in one statement. */
const LATE_EVENTS = 500;

type ImportRow = Row<'reconciliation_imports'>;
type LateEvent = Pick<Row<'payment_session_events'>, 'id' | 'payment_session_id' | 'status'>;

/** Makes a completely matched import the current one of its day. */
export class ImportPublisher {
  constructor(
    private readonly database: Database,
    private readonly health: StoreHealth,
    private readonly steps: ImportSteps,
    private readonly digests: RowDigests,
  ) {}

  /** Marks late updates, records missing payments, counts the rows, and replaces the previous import of the day. */
  async publish(staged: Import, settledOnly: boolean): Promise<void> {
    await this.#markLateUpdates(staged);
    const nextEnd = (above: number) => this.steps.read((kysely) => nextEnding(kysely, staged, above));
    for await (const range of ranges(staged.from.getTime() - 1, nextEnd))
      await this.steps.write(staged, (transaction) => recordMissingPayments(transaction, staged, settledOnly, range));
    const totals = await this.#count(staged);
    while (!(await this.#takePlace(staged, totals)));
    await this.health.guard(() => this.steps.removeStale());
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
        const imports = transaction.updateTable('reconciliation_imports').set({ state: 'REPLACED' });
        const current = imports.where('day', '=', staged.day).where('state', '=', 'CURRENT');
        const replaced = await current
          .where('id', '=', before?.id ?? 0)
          .returning('id')
          .execute();
        if (replaced.length !== (before === undefined ? 0 : 1)) return false;
        const change = {
          state: 'CURRENT',
          imported_at: this.database.nowMs,
          digest: this.digests.ofAll(staged),
        } as const;
        await this.steps.renew(transaction, staged.id, { ...change, ...totals, ...difference });
        return true;
      });
    });
  }

  /** Changes since the previous file. When the same file is imported again, the recorded changes are kept. */
  async #difference(staged: Import, row_count: number, before: ImportRow | undefined): Promise<ImportChange> {
    if (before?.digest_key_id !== staged.digestKeyId) return { added_count: null, gone_count: null };
    const { digest, added_count, gone_count } = before;
    if (digest === this.digests.ofAll(staged)) return { added_count, gone_count };
    const { rowsAdded, rowsRemoved } = await differenceOf(this.database.kysely, before, { id: staged.id, row_count });
    return { added_count: rowsAdded, gone_count: rowsRemoved };
  }
}

/** The import that is current for a day. */
export function currentImport(kysely: Kysely<Tables>, day: string): Promise<ImportRow | undefined> {
  const imports = kysely.selectFrom('reconciliation_imports').selectAll();
  return imports.where('day', '=', day).where('state', '=', 'CURRENT').executeTakeFirst();
}

/** Events of status updates from the file of a day, after the event with the given id. */
function lateEvents(kysely: Kysely<Tables>, day: string, after: number): Promise<LateEvent[]> {
  return kysely
    .selectFrom('payment_session_events')
    .select(['id', 'payment_session_id', 'status'])
    .where('reconciled_on', '=', day)
    .where('effect', '<>', 'contradicted')
    .where('id', '>', after)
    .orderBy('id')
    .limit(LATE_EVENTS)
    .execute();
}

/** Marks rows whose status updates came from an earlier import of the same file: they remain late updates. */
async function markLateUpdates(transaction: Kysely<Tables>, importId: number, events: readonly LateEvent[]) {
  for (const status of new Set(events.map((event) => event.status))) {
    const paymentIds = events.filter((event) => event.status === status).map((event) => event.payment_session_id);
    await transaction
      .updateTable('reconciliation_rows')
      .set({ outcome: 'LATE_NEWS' })
      .where('import_id', '=', importId)
      .where('outcome', '=', 'MATCHED')
      .where('status', '=', status)
      .where('payment_session_id', 'in', paymentIds)
      .execute();
  }
}

/** The `final_at` that ends the next range of payments which became final before the day's end; undefined for the last. */
async function nextEnding(kysely: Kysely<Tables>, { until }: Import, above: number): Promise<number | undefined> {
  const row = await kysely
    .selectFrom('payment_sessions')
    .select('final_at')
    .where('final_at', '>', above)
    .where('final_at', '<', until.getTime())
    .orderBy('final_at')
    .offset(RANGE_ROWS - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.final_at ?? undefined;
}

/**
 * Records payments that became final on the day and are not in its file. Payments that ended unpaid by a decision made
 * in this gateway are not expected in any file: Flinks may not know of it.
 */
async function recordMissingPayments(
  transaction: Kysely<Tables>,
  { id, until }: Import,
  settledOnly: boolean,
  range: Range<number>,
): Promise<void> {
  await sql`insert into reconciliation_absences (import_id, payment_session_id)
    select ${id}, p.id from payment_sessions p
    where ${isWithin('p.final_at', range)} and p.final_at < ${until.getTime()} and p.at_flinks_since is not null
    ${settledOnly ? sql`and p.status = 'SETTLED'` : sql``}
    and ${notExists(sql`select 1 from reconciliation_rows r
      where r.import_id = ${id} and r.payment_session_id = p.id and r.status = p.status`)}
    and ${notExists(sql`select 1 from payment_session_events e
      where e.payment_session_id = p.id and e.status = p.status and e.effect <> 'contradicted'
      and (e.source = 'GATEWAY' and e.status = 'EXPIRED' or e.source = 'OPERATOR' and e.status <> 'SETTLED')`)}`.execute(
    transaction,
  );
}
