import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { Candidate } from '../../domain/payment-identity.js';
import type { ReportRow } from '../../domain/reconciliation.js';
import type { DataKeys } from '../data-keys.js';
import type { Database } from '../database.js';
import { findCandidates } from './candidates.js';
import * as completion from './completion.js';
import { differenceOf } from './file-difference.js';
import { ImportLives } from './import-lives.js';
import type { ImportChange } from './import-lives.js';
import { judgeGroups, nextPayment } from './group-judgement.js';
import { toPayment } from '../payment-rows.js';
import { ranges } from './ranges.js';
import type { Import, ImportStore, JudgedRow, NewsRow, ReportDay, RowResult } from './reconciliation-store.js';
import { toReportRow, toRowRow } from './report-row-rows.js';
import { RowDigests } from './row-digests.js';
import type { StoreHealth } from '../store-health.js';
import type { ReconciliationImportsTable, Tables } from '../tables.js';

type ImportRow = Selectable<ReconciliationImportsTable>;

/** Few enough to be told one by one. */
const NEWS_ROWS = 200;

/** Imports in SQL: every step is small, whatever the size of the file. */
export class SqlImportStore implements ImportStore {
  readonly #digests: RowDigests;
  readonly #lives: ImportLives;

  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
  ) {
    this.#digests = new RowDigests(keys);
    this.#lives = new ImportLives(database);
  }

  begin(reportDay: ReportDay): Promise<Import> {
    return this.health.reach(async () => {
      await this.#lives.removeLeftovers();
      const { day, from, until } = reportDay;
      const digestKeyId = this.#digests.keyFor((await this.#current(day))?.digest_key_id);
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
    return this.#step(to, (transaction) => transaction.insertInto('reconciliation_rows').values(values).execute());
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
      await this.#step(staged, (transaction) => sql`analyze reconciliation_rows`.execute(transaction));
    const next = (above: string) => this.#read((kysely) => nextPayment(kysely, staged.id, above));
    for await (const range of ranges('', next))
      await this.#step(staged, (transaction) => judgeGroups(transaction, staged.id, range));
  }

  findNews({ id }: Import, belowLine: number): Promise<NewsRow[]> {
    return this.#read(async (kysely) => {
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

  noteResult(staged: Import, line: number, { outcome, paymentId, field, ours, theirs }: RowResult): Promise<void> {
    const result = { outcome, payment_session_id: paymentId ?? null };
    const difference = { field: field ?? null, ours: ours ?? null, theirs: theirs ?? null };
    return this.#step(staged, (transaction) =>
      transaction
        .updateTable('reconciliation_rows')
        .set({ ...result, ...difference, is_news: 0 })
        .where('import_id', '=', staged.id)
        .where('line', '=', line)
        .execute(),
    );
  }

  async complete(staged: Import, settledOnly: boolean): Promise<void> {
    const { id, from } = staged;
    await this.#markLateNews(staged);
    const endings = ranges(from.getTime() - 1, (above) =>
      this.#read((kysely) => completion.nextEnding(kysely, staged, above)),
    );
    for await (const range of endings)
      await this.#step(staged, (transaction) => completion.noteAbsences(transaction, staged, settledOnly, range));
    let totals = completion.NO_TOTALS;
    for await (const range of ranges<number>(0, (above) =>
      this.#read((kysely) => completion.nextLine(kysely, id, above)),
    ))
      totals = await this.#read((kysely) => completion.addTotals(kysely, id, range, totals));
    while (!(await this.#takePlace(staged, totals))) continue;
    await this.health.reach(() => this.#lives.removeLeftovers());
  }

  discard({ id }: Import): Promise<void> {
    return this.health.reach(() => this.#lives.remove(id));
  }

  async #markLateNews(staged: Import): Promise<void> {
    for (let last = 0; ;) {
      const events = await this.#read((kysely) => completion.lateEvents(kysely, staged.day, last));
      const next = events.at(-1);
      if (next === undefined) return;
      await this.#step(staged, (transaction) => completion.markLateNews(transaction, staged.id, events));
      last = next.id;
    }
  }

  /** False when another import took the place meanwhile. */
  #takePlace(staged: Import, totals: completion.Totals): Promise<boolean> {
    return this.health.reach(async () => {
      const before = await this.#current(staged.day);
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
        const digest = this.#digests.ofAll(staged);
        const current = { state: 'CURRENT', imported_at: this.database.nowMs, digest } as const;
        await this.#lives.hold(transaction, staged.id, { ...current, ...totals, ...difference });
        return true;
      });
    });
  }

  /** The file that is imported again is no other file: what it differed by before stays. */
  async #difference(staged: Import, rows: number, before: ImportRow | undefined): Promise<ImportChange> {
    if (before?.digest_key_id !== staged.digestKeyId) return { added_count: null, gone_count: null };
    if (before.digest === this.#digests.ofAll(staged))
      return { added_count: before.added_count, gone_count: before.gone_count };
    const earlier = { id: before.id, rows: before.row_count };
    const { rowsAdded, rowsGone } = await differenceOf(this.database.kysely, earlier, { id: staged.id, rows });
    return { added_count: rowsAdded, gone_count: rowsGone };
  }

  #current(day: string): Promise<ImportRow | undefined> {
    return this.database.kysely
      .selectFrom('reconciliation_imports')
      .selectAll()
      .where('day', '=', day)
      .where('state', '=', 'CURRENT')
      .executeTakeFirst();
  }

  #read<T>(query: (kysely: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.health.reach(() => query(this.database.kysely));
  }

  #step(staged: Import, work: (transaction: Kysely<Tables>) => Promise<unknown>): Promise<void> {
    return this.health.reach(() =>
      this.database.write(async (transaction) => {
        await this.#lives.hold(transaction, staged.id);
        await work(transaction);
      }),
    );
  }
}
