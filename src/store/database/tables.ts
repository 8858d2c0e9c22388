import type { Generated } from 'kysely';
import type { PaymentDeliveryMethod, PaymentSessionEventSource } from '../../domain/payment.js';
import type { IdentityField } from '../../domain/payment-mismatch.js';
import type { TransitionEffect, PaymentSessionStatus } from '../../domain/payment-status.js';
import type { InboxState } from '../contracts/inbox-store.js';
import type { KeyState } from '../../domain/idempotency-key.js';
import type { Stored } from './stored-values.js';
import type { RowField, RowOutcome } from '../../domain/reconciliation.js';

// The tables as `migrations/` leaves them. Times are milliseconds since the epoch; amounts are minor units. What is called
// sealed is encrypted by `DataKeys`.

export interface PaymentSessionsTable {
  id: string;
  caller: string;
  delivery: PaymentDeliveryMethod;
  status: Stored<PaymentSessionStatus>;
  reference_id: string;
  /** What Flinks knows the reference with behind it; empty for a reference that no other client has used. */
  reference_suffix: Generated<string>;
  /** By which the row is found when somebody tells the reference that Flinks has (`idKey`); null where an older release wrote it. */
  reference_key: string | null;
  user_id: string;
  amount_minor: number;
  currency: 'CAD';
  /** A JSON list. */
  client_urls: string;
  /** Sealed; null once erased, as are the next two. */
  customer_name: string | null;
  customer_email: string | null;
  /** Sealed; null as well while Flinks has told none. */
  session_id: string | null;
  payment_request_id: string | null;
  created_at: number;
  updated_at: number;
  /** When the status became final; null until then. */
  final_at: number | null;
  /** The number of its last event. */
  event_count: number;
  status_details: string | null;
  /** When Flinks last answered a lookup. */
  status_checked_at: number | null;
  /** When to look it up next; null when that is of no use. */
  next_check_at: number | null;
  /** Since when Flinks may have it: its session was told, or nobody knows. Null again once that is known to be wrong. */
  at_flinks_since: number | null;
  /** By which the row is found when somebody tells the session id, as written by `DataKeys.indexOf`. */
  session_index: string | null;
  /**
   * By which a caller's payments of one payer are found, as written by `DataKeys.indexOf`; null once erased, and of payments that
   * older releases made.
   */
  payer_index: string | null;
}

/** Which client used a reference first. */
export interface PaymentReferencesTable {
  /** As `ownershipKey` writes it. */
  reference: string;
  caller: string;
}

/** What Flinks told of a payment and cannot be true of it, once for each source, field and value. */
export interface PaymentMismatchesTable {
  id: Generated<number>;
  payment_session_id: string;
  source: PaymentSessionEventSource;
  field: Stored<IdentityField>;
  /** Null for what is secret or personal, as is the next. */
  ours: string | null;
  theirs: string | null;
  at: number;
}

/** Rows are added and never changed. */
export interface PaymentSessionEventsTable {
  id: Generated<number>;
  payment_session_id: string;
  /** Counts the events of the payment from 1, without a gap. */
  number: number;
  status: Stored<PaymentSessionStatus>;
  source: PaymentSessionEventSource;
  at: number;
  details: string | null;
  /** Whether it moved the payment, and whether that was to be expected. */
  effect: Stored<Exclude<TransitionEffect, 'stale'>>;
  told_by: string | null;
  /** The day, as YYYY-MM-DD, whose file told it. */
  reconciled_on: string | null;
}

/** One row for each idempotency key: whose attempt it is, and how far that has come. */
export interface IdempotencyKeysTable {
  caller: string;
  /** The operation, by what it delivers: createPaymentSession is LINK, sendPaymentRequest is EMAIL. */
  operation: PaymentDeliveryMethod;
  key: string;
  payment_session_id: string;
  fingerprint: string;
  fingerprint_key_id: string;
  fingerprint_form: number;
  state: KeyState;
  attempt: number;
  /** Unique to the attempt. */
  owner: string;
  /** By the store's clock. */
  lease_until: number;
  /** JSON of the `NothingDone` that the last released attempt came to. */
  released_as: string | null;
  /** Since when the row may be cleaned up; null while it must stay. */
  closed_at: number | null;
  /** 0, but 1 of the later one of two mutations that an older release let have the same key. */
  rival: Generated<number>;
}

/** Attempts that ended without anything handed out although Flinks may hold a session of theirs that can be paid. */
export interface AbandonedAttemptsTable {
  id: Generated<number>;
  payment_session_id: string;
  attempt: number;
  /** Sealed; null when the process did not live to write it. */
  session_id: string | null;
  at: number;
  /** By which the row is found when somebody tells the session id, as written by `DataKeys.indexOf`. */
  session_index: string | null;
  /** When to ask Flinks to cancel the session; null once that is done, or of no use. */
  next_cancel_at: number | null;
}

