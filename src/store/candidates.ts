import type { Kysely, Selectable } from 'kysely';
import type { Candidate } from '../domain/payment-identity.js';
import type { DataKeys } from './data-keys.js';
import type { Database } from './database.js';
import { toPayment, unseal } from './payment-rows.js';
import type { NewsIdentities } from './store.js';
import type { PaymentSessionsTable, Tables } from './tables.js';

type Row = Selectable<PaymentSessionsTable>;

/** What news may mean by ids of theirs: payments that Flinks may have, and sessions that were left behind there. */
export async function findCandidates(database: Database, keys: DataKeys, ids: NewsIdentities): Promise<Candidate[]> {
  const sessionIndexes = ids.sessionIds.flatMap((sessionId) => keys.indexesOf(sessionId));
  const named = {
    payment_request_id: ids.paymentRequestIds,
    session_index: sessionIndexes,
    reference_id: ids.referenceIds,
  };
  const found = new Map<string, Row>();
  // One index each; an `or` over them would read the whole table.
  for (const column of ['payment_request_id', 'session_index', 'reference_id'] as const) {
    if (named[column].length === 0) continue;
    const rows = await database.kysely
      .selectFrom('payment_sessions')
      .selectAll()
      .where(column, 'in', named[column])
      .where('at_flinks_since', 'is not', null)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  const payments = [...found.values()].map((row) => ({ ...toPayment(row, keys), isAbandoned: false }));
  return [...payments, ...(await findAbandoned(database.kysely, keys, sessionIndexes, ids.referenceIds))];
}

/** As the payments that they were made for, with ids of their own as far as these are known. */
export async function findAbandoned(
  kysely: Kysely<Tables>,
  keys: DataKeys,
  sessionIndexes: readonly string[],
  referenceIds: readonly string[],
): Promise<Candidate[]> {
  const found = new Map<number, Candidate>();
  for (const [column, values] of [
    ['a.session_index', sessionIndexes],
    ['p.reference_id', referenceIds],
  ] as const) {
    if (values.length === 0) continue;
    const rows = await kysely
      .selectFrom('abandoned_attempts as a')
      .innerJoin('payment_sessions as p', 'p.id', 'a.payment_session_id')
      .selectAll('p')
      .select(['a.id as abandoned_id', 'a.session_id as abandoned_session'])
      .where(column, 'in', values)
      .execute();
    for (const { abandoned_id, abandoned_session, ...row } of rows) {
      const sessionId = unseal(keys, abandoned_session, 'session_id', row.id);
      found.set(abandoned_id, { ...toPayment(row, keys), sessionId, paymentRequestId: undefined, isAbandoned: true });
    }
  }
  return [...found.values()];
}
