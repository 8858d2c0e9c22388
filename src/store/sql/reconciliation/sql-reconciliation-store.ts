import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Owner } from '../../../domain/api-client.js';
import type { PaymentSession } from '../../../domain/payment.js';
import type { ReconciliationReport, ReconciliationException } from '../../../domain/reconciliation.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import type { Database } from '../../database/database.js';
import {
  contradictionsOf,
  countContradictions,
  countMismatches,
  countMissing,
  isUnnamed,
  mismatchesOf,
  missingOf,
  rowExceptionsOf,
  settledOf,
} from './day-exceptions.js';
import type { Page } from './day-exceptions.js';
import { toPayment } from '../payment-rows.js';
import { currentImport } from './publish-import.js';
import type { ReconciliationStore } from '../../contracts/reconciliation-store.js';
import type { StoreHealth } from '../../database/store-health.js';
import type { ReconciliationImportsTable } from '../../database/tables.js';

type ImportRow = Selectable<ReconciliationImportsTable>;

const UNKNOWN_PAGE = 100;

/**
 * Reads the results of reconciliation: rows as they were matched on import, everything else from the current state of
 * payments.
 */
export class SqlReconciliationStore implements ReconciliationStore {
  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    private readonly health: StoreHealth,
  ) {}

  findDay(day: string): Promise<ReconciliationReport | undefined> {
    return this.health.guard(async () => {
      const row = await currentImport(this.database.kysely, day);
      return row === undefined ? undefined : this.#describe(row);
    });
  }

  findExceptions(
    owner: Owner,
    day: string,
    first: number,
    after: ReconciliationException['key'] = [0],
  ): Promise<ReconciliationException[]> {
    return this.health.guard(async () => {
      const row = await currentImport(this.database.kysely, day);
      if (row === undefined) return [];
      const found: ReconciliationException[] = [];
      const [section = 0, ...key] = after;
      for (const [index, read] of [rowExceptionsOf, missingOf, contradictionsOf, mismatchesOf].entries()) {
        if (index < Number(section) || found.length === first) continue;
        const page: Page = { owner, first: first - found.length, after: index === section ? key : [] };
        found.push(...(await read(this.database.kysely, row, page, this.keys)));
      }
      return found;
    });
  }

  findImportedDays(from: string, to: string): Promise<ReadonlySet<string>> {
    return this.health.guard(async () => {
      const rows = await this.database.kysely
        .selectFrom('reconciliation_imports')
        .select('day')
        .where('state', '=', 'CURRENT')
        .where('day', '>=', from)
        .where('day', '<=', to)
        .execute();
      return new Set(rows.map(({ day }) => day));
    });
  }

  findUnnamed(before: Date, after: Pick<PaymentSession, 'createdAt' | 'id'>): Promise<PaymentSession[]> {
    return this.health.guard(async () => {
      const rows = await this.database.kysely
        .selectFrom('payment_sessions as p')
        .selectAll('p')
        // Literally as in the index.
        .where(sql<boolean>`p.status = 'UNKNOWN' and p.at_flinks_since is not null`)
        .where('p.created_at', '<', before.getTime())
        .where(sql<boolean>`(p.created_at, p.id) > (${after.createdAt.getTime()}, ${after.id})`)
        .where(isUnnamed)
        .orderBy('p.created_at')
        .orderBy('p.id')
        .limit(UNKNOWN_PAGE)
        .execute();
      return rows.map((row) => toPayment(row, this.keys));
    });
  }

  async #describe(row: ImportRow): Promise<ReconciliationReport> {
    const { kysely } = this.database;
    const { added_count: rowsAdded, gone_count: rowsRemoved } = row;
    return {
      day: row.day,
      importedAt: new Date(row.imported_at),
      rowCount: row.row_count,
      matchedCount: row.matched_count,
      lateUpdateCount: row.late_count,
      exceptionCount:
        row.exception_count +
        (await countMissing(kysely, row)) +
        (await countContradictions(kysely, row)) +
        (await countMismatches(kysely, row)),
      settledInFile: { count: row.settled_count, amountMinor: row.settled_minor },
      settledInGateway: await settledOf(kysely, row),
      changesSincePreviousImport: rowsAdded === null || rowsRemoved === null ? undefined : { rowsAdded, rowsRemoved },
    };
  }
}
