import { createPaymentId } from '../../src/domain/ids.js';
import type { PaymentSession } from '../../src/domain/payment.js';
import { isFinal } from '../../src/domain/payment-status.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { loadConfig } from '../../src/config/config.js';
import { DataKeys, checkDataKeys } from '../../src/store/encryption/data-keys.js';
import type { Database } from '../../src/store/database/database.js';
import { migrate } from '../../src/store/database/migrate.js';
import { openDatabase } from '../../src/store/open-store.js';
import { toPaymentRow } from '../../src/store/sql/payment-rows.js';
import { toStored } from '../../src/store/database/stored-values.js';

const ROWS_PER_STATEMENT = 500;

/** A payment that exists at Flinks, with the given changes. */
export function paymentWith(change: Partial<PaymentSession>): PaymentSession {
  const at = change.createdAt ?? new Date();
  return {
    id: createPaymentId(),
    deliveryMethod: 'LINK',
    status: 'INITIATED',
    referenceId: 'LOAN-1042',
    upstreamReferenceId: change.referenceId ?? 'LOAN-1042',
    amount: { amountMinor: 25_010, currency: 'CAD' },
    customer: {
      userId: 'user-1',
      name: new Sensitive('Zoé Tremblay-Côté'),
      email: new Sensitive('zoe.tremblay@example.com'),
    },
    clientUrls: [],
    sessionId: undefined,
    paymentRequestId: undefined,
    statusDetails: undefined,
    statusCheckedAt: undefined,
    createdAt: at,
    updatedAt: at,
    ...change,
  };
}

/** The data keys of the gateways under test. */
export function testKeys(): DataKeys {
  return new DataKeys(loadConfig({ NODE_ENV: 'test', FLINKS_BASE_URL: 'http://127.0.0.1:1' }).dataKeys);
}

/**
 * Inserts payments into a store that no process has open, as if Flinks had reported their statuses. They are due for a lookup
 * at `dueAt`, or never without it.
 */
export async function fillStore(url: string, payments: Iterable<PaymentSession>, dueAt?: Date): Promise<void> {
  const database = await openDatabase(url);
  const keys = testKeys();
  try {
    await migrate(database);
    await checkDataKeys(database, keys);
    await insertPayments(database, keys, payments);
    if (dueAt !== undefined)
      await database.kysely.updateTable('payment_sessions').set({ next_check_at: dueAt.getTime() }).execute();
  } finally {
    await database.close();
  }
}

/** Inserts payments into an open store. */
export async function insertPayments(
  database: Database,
  keys: DataKeys,
  payments: Iterable<PaymentSession>,
): Promise<void> {
  const batch: PaymentSession[] = [];
  for (const payment of payments)
    if (batch.push(payment) === ROWS_PER_STATEMENT) await insert(database, keys, batch.splice(0));
  if (batch.length > 0) await insert(database, keys, batch);
}

async function insert(database: Database, keys: DataKeys, payments: readonly PaymentSession[]): Promise<void> {
  const rows = payments.map((payment) => ({
    ...toPaymentRow(payment, 'anonymous', keys),
    final_at: isFinal(payment.status) ? payment.updatedAt.getTime() : null,
    at_flinks_since: payment.createdAt.getTime(),
  }));
  const events = payments.map(({ id, status, updatedAt }) => ({
    payment_session_id: id,
    number: 1,
    status: toStored(status),
    source: 'POLL' as const,
    at: updatedAt.getTime(),
    effect: 'moved' as const,
  }));
  await database.write(async (transaction) => {
    await transaction.insertInto('payment_sessions').values(rows).execute();
    await transaction.insertInto('payment_session_events').values(events).execute();
  });
}
