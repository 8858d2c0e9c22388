import { sql } from 'kysely';
import type { Insertable, Kysely } from 'kysely';
import type { ProviderUnavailable } from '../../domain/provider-result.js';
import { idKey, spellingsOf } from '../../domain/ids.js';
import { payerKey } from '../../domain/payer-key.js';
import type { PaymentSession, PaymentSessionEvent, UnreadableField } from '../../domain/payment.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import { Sensitive } from '../../domain/sensitive.js';
import type { DataKeys } from '../encryption/data-keys.js';
import type { KeyRecord } from '../../domain/idempotency-key.js';
import type { Database } from '../database/database.js';
import { fromStored, toStored } from '../database/stored-values.js';
import type { Row, Tables } from '../database/tables.js';

/** Column of a sealed value. A value can be unsealed only in the row and column for which it was sealed. */
type SealedColumn = 'customer_name' | 'customer_email' | 'session_id';
type Optional = Sensitive<string> | undefined;

/** Seals a value, so that it can be unsealed in its own column and row only; null for undefined. */
export function seal(keys: DataKeys, text: Optional, column: SealedColumn, paymentId: string): string | null {
  return text === undefined ? null : keys.seal(text, `${column} of ${paymentId}`);
}

/** Unseals what `seal` wrote to this column and row; undefined for null, and where this replica cannot decrypt it. */
export function unseal(keys: DataKeys, sealed: string | null, column: SealedColumn, paymentId: string): Optional {
  return sealed === null ? undefined : keys.unsealIfPossible(sealed, `${column} of ${paymentId}`);
}

/** Blind index by which a session id is found, however its case is spelled. */
export function sessionIndexOf(keys: DataKeys, sessionId: Sensitive<string>): string {
  return keys.indexOf(new Sensitive(idKey(sessionId.reveal())));
}

/** Every blind index under which a session id may be stored. Older releases indexed it as it was spelled. */
export function sessionIndexesOf(keys: DataKeys, sessionId: Sensitive<string>): string[] {
  return spellingsOf(sessionId.reveal()).flatMap((spelling) => keys.indexesOf(new Sensitive(spelling)));
}

/** Maps a new payment to its row. */
export function toPaymentRow(payment: PaymentSession, clientId: string, keys: DataKeys) {
  const { id, customer } = payment;
  return {
    id,
    caller: clientId,
    delivery: payment.deliveryMethod,
    status: toStored(payment.status),
    reference_id: payment.referenceId,
    reference_suffix: payment.upstreamReferenceId.slice(payment.referenceId.length),
    reference_key: idKey(payment.upstreamReferenceId),
    user_id: customer.userId,
    amount_minor: payment.amount.amountMinor,
    currency: payment.amount.currency,
    client_urls: JSON.stringify(payment.clientUrls),
    customer_name: seal(keys, customer.name, 'customer_name', id),
    customer_email: seal(keys, customer.email, 'customer_email', id),
    session_id: seal(keys, payment.sessionId, 'session_id', id),
    payment_request_id: payment.paymentRequestId ?? null,
    created_at: payment.createdAt.getTime(),
    updated_at: payment.updatedAt.getTime(),
    final_at: null,
    event_count: 1,
    status_details: null,
    status_checked_at: null,
    next_check_at: null,
    at_flinks_since: null,
    session_index: null,
    payer_index: customer.email === undefined ? null : keys.indexOf(payerKey(clientId, customer.email)),
  } satisfies Insertable<Tables['payment_sessions']>;
}

/**
 * Maps a row. Values that cannot be decrypted are undefined and in `unreadable`, so that status and lists still work.
 */
