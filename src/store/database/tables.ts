import type { Generated, Selectable } from 'kysely';
import type { PaymentDeliveryMethod, PaymentSessionEventSource } from '../../domain/payment.js';
import type { IdentityField } from '../../domain/payment-mismatch.js';
import type { TransitionEffect, PaymentSessionStatus } from '../../domain/payment-status.js';
import type { InboxState } from '../contracts/inbox-store.js';
import type { KeyState } from '../../domain/idempotency-key.js';
import type { Stored } from './stored-values.js';
import type { RowField, RowOutcome } from '../../domain/reconciliation.js';

/**
 * The tables after all migrations. Times are milliseconds since the epoch, amounts are minor units. Sealed columns are
 * encrypted by `DataKeys`, and blind indexes are those of `DataKeys.indexOf`. `caller` is a client.
 */
export interface Tables {
  /** Payments, with their current status. */
  payment_sessions: {
    id: string;
    caller: string;
    delivery: PaymentDeliveryMethod;
    status: Stored<PaymentSessionStatus>;
    reference_id: string;
    /** The suffix of the reference that was sent to Flinks; empty while no other client has used the reference. */
    reference_suffix: Generated<string>;
    /** Key by which the row is found from the reference that Flinks has (`idKey`); null in rows of older releases. */
    reference_key: string | null;
    user_id: string;
    amount_minor: number;
    currency: 'CAD';
    /** A JSON list. */
    client_urls: string;
    /** Sealed; null once erased, like the next two. */
    customer_name: string | null;
    customer_email: string | null;
    /** Sealed; also null while Flinks has not returned one. */
    session_id: string | null;
    payment_request_id: string | null;
    created_at: number;
    updated_at: number;
    /** When the status became final; null until then. */
    final_at: number | null;
    /** Number of its last event. */
    event_count: number;
    status_details: string | null;
    /** When Flinks last responded to a lookup. */
    status_checked_at: number | null;
    /** When to look it up next; null if it cannot be looked up or is final. */
    next_check_at: number | null;
    /** Since when Flinks may have the payment: it returned a session id, or the outcome is unknown. Null otherwise. */
    at_flinks_since: number | null;
    /** Blind index of the session id. */
    session_index: string | null;
    /** Blind index of the payer among those of the client; null once erased, and for payments of older releases. */
    payer_index: string | null;
    /** Numbers the payments of a client in the order of their claims, from 1; null in rows of the previous release. */
    client_number: number | null;
  };

  /** The client that used a reference first. */
  payment_references: {
    /** In the form of `ownershipKey`. */
    reference: string;
    caller: string;
  };

  /** Mismatched status updates, one row for each payment, source, field and reported value. */
  payment_mismatches: {
    id: Generated<number>;
    payment_session_id: string;
    source: PaymentSessionEventSource;
    field: Stored<IdentityField>;
    /** The recorded and the reported value; null if secret or personal. */
    ours: string | null;
    theirs: string | null;
    at: number;
  };

  /** History of payments. Rows are added and never changed. */
  payment_session_events: {
    id: Generated<number>;
    payment_session_id: string;
    /** Numbers the events of a payment from 1, without gaps. */
    number: number;
    status: Stored<PaymentSessionStatus>;
    source: PaymentSessionEventSource;
    at: number;
    details: string | null;
    /** Whether the status was applied, and whether it was expected. */
    effect: Stored<Exclude<TransitionEffect, 'stale'>>;
    /** The person who reported the status, or the client whose request led to it. */
    told_by: string | null;
    /** The day, as YYYY-MM-DD, whose daily file reported the status. */
    reconciled_on: string | null;
  };

  /** One row for each idempotency key, with the state of its latest attempt. */
  idempotency_keys: {
    caller: string;
    /** The operation, by its delivery method: createPaymentSession is LINK, sendPaymentRequest is EMAIL. */
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
    /** By the clock of the database. */
    lease_until: number;
    /** JSON of the `ProviderUnavailable` with which the last attempt released the key. */
    released_as: string | null;
    /** Since when the row may be removed; null while it must be kept. */
    closed_at: number | null;
    /** 0; 1 for the later one of two mutations that an older release allowed to use the same key. */
    rival: Generated<number>;
  };

