import { sql } from 'kysely';
import type { Owner } from '../../../domain/api-client.js';
import type { PaymentSession } from '../../../domain/payment.js';
import type { ReconciliationReport, ReconciliationException } from '../../../domain/reconciliation.js';
import type { ReconciliationStore } from '../../contracts/reconciliation-store.js';
import { toPayment } from '../payment-rows.js';
import { SqlStore } from '../sql-store.js';
import { countOtherExceptions, exceptionsOf, isUnnamed, settledOf } from './day-exceptions.js';
import { currentImport } from './publish-import.js';

const UNKNOWN_PAGE = 100;

/** Reads rows as they were matched on import, and everything else from the current state of payments. */
export class SqlReconciliationStore extends SqlStore implements ReconciliationStore {
  findDay(day: string): Promise<ReconciliationReport | undefined> {
    return this.read(async (kysely) => {
      const row = await currentImport(kysely, day);
      if (row === undefined) return undefined;
      const { added_count: rowsAdded, gone_count: rowsRemoved } = row;
      return {
        day: row.day,
        importedAt: new Date(row.imported_at),
        rowCount: row.row_count,
        matchedCount: row.matched_count,
        lateUpdateCount: row.late_count,
        exceptionCount: row.exception_count + (await countOtherExceptions(kysely, row)),
        settledInFile: { count: row.settled_count, amountMinor: row.settled_minor },
        settledInGateway: await settledOf(kysely, row),
        changesSincePreviousImport: rowsAdded === null || rowsRemoved === null ? undefined : { rowsAdded, rowsRemoved },
      };
    });
  }

  findExceptions(
    owner: Owner,
    day: string,
    first: number,
    after: ReconciliationException['key'] = [0],
  ): Promise<ReconciliationException[]> {
    return this.read(async (kysely) => {
      const imported = await currentImport(kysely, day);
      return imported === undefined ? [] : exceptionsOf({ kysely, imported, keys: this.keys, owner, first, after });
    });
  }

  findImportedDays(from: string, to: string): Promise<ReadonlySet<string>> {
    return this.read(async (kysely) => {
      const imports = kysely.selectFrom('reconciliation_imports').select('day').where('state', '=', 'CURRENT');
      const rows = await imports.where('day', '>=', from).where('day', '<=', to).execute();
      return new Set(rows.map(({ day }) => day));
    });
  }

  findUnnamed(before: Date, after: Pick<PaymentSession, 'createdAt' | 'id'>): Promise<PaymentSession[]> {
    return this.read(async (kysely) => {
      const rows = await kysely
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
}
