import { sql } from 'kysely';
import type { Candidate } from '../../domain/payment-identity.js';
import type { ReportRow } from '../../domain/reconciliation.js';
import type { DataKeys } from '../data-keys.js';
import type { Database } from '../database.js';
import { toPayment } from '../payment-rows.js';
import type { StoreHealth } from '../store-health.js';
import { toStored } from '../stored-words.js';
import { findCandidates } from './candidates.js';
import { Completion, currentImport } from './completion.js';
import { judgeGroups } from './group-judgement.js';
import { ImportLives } from './import-lives.js';
import { ImportSteps } from './import-steps.js';
import { nextInImport, ranges } from './ranges.js';
import type { Import, ImportStore, JudgedRow, UpdateRow, ReportDay, RowResult } from './reconciliation-store.js';
import { toReportRow, toRowRow } from './report-row-rows.js';
import { RowDigests } from './row-digests.js';

/** Few enough to be told one by one. */
const NEWS_ROWS = 200;

/** Imports in SQL: every step is small, whatever the size of the file. */
export class SqlImportStore implements ImportStore {
  readonly #digests: RowDigests;
  readonly #lives: ImportLives;
  readonly #steps: ImportSteps;
  readonly #completion: Completion;

  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
  ) {
    this.#digests = new RowDigests(keys);
    this.#lives = new ImportLives(database);
    this.#steps = new ImportSteps(database, health, this.#lives);
    this.#completion = new Completion(database, health, this.#steps, this.#lives, this.#digests);
  }

  begin(reportDay: ReportDay): Promise<Import> {
    return this.health.reach(async () => {
      await this.#lives.removeLeftovers();
      const { day, from, until } = reportDay;
      const digestKeyId = this.#digests.keyFor((await currentImport(this.database.kysely, day))?.digest_key_id);
      const { id } = await this.database.write((transaction) =>
        transaction
          .insertInto('reconciliation_imports')
          .values({
            day,
            from_at: from.getTime(),
            until_at: until.getTime(),
            state: 'STAGING',
            lease_until: this.#lives.leaseEnd(),
            imported_at: this.database.nowMs,
            digest_key_id: digestKeyId,
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      );
      const begun = { ...reportDay, id, digestKeyId };
      this.#digests.begin(begun);
      return begun;
    });
  }

  findCandidates(rows: readonly ReportRow[]): Promise<(readonly Candidate[] | undefined)[]> {
    return this.health.reach(() => findCandidates(this.database.kysely, this.keys, rows));
  }

  stage(to: Import, rows: readonly JudgedRow[]): Promise<void> {
    const values = rows.map((each) => toRowRow(to, each, this.#digests.add(to, each.row.content), this.keys));
    return this.#steps.write(to, (transaction) =>
      transaction.insertInto('reconciliation_rows').values(values).execute(),
    );
  }

  findSameFile(staged: Import): Promise<string | undefined> {
    return this.health.reach(async () => {
      const same = await this.database.kysely
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

  async judgeTogether(staged: Import): Promise<void> {
    // What PostgreSQL believes of the table is from before these rows.
    if (this.database.dialect === 'postgres')
      await this.#steps.write(staged, (transaction) => sql`analyze reconciliation_rows`.execute(transaction));
    const next = (above: string) =>
      this.#steps.read((kysely) => nextInImport(kysely, staged.id, 'payment_session_id', above));
    for await (const range of ranges('', next))
      await this.#steps.write(staged, (transaction) => judgeGroups(transaction, staged.id, range));
  }

  findUpdates({ id }: Import, belowLine: number): Promise<UpdateRow[]> {
    return this.#steps.read(async (kysely) => {
      const rows = await kysely
        .selectFrom('reconciliation_rows')
        .selectAll()
        .where('import_id', '=', id)
        .where(sql<boolean>`is_news = 1`)
        .where('line', '>', belowLine)
        .orderBy('line')
        .limit(NEWS_ROWS)
        .execute();
      const ids = rows.flatMap(({ payment_session_id }) => payment_session_id ?? []);
      if (ids.length === 0) return [];
      const found = await kysely.selectFrom('payment_sessions').selectAll().where('id', 'in', ids).execute();
      const payments = new Map(found.map((each) => [each.id, toPayment(each, this.keys)]));
      return rows.flatMap((row) => {
        const payment = payments.get(row.payment_session_id ?? '');
        return payment === undefined ? [] : [{ row: toReportRow(row, this.keys), payment }];
      });
    });
  }

  noteResult(staged: Import, line: number, { outcome, paymentId, field, ...values }: RowResult): Promise<void> {
    const result = { outcome: toStored(outcome), payment_session_id: paymentId ?? null };
    const difference = {
      field: toStored(field),
      ours: values.recordedValue ?? null,
      theirs: values.reportedValue ?? null,
    };
    return this.#steps.write(staged, (transaction) =>
      transaction
        .updateTable('reconciliation_rows')
        .set({ ...result, ...difference, is_news: 0 })
        .where('import_id', '=', staged.id)
        .where('line', '=', line)
        .execute(),
    );
  }

  complete(staged: Import, settledOnly: boolean): Promise<void> {
    return this.#completion.run(staged, settledOnly);
  }

  discard({ id }: Import): Promise<void> {
    return this.health.reach(() => this.#lives.remove(id));
  }
}