export function toPayment(row: Row<'payment_sessions'>, keys: DataKeys): PaymentSession {
  const unreadable: UnreadableField[] = [];
  const unsealField = (field: UnreadableField, column: SealedColumn) => {
    const text = unseal(keys, row[column], column, row.id);
    if (text === undefined && row[column] !== null) unreadable.push(field);
    return text;
  };
  const clientUrls = urlsIn(row.client_urls);
  if (clientUrls === undefined) unreadable.push('clientUrls');
  const payment: PaymentSession = {
    id: row.id,
    deliveryMethod: row.delivery,
    status: fromStored<PaymentSessionStatus>(row.status),
    referenceId: row.reference_id,
    upstreamReferenceId: `${row.reference_id}${row.reference_suffix}`,
    customer: {
      userId: row.user_id,
      name: unsealField('name', 'customer_name'),
      email: unsealField('email', 'customer_email'),
    },
    amount: { amountMinor: row.amount_minor, currency: row.currency },
    clientUrls: clientUrls ?? [],
    sessionId: unsealField('sessionId', 'session_id'),
    paymentRequestId: row.payment_request_id ?? undefined,
    statusDetails: row.status_details ?? undefined,
    statusCheckedAt: row.status_checked_at === null ? undefined : new Date(row.status_checked_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
  return unreadable.length === 0 ? payment : { ...payment, unreadable };
}

/** Payments of all clients by id, in any order. */
export async function findPayments(kysely: Kysely<Tables>, keys: DataKeys, ids: readonly string[]) {
  const rows = await kysely.selectFrom('payment_sessions').selectAll().where('id', 'in', ids).execute();
  return rows.map((row) => toPayment(row, keys));
}

function urlsIn(json: string): string[] | undefined {
  try {
    const urls: unknown = JSON.parse(json);
    return Array.isArray(urls) && urls.every((url) => typeof url === 'string') ? urls : undefined;
  } catch {
    return undefined;
  }
}

/** Maps a row to an event of a payment's history. */
export function toEvent(row: Row<'payment_session_events'>): PaymentSessionEvent {
  return {
    number: row.number,
    status: fromStored<PaymentSessionStatus>(row.status),
    source: row.source,
    recordedAt: new Date(row.at),
    message: row.details ?? undefined,
    applied: row.effect !== 'contradicted',
    actor: row.told_by ?? undefined,
  };
}

type KeyColumn = 'state' | 'attempt' | 'fingerprint' | 'fingerprint_key_id' | 'fingerprint_form' | 'released_as';

/** A key and its payment, joined. */
export type KeyRow = Row<'payment_sessions'> &
  Pick<Row<'idempotency_keys'>, KeyColumn> & { readonly lease_over: number };

/**
 * Every column of a payment. A prepared statement names them, because PostgreSQL rejects one whose `*` has other columns
 * than before, as it has once a newer replica has migrated the schema.
 */
const PAYMENT_COLUMNS: Readonly<Record<keyof Tables['payment_sessions'], true>> = {
  id: true,
  caller: true,
  delivery: true,
  status: true,
  reference_id: true,
  reference_suffix: true,
  reference_key: true,
  user_id: true,
  amount_minor: true,
  currency: true,
  client_urls: true,
  customer_name: true,
  customer_email: true,
  session_id: true,
  payment_request_id: true,
  created_at: true,
  updated_at: true,
  final_at: true,
  event_count: true,
  status_details: true,
  status_checked_at: true,
  next_check_at: true,
  at_flinks_since: true,
  session_index: true,
  payer_index: true,
  client_number: true,
};

/** Selects keys (`k`) with their payments (`p`). */
export function keyRows({ kysely, nowMs }: Pick<Database, 'kysely' | 'nowMs'>) {
  return kysely
    .selectFrom('idempotency_keys as k')
    .innerJoin('payment_sessions as p', 'p.id', 'k.payment_session_id')
    .select(columnsOf('p'))
    .select(['k.state', 'k.attempt', 'k.fingerprint', 'k.fingerprint_key_id', 'k.fingerprint_form', 'k.released_as'])
    .select(sql<number>`case when lease_until <= ${nowMs} then 1 else 0 end`.as('lease_over'));
}

function columnsOf<Alias extends string>(alias: Alias) {
  const columns = Object.keys(PAYMENT_COLUMNS) as (keyof Tables['payment_sessions'])[];
  return columns.map((column) => `${alias}.${column}` as const);
}

/** Maps a row to a key with its payment. */
export function toRecord(row: KeyRow, keys: DataKeys): KeyRecord {
  return {
    state: row.state,
    attempt: row.attempt,
    fingerprint: { mac: row.fingerprint, keyId: row.fingerprint_key_id, version: row.fingerprint_form },
    isLeaseExpired: row.lease_over === 1,
    releasedAs: row.released_as === null ? undefined : (JSON.parse(row.released_as) as ProviderUnavailable),
    payment: toPayment(row, keys),
  };
}
