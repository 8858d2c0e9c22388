import { sql } from 'kysely';
import type { ReportRow } from '../../../domain/reconciliation.js';
import type {
  Import,
  ImportStore,
  MatchedRow,
  ReportDay,
  RowCandidate,
  RowResult,
  UpdateRow,
} from '../../contracts/reconciliation-store.js';
import { findPayments } from '../payment-rows.js';
import { SqlStore } from '../sql-store.js';
import { ImportSteps } from './import-steps.js';
import { findRowCandidates } from './row-candidates.js';
import { ImportPublisher, currentImport } from './publish-import.js';
import { nextInImport, ranges } from './ranges.js';
import { resolveRowConflicts } from './row-conflicts.js';
import { RowDigests } from './row-digests.js';
import { toReportRow, toResultColumns, toTableRow } from './row-mapper.js';

/** Few enough to be applied one by one. */
const UPDATE_ROWS = 200;

/** Imports in SQL. Every step is small, whatever the size of the file. */
export class SqlImportStore extends SqlStore implements ImportStore {
  readonly #digests = new RowDigests(this.keys);
  readonly #steps = new ImportSteps(this.database, this.health);
  readonly #publisher = new ImportPublisher(this.database, this.health, this.#steps, this.#digests);

  begin(reportDay: ReportDay): Promise<Import> {
    return this.health.guard(async () => {
      await this.#steps.removeStale();
      const { day, from, until } = reportDay;
      const digestKeyId = this.#digests.keyFor((await currentImport(this.database.kysely, day))?.digest_key_id);
      const row = {
        day,
        from_at: from.getTime(),
        until_at: until.getTime(),
        state: 'STAGING',
        lease_until: this.#steps.leaseEnd(),
        imported_at: this.database.nowMs,
        digest_key_id: digestKeyId,
      } as const;
      const { id } = await this.database.write((transaction) =>
        transaction.insertInto('reconciliation_imports').values(row).returning('id').executeTakeFirstOrThrow(),
      );
      const started = { ...reportDay, id, digestKeyId };
      this.#digests.begin(started);
      return started;
    });
  }

  findCandidates(rows: readonly ReportRow[]): Promise<(readonly RowCandidate[] | undefined)[]> {
    return this.read(() => findRowCandidates(this.database, this.keys, rows));
  }

  stage(to: Import, rows: readonly MatchedRow[]): Promise<void> {
    const values = rows.map((each) => toTableRow(to, each, this.#digests.add(to, each.row.content), this.keys));
    return this.#steps.write(to, (transaction) => this.database.insertRows(transaction, 'reconciliation_rows', values));
  }

  findSameFile(staged: Import): Promise<string | undefined> {
    return this.read(async (kysely) => {
      const same = await kysely
        .selectFrom('reconciliation_imports')
        .select('day')
        .where('state', '=', 'CURRENT')
        .where('day', '<>', staged.day)
        .where('digest', '=', this.#digests.ofAll(staged))
        .where('digest_key_id', '=', staged.digestKeyId)
        .where('row_count', '>', 0)
        .executeTakeFirst();
      return same?.day;
    });
  }

  async resolveConflicts(staged: Import): Promise<void> {
    // The planner's statistics of PostgreSQL date from before these rows.
    if (this.database.dialect === 'postgres')
      await this.#steps.write(staged, (transaction) => sql`analyze reconciliation_rows`.execute(transaction));
    const next = (above: string) => this.read((kysely) => nextInImport(kysely, staged.id, 'payment_session_id', above));
    for await (const range of ranges('', next))
      await this.#steps.write(staged, (transaction) => resolveRowConflicts(transaction, staged.id, range));
  }

  findUpdates({ id }: Import, belowLine: number): Promise<UpdateRow[]> {
    return this.read(async (kysely) => {
      const rows = await kysely
        .selectFrom('reconciliation_rows')
        .selectAll()
        .where('import_id', '=', id)
        .where(sql<boolean>`is_news = 1`)
        .where('line', '>', belowLine)
        .orderBy('line')
        .limit(UPDATE_ROWS)
        .execute();
      const ids = rows.flatMap(({ payment_session_id }) => payment_session_id ?? []);
      if (ids.length === 0) return [];
      const payments = new Map((await findPayments(kysely, this.keys, ids)).map((payment) => [payment.id, payment]));
      return rows.flatMap((row) => {
        const payment = payments.get(row.payment_session_id ?? '');
        return payment === undefined ? [] : { row: toReportRow(row, this.keys), payment };
      });
    });
  }

  recordResult(staged: Import, line: number, result: RowResult): Promise<void> {
    return this.#steps.write(staged, (transaction) =>
      transaction
        .updateTable('reconciliation_rows')
        .set({ ...toResultColumns(result), is_news: 0 })
        .where('import_id', '=', staged.id)
        .where('line', '=', line)
        .execute(),
    );
  }

  complete(staged: Import, settledOnly: boolean): Promise<void> {
    return this.#publisher.publish(staged, settledOnly);
  }

  discard({ id }: Import): Promise<void> {
    return this.health.guard(() => this.#steps.remove(id));
  }
}