  /** Orphaned sessions: no client received them, and Flinks may have a session that can be paid. */
  abandoned_attempts: {
    id: Generated<number>;
    payment_session_id: string;
    attempt: number;
    /** Sealed; null when the process crashed before recording it. */
    session_id: string | null;
    at: number;
    /** Blind index of the session id. */
    session_index: string | null;
    /** When to ask Flinks to cancel the session; null once that is done, or impossible. */
    next_cancel_at: number | null;
  };

  /** Webhook events from Flinks. */
  webhook_inbox: {
    /** Blind index of the event's bytes. */
    digest: string;
    /** Sealed. */
    payload: string;
    state: InboxState;
    received_at: number;
    /** When to process it next; null unless it is waiting. */
    next_attempt_at: number | null;
    attempts: number;
    /** The payment to which it belongs; null unless it is done. */
    payment_session_id: string | null;
  };

  /** Imports of daily files; a day may have been imported several times. */
  reconciliation_imports: {
    id: Generated<number>;
    /** YYYY-MM-DD. */
    day: string;
    /** First instant of the day (inclusive), and of the next day (exclusive). */
    from_at: number;
    until_at: number;
    /** STAGING: in progress, or its process has crashed. CURRENT: used by the day's report. REPLACED: to be removed. */
    state: 'STAGING' | 'CURRENT' | 'REPLACED';
    /** Until then an import in progress belongs to its process alone. */
    lease_until: number;
    imported_at: number;
    /** The data key of this digest and those of the rows. */
    digest_key_id: string;
    /** Digest of all rows, in any order. The remaining columns are null or 0 while STAGING. */
    digest: string | null;
    row_count: Generated<number>;
    matched_count: Generated<number>;
    late_count: Generated<number>;
    exception_count: Generated<number>;
    settled_count: Generated<number>;
    settled_minor: Generated<number>;
    /** Settled rows whose payments are settled in the gateway as well. */
    proven_count: Generated<number>;
    proven_minor: Generated<number>;
    /** Changes since the previous file of the day; null if there was none. */
    added_count: number | null;
    gone_count: number | null;
  };

  /** Rows of daily files, with their results. */
  reconciliation_rows: {
    import_id: number;
    line: number;
    /** Keyed, over everything that the row says. */
    digest: string;
    outcome: Stored<RowOutcome>;
    field: Stored<RowField> | null;
    /** The recorded and the reported value of the field. */
    ours: string | null;
    theirs: string | null;
    unreadable: Stored<RowField> | null;
    payment_request_id: string | null;
    reference_id: string | null;
    amount_minor: number | null;
    status: Stored<PaymentSessionStatus> | null;
    status_details: string | null;
    created_at: number | null;
    /** JSON of name and e-mail, sealed; null once erased, or when the row has neither. */
    payer: string | null;
    payment_session_id: string | null;
    precedence: number;
    /** 1 until the row's status update was applied to its payment. */
    is_news: number;
    /** 1 if the row is certain to belong to the payment, so that the payment's client may see it. */
    is_proven: Generated<number>;
  };

  /** Payments that became final on the day of a file and that the file does not have with that status. */
  reconciliation_absences: { import_id: number; payment_session_id: string };
  /** Callback subscriptions, until they end. */
  callback_subscriptions: {
    /** Blind index of the subscription's key. */
    id: string;
    caller: string;
    /** Sealed. */
    registration: string;
    /** Number of the last event that the router acknowledged. */
    after_event: number;
    /** The replica that holds it; null when any may take it over. */
    holder: string | null;
  };

  /** Replicas that hold callback subscriptions; after the lease others take these over. */
  callback_holders: { id: string; lease_until: number };
  /** Every data key with which anything may be encrypted or indexed. */
  data_keys: { id: string; check_value: string };
  /** API keys of clients. */
  api_keys: {
    /** Public part of the key. */
    prefix: string;
    /** SHA-256 of the secret part. */
    hash: string;
    caller: string;
    /** A JSON list. */
    scopes: string;
    created_at: number;
    /** null: never. */
    expires_at: number | null;
    revoked_at: number | null;
  };

  /** One row, written to check whether the database accepts writes. */
  store_probe: { id: number; at: number };
  /** Applied migrations. `compatible_from` is the oldest schema version whose release works with this one. */
  schema_migrations: { version: number; name: string; compatible_from: number; at: number };
}

/** A row of a table, as it is read. */
export type Row<Table extends keyof Tables> = Selectable<Tables[Table]>;