/** Events that Flinks sent of its own accord. */
export interface WebhookInboxTable {
  /** Of the bytes, as written by `DataKeys.indexOf`. */
  digest: string;
  /** Sealed. */
  payload: string;
  state: InboxState;
  received_at: number;
  /** When to see again what it means; null unless it waits. */
  next_attempt_at: number | null;
  attempts: number;
  /** Of the payment that it tells of; null unless it is done. */
  payment_session_id: string | null;
}

/** The file of a day, each time that it was imported. */
export interface ReconciliationImportsTable {
  id: Generated<number>;
  /** YYYY-MM-DD. */
  day: string;
  /** When the day began and ended. */
  from_at: number;
  until_at: number;
  /** STAGING: under way, or its process died. CURRENT: what the day is judged by. REPLACED: about to be removed. */
  state: 'STAGING' | 'CURRENT' | 'REPLACED';
  /** Until then an import that is under way is its process's alone. */
  lease_until: number;
  imported_at: number;
  /** The data key of this digest and those of the rows. */
  digest_key_id: string;
  /** Of all rows, in any order. The rest is null or 0 while STAGING. */
  digest: string | null;
  row_count: Generated<number>;
  matched_count: Generated<number>;
  late_count: Generated<number>;
  exception_count: Generated<number>;
  settled_count: Generated<number>;
  settled_minor: Generated<number>;
  /** Of the settled rows those that are settled here as well. */
  proven_count: Generated<number>;
  proven_minor: Generated<number>;
  /** Rows that the file before had not, and the other way round; null while there was none. */
  added_count: number | null;
  gone_count: number | null;
}

export interface ReconciliationRowsTable {
  import_id: number;
  line: number;
  /** Keyed, of all that the row says. */
  digest: string;
  outcome: Stored<RowOutcome>;
  field: Stored<RowField> | null;
  ours: string | null;
  theirs: string | null;
  unreadable: Stored<RowField> | null;
  payment_request_id: string | null;
  reference_id: string | null;
  amount_minor: number | null;
  status: Stored<PaymentSessionStatus> | null;
  status_details: string | null;
  created_at: number | null;
  /** JSON of name and e-mail, sealed; null once erased, or when the row tells neither. */
  payer: string | null;
  payment_session_id: string | null;
  precedence: number;
  /** 1 while the payment is to be told of the row. */
  is_news: number;
  /** 1 where it is certain that the row is the payment's, so that the payment's client may see it. */
  is_proven: Generated<number>;
}

/** Payments that ended on the day of a file that does not have them with that end. */
export interface ReconciliationAbsencesTable {
  import_id: number;
  payment_session_id: string;
}

/** Subscriptions that a router is told of by HTTP callbacks, until they are over. */
export interface CallbackSubscriptionsTable {
  /** Of what tells them apart, as written by `DataKeys.indexOf`. */
  id: string;
  caller: string;
  /** Sealed. */
  registration: string;
  /** The number of the last event that the router has taken. */
  after_event: number;
  /** The replica that tells it; null when any may take it. */
  holder: string | null;
}

/** Replicas that tell callback subscriptions. */
export interface CallbackHoldersTable {
  id: string;
  /** Afterwards others take over what it holds. */
  lease_until: number;
}

/** Every data key that anything may have been written under. */
export interface DataKeysTable {
  id: string;
  check_value: string;
}

export interface ApiKeysTable {
  /** The public part of the key. */
  prefix: string;
  /** Of the secret part. */
  hash: string;
  caller: string;
  /** A JSON list. */
  scopes: string;
  created_at: number;
  /** null: never. */
  expires_at: number | null;
  revoked_at: number | null;
}

/** One row, written to find out whether the store takes writes. */
export interface ProbeTable {
  id: number;
  at: number;
}

export interface SchemaMigrationsTable {
  version: number;
  name: string;
  /** The oldest version of the schema whose programs still work with this one. */
  compatible_from: number;
  at: number;
}

export interface Tables {
  payment_sessions: PaymentSessionsTable;
  payment_session_events: PaymentSessionEventsTable;
  payment_references: PaymentReferencesTable;
  payment_mismatches: PaymentMismatchesTable;
  idempotency_keys: IdempotencyKeysTable;
  abandoned_attempts: AbandonedAttemptsTable;
  webhook_inbox: WebhookInboxTable;
  reconciliation_imports: ReconciliationImportsTable;
  reconciliation_rows: ReconciliationRowsTable;
  reconciliation_absences: ReconciliationAbsencesTable;
  callback_subscriptions: CallbackSubscriptionsTable;
  callback_holders: CallbackHoldersTable;
  api_keys: ApiKeysTable;
  data_keys: DataKeysTable;
  store_probe: ProbeTable;
  schema_migrations: SchemaMigrationsTable;
}
