import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { fromStored } from '../../src/store/database/stored-values.js';
import type { Stored } from '../../src/store/database/stored-values.js';
import type { TestPostgres } from '../support/postgres.js';
import type { SqliteFile } from '../support/sqlite-file.js';
import type { StoreRows } from './evidence.js';

type Row = Readonly<Record<string, unknown>>;
type Query = (sql: string) => Promise<Row[]> | Row[];

export function readSqlite(file: SqliteFile): Promise<StoreRows> {
  return readRows((sql) => file.query<Row>(sql));
}

export function readPostgres(postgres: TestPostgres, database: string): Promise<StoreRows> {
  return readRows((sql) => postgres.query<Row>(sql, database));
}

/** The status as the GraphQL schema spells it. */
function statusIn({ status }: Row): string {
  return fromStored<PaymentSessionStatus>(String(status) as Stored<PaymentSessionStatus>);
}

async function readRows(query: Query): Promise<StoreRows> {
  const payments = await query(
    'select id, delivery, status, reference_id, amount_minor, session_id from payment_sessions',
  );
  const events = await query(
    "select payment_session_id, status from payment_session_events where effect <> 'contradicted' order by id",
  );
  const keys = await query('select key, payment_session_id, state from idempotency_keys');
  const orphans = await query('select payment_session_id, attempt from abandoned_attempts');
  return {
    payments: payments.map((row) => ({
      id: String(row.id),
      delivery: String(row.delivery),
      status: statusIn(row),
      referenceId: String(row.reference_id),
      amountMinor: Number(row.amount_minor),
      hasSession: row.session_id !== null,
    })),
    events: events.map((row) => ({ paymentId: String(row.payment_session_id), status: statusIn(row) })),
    keys: keys.map((row) => ({
      key: String(row.key),
      paymentId: String(row.payment_session_id),
      state: String(row.state),
    })),
    orphans: orphans.map((row) => ({ paymentId: String(row.payment_session_id), attempt: Number(row.attempt) })),
  };
}
