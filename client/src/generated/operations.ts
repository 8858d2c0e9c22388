import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A calendar date as YYYY-MM-DD, without a time zone. */
  Date: { input: string; output: string; }
  /** A date and time as in RFC 3339, such as 2007-12-03T10:15:30Z. The gateway returns UTC. */
  DateTime: { input: string; output: string; }
  /** An exact decimal number, returned as a string, such as "250.00". Send a string, a whole number, or a decimal literal in the document. A fractional JSON number in the variables is not exact and is reported as INVALID_DECIMAL: send a string instead. */
  Decimal: { input: string; output: string; }
};

/** The input of cancelPaymentSession. It needs no idempotency key: repeating the call is safe. */
export type CancelPaymentSessionInput = {
  /** The id of a PaymentSession. */
  id: Scalars['ID']['input'];
};

/** The input of createPaymentSession. */
export type CreatePaymentSessionInput = {
  /** Set it to true when a person wants this payment although a DuplicatePaymentError reported an earlier one like it. */
  allowDuplicate?: Scalars['Boolean']['input'];
  /** The amount to ask the payer for. The payer cannot change it. */
  amount: PaymentAmountInput;
  /** The pages that may embed the payment page, at most 10 absolute https URLs (the clientUrls of Flinks). When you send any, browsers refuse to show the payment page inside any other page. */
  clientUrls?: InputMaybe<Array<Scalars['String']['input']>>;
  /** The payer. */
  customer: PaymentCustomerInput;
  /** The key by which the gateway recognizes repeated calls, 1-255 printable ASCII characters, compared byte for byte. Generate one, such as a UUID, when the user decides to pay. Send the same key, input and mutation whenever you repeat the call: all these calls return the same payment. */
  idempotencyKey: Scalars['ID']['input'];
  /** Your reference, 1-64 visible characters, such as the number of an order or loan. Flinks's daily files of payments contain it, with a suffix if another client used the same reference before. When you send none, the gateway generates a GUID. */
  referenceId?: InputMaybe<Scalars['ID']['input']>;
};

/** An amount of money. */
export type PaymentAmountInput = {
  /** The currency of the amount. Flinks Pay collects Canadian dollars only. */
  currency?: PaymentCurrency;
  /** The amount in the unit of the currency: a decimal string with at most two decimals, such as "250.00". Above zero and at most the maximum of this gateway, which is 10000.00 unless an operator configured another one. */
  value: Scalars['Decimal']['input'];
};

/** Currencies that Flinks Pay collects, as ISO 4217 codes. */
export type PaymentCurrency =
  /** Canadian dollar. */
  | 'CAD';

/** The payer: the person who is asked to pay. */
export type PaymentCustomerInput = {
  /** E-mail address, at most 254 characters. After sendPaymentRequest, Flinks e-mails the link to the payment page to it. */
  email: Scalars['String']['input'];
  /** First and last name, separated by a space, at most 80 characters. Leading and trailing spaces are trimmed. The bank compares the name with its own record, and a different name makes the payment fail. */
  name: Scalars['String']['input'];
  /** Your id of this person, 1-64 visible characters. Flinks stores it with the payment. */
  userId: Scalars['ID']['input'];
};

/** How the payer receives the link to the payment page. */
export type PaymentDeliveryMethod =
  /** Flinks e-mails the link to the payer (sendPaymentRequest). */
  | 'EMAIL'
  /** You send the payer to paymentUrl (createPaymentSession). */
  | 'LINK';

/** What went wrong, as a code for programs. */
export type PaymentErrorCode =
  /** A short time ago you created a payment with the same payer, amount and referenceId. Nothing was done, and the idempotencyKey stays unused; a person has to decide. */
  | 'DUPLICATE_PAYMENT'
  /** Another call with this idempotencyKey is still in progress. Repeat the same call. */
  | 'IDEMPOTENCY_KEY_IN_USE'
  /** The idempotencyKey was used before with different input or with the other mutation. Nothing was done. A person has to look at the earlier payment; a different payment needs another key. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The input is invalid. Nothing was sent to Flinks; correct the input. */
  | 'INVALID_INPUT'
  /** The payment is final, its money is on the way, or Flinks cannot cancel it. */
  | 'NOT_CANCELLABLE'
  /** You have no payment with this id. */
  | 'NOT_FOUND'
  /** Flinks may or may not have executed the request. This is not a failure: follow the payment. */
  | 'OUTCOME_UNKNOWN'
  /** Flinks rejects this gateway's credentials or settings. No payment was started or cancelled. An operator has to act; then repeat the same call. */
  | 'PROVIDER_MISCONFIGURED'
  /** Flinks rejected the payment. A person has to review it. */
  | 'PROVIDER_REJECTED'
  /** Flinks is not available. No payment was started or cancelled; repeat the same call. */
  | 'PROVIDER_UNAVAILABLE'
  /** Too many payments by you, or too many e-mails or too high a total for this payer. Nothing was done, and the idempotencyKey stays unused; repeat the same call later. */
  | 'RATE_LIMITED'
  /** The gateway cannot reach its database. This call returned no payment page and sent no e-mail; a cancellation may have reached Flinks. Repeat the same call. */
  | 'SERVICE_UNAVAILABLE';

/** Why a payment was not completed, as a code for programs. */
export type PaymentFailureReason =
  /** The payment was cancelled before it was paid. */
  | 'CANCELLED'
  /** The payer declined the payment at the bank. */
  | 'DECLINED_BY_PAYER'
  /** The payer did not pay in time, or the outcome was unknown and no daily file contains the payment. */
  | 'EXPIRED'
  /** The balance of the payer's account is too low. */
  | 'INSUFFICIENT_FUNDS'
  /** The amount exceeds the payer's transfer limit at the bank. */
  | 'LIMIT_EXCEEDED'
  /** The name differs from the one at the payer's bank. This is the most frequent failure. You can prevent it: ask the payer for the name exactly as the bank has it. */
  | 'NAME_MISMATCH'
  /** Flinks does not support payments from this account. */
  | 'NOT_ELIGIBLE'
  /** Flinks gave no reason, or one that the gateway does not recognize. See providerStatusDetails. */
  | 'OTHER'
  /** The payer could not sign in at the bank. */
  | 'SIGN_IN_FAILED';

/** What is wrong with an input field, as a code for programs. */
export type PaymentInputIssueCode =
  /** The list contains the same item twice. */
  | 'DUPLICATE'
  /** The value contains characters that are not allowed, such as invisible ones. */
  | 'INVALID_CHARACTERS'
  /** The value is not a cursor that a list of this kind returned. */
  | 'INVALID_CURSOR'
  /** The value is not a plain decimal, such as "250.00", or was sent as a fractional JSON number. */
  | 'INVALID_DECIMAL'
  /** The value is not an address that mail systems accept. */
  | 'INVALID_EMAIL'
  /** The value is not an id: a JSON number too large to be exact, or a placeholder that programs write for a missing id, such as "undefined". */
  | 'INVALID_ID'
  /** The value is not an absolute http or https URL, or it contains credentials or a fragment. */
  | 'INVALID_URL'
  /** The value is blank, or a required part is missing. */
  | 'REQUIRED'
  /** The number is above the maximum; for an amount, the maximum of this gateway. */
  | 'TOO_LARGE'
  /** The value has too many characters. */
  | 'TOO_LONG'
  /** The list has too many items. */
  | 'TOO_MANY'
  /** The value has more decimals than the currency. */
  | 'TOO_MANY_DECIMALS'
  /** The value has too few characters. */
  | 'TOO_SHORT'
  /** The number is below the minimum; an amount must be above zero. */
  | 'TOO_SMALL'
  /** The URL is well-formed, but it is not https, its host has no public name, or this gateway does not allow its origin. */
  | 'URL_NOT_ALLOWED';

/** Languages of messages for payers. */
export type PaymentLanguage =
  /** English. */
  | 'EN'
  /** French. */
  | 'FR';

/** Whether you may repeat the call. Programs may repeat it on SAME_KEY only. */
export type PaymentRetryAdvice =
  /** Do not repeat this call. */
  | 'NEVER'
  /** Never repeat this call automatically: the payer could be charged twice. After a person has reviewed it and decided to pay again, make a new call with a new idempotencyKey (for DUPLICATE_PAYMENT: with allowDuplicate: true, and the same or another key). */
  | 'REVIEW_THEN_NEW_KEY'
  /** Repeat the same call with the same idempotencyKey, if it takes one, after retryAfterMs, if there is one. */
  | 'SAME_KEY';

/** Where a status came from. */
export type PaymentSessionEventSource =
  /** This gateway: the result of its own call to Flinks, or the expiry of a payment with status OUTCOME_UNKNOWN. */
  | 'GATEWAY'
  /** A person who operates this gateway. */
  | 'OPERATOR'
  /** A status lookup at Flinks. */
  | 'POLL'
  /** A daily file from Flinks. */
  | 'RECONCILIATION'
  /** A webhook from Flinks. */
  | 'WEBHOOK';

/** Selects payments. A payment must match every field that you set; omitted fields match everything. */
export type PaymentSessionFilter = {
  /** Created before this time (exclusive). */
  createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Created at or after this time (inclusive). */
  createdFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** How the payer receives the link to the payment page. */
  deliveryMethod?: InputMaybe<PaymentDeliveryMethod>;
  /** Your reference. Several payments may have the same one. */
  referenceId?: InputMaybe<Scalars['ID']['input']>;
  /** The stored status. The payments of the list may show a newer one, since reading the field status refreshes it. */
  status?: InputMaybe<PaymentSessionStatus>;
  /** Your id of the payer. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** The status of a payment. CREATING and OUTCOME_UNKNOWN are statuses of this gateway, the others are Flinks's. The list is in order of rank, and a payment only ever moves to a status further down. */
export type PaymentSessionStatus =
  /** The payer accepted the payment at the bank, and the money is on its way. Funds are guaranteed. */
  | 'ACCEPTED'
  /** The payment was cancelled before it was paid. Final: the gateway no longer polls it. */
  | 'CANCELLED'
  /** The gateway has stored the payment and is about to call Flinks. */
  | 'CREATING'
  /** The payer declined the payment at the bank. Final: the gateway no longer polls it. */
  | 'DECLINED'
  /** The payer did not pay in time, or the outcome was unknown and no daily file contains the payment. Final: the gateway no longer polls it. */
  | 'EXPIRED'
  /** The payment failed, for example because the name differs from the one at the bank. See failure. Final: the gateway no longer polls it. */
  | 'FAILED'
  /** The payment exists at Flinks, and the payer can pay. */
  | 'INITIATED'
  /** Flinks may or may not have e-mailed the payer, because its response was lost. This is not a failure: a webhook, a lookup, a daily file or an operator resolves it. It expires only when it is old enough (30 days by default) and the daily files of all these days were imported without it. */
  | 'OUTCOME_UNKNOWN'
  /** Flinks has processed the payment, which now waits for settlement. Funds are guaranteed. */
  | 'PROCESSED'
  /** The payer is completing the payment at the bank. */
  | 'PROCESSING'
  /** The transfer to the merchant's account is under way or completed. Funds are guaranteed. Final: the gateway no longer polls it. */
  | 'SETTLED';

/** A field of a row or status update that differs from the payment, or cannot be read. */
export type ReconciliationField =
  /** The amount. */
  | 'AMOUNT'
  /** The row has more or fewer columns than the header. */
  | 'COLUMN_COUNT'
  /** When the payment was created. */
  | 'CREATED_AT'
  /** The currency, when it is not CAD. */
  | 'CURRENCY'
  /** The e-mail address of the payer. */
  | 'CUSTOMER_EMAIL'
  /** Flinks's id of the payment request. */
  | 'PAYMENT_REQUEST_ID'
  /** Your reference. */
  | 'REFERENCE_ID'
  /** The id of the Flinks session. */
  | 'SESSION_ID'
  /** The status. */
  | 'STATUS';

/** The input of sendPaymentRequest. */
export type SendPaymentRequestInput = {
  /** Set it to true when a person wants this payment although a DuplicatePaymentError reported an earlier one like it. */
  allowDuplicate?: Scalars['Boolean']['input'];
  /** The amount to ask the payer for. The payer cannot change it. */
  amount: PaymentAmountInput;
  /** The pages that may embed the payment page, at most 10 absolute https URLs (the clientUrls of Flinks). When you send any, browsers refuse to show the payment page inside any other page. */
  clientUrls?: InputMaybe<Array<Scalars['String']['input']>>;
  /** The payer. */
  customer: PaymentCustomerInput;
  /** The key by which the gateway recognizes repeated calls, 1-255 printable ASCII characters, compared byte for byte. Generate one, such as a UUID, when the user decides to pay. Send the same key, input and mutation whenever you repeat the call: all these calls return the same payment. */
  idempotencyKey: Scalars['ID']['input'];
  /** Your reference, 1-64 visible characters, such as the number of an order or loan. Flinks's daily files of payments contain it, with a suffix if another client used the same reference before. When you send none, the gateway generates a GUID. */
  referenceId?: InputMaybe<Scalars['ID']['input']>;
};

/** The input of validatePayment: the fields of the mutations that describe a payment. */
export type ValidatePaymentInput = {
  /** The amount to ask the payer for. The payer cannot change it. */
  amount: PaymentAmountInput;
  /** The pages that may embed the payment page, at most 10 absolute https URLs (the clientUrls of Flinks). When you send any, browsers refuse to show the payment page inside any other page. */
  clientUrls?: InputMaybe<Array<Scalars['String']['input']>>;
  /** The payer. */
  customer: PaymentCustomerInput;
  /** Your reference, 1-64 visible characters, such as the number of an order or loan. Flinks's daily files of payments contain it, with a suffix if another client used the same reference before. When you send none, the gateway generates a GUID. */
  referenceId?: InputMaybe<Scalars['ID']['input']>;
};

type PaymentErrorFields_DuplicatePaymentError_Fragment = { __typename: 'DuplicatePaymentError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_IdempotencyKeyInUseError_Fragment = { __typename: 'IdempotencyKeyInUseError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_IdempotencyKeyReusedError_Fragment = { __typename: 'IdempotencyKeyReusedError', paymentSessionId: string, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_InvalidPaymentInputError_Fragment = { __typename: 'InvalidPaymentInputError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_PaymentNotCancellableError_Fragment = { __typename: 'PaymentNotCancellableError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_PaymentNotFoundError_Fragment = { __typename: 'PaymentNotFoundError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_PaymentOutcomeUnknownError_Fragment = { __typename: 'PaymentOutcomeUnknownError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_PaymentProviderUnavailableError_Fragment = { __typename: 'PaymentProviderUnavailableError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_PaymentRateLimitedError_Fragment = { __typename: 'PaymentRateLimitedError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_PaymentRejectedError_Fragment = { __typename: 'PaymentRejectedError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

type PaymentErrorFields_PaymentServiceUnavailableError_Fragment = { __typename: 'PaymentServiceUnavailableError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string };

export type PaymentErrorFieldsFragment =
  | PaymentErrorFields_DuplicatePaymentError_Fragment
  | PaymentErrorFields_IdempotencyKeyInUseError_Fragment
  | PaymentErrorFields_IdempotencyKeyReusedError_Fragment
  | PaymentErrorFields_InvalidPaymentInputError_Fragment
  | PaymentErrorFields_PaymentNotCancellableError_Fragment
  | PaymentErrorFields_PaymentNotFoundError_Fragment
  | PaymentErrorFields_PaymentOutcomeUnknownError_Fragment
  | PaymentErrorFields_PaymentProviderUnavailableError_Fragment
  | PaymentErrorFields_PaymentRateLimitedError_Fragment
  | PaymentErrorFields_PaymentRejectedError_Fragment
  | PaymentErrorFields_PaymentServiceUnavailableError_Fragment
;

export type CancelPaymentSessionMutationVariables = Exact<{
  input: CancelPaymentSessionInput;
}>;


export type CancelPaymentSessionMutation = { __typename?: 'Mutation', cancelPaymentSession:
    | { __typename: 'CancelPaymentSessionSuccess', paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentSessionStatus } }
    | { __typename: 'InvalidPaymentInputError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string, issues: Array<{ __typename: 'PaymentInputIssue', path: Array<string>, code: PaymentInputIssueCode, message: string }> }
    | { __typename: 'PaymentNotCancellableError', status: PaymentSessionStatus, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentNotFoundError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentOutcomeUnknownError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string, paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentSessionStatus } }
    | { __typename: 'PaymentProviderUnavailableError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentServiceUnavailableError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
   };

export type CreatePaymentSessionMutationVariables = Exact<{
  input: CreatePaymentSessionInput;
}>;


export type CreatePaymentSessionMutation = { __typename?: 'Mutation', createPaymentSession:
    | { __typename: 'CreatePaymentSessionSuccess', replayed: boolean, paymentSession: { __typename: 'PaymentSession', id: string, referenceId: string, status: PaymentSessionStatus, paymentUrl?: string | null } }
    | { __typename: 'DuplicatePaymentError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string, paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentSessionStatus } }
    | { __typename: 'IdempotencyKeyInUseError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'IdempotencyKeyReusedError', paymentSessionId: string, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'InvalidPaymentInputError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string, issues: Array<{ __typename: 'PaymentInputIssue', path: Array<string>, code: PaymentInputIssueCode, message: string }> }
    | { __typename: 'PaymentProviderUnavailableError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentRateLimitedError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentRejectedError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentServiceUnavailableError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
   };

export type PaymentSessionUpdatedSubscriptionVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type PaymentSessionUpdatedSubscription = { __typename?: 'Subscription', paymentSessionUpdated: { __typename: 'PaymentSession', id: string, status: PaymentSessionStatus, providerStatusDetails?: string | null, fundsGuaranteed: boolean, updatedAt: string } };

export type PaymentSessionQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type PaymentSessionQuery = { __typename?: 'Query', paymentSession?: { __typename: 'PaymentSession', id: string, referenceId: string, status: PaymentSessionStatus, events: Array<{ __typename: 'PaymentSessionEvent', status: PaymentSessionStatus, source: PaymentSessionEventSource, recordedAt: string }> } | null };

export type PaymentSessionsQueryVariables = Exact<{
  filter?: InputMaybe<PaymentSessionFilter>;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PaymentSessionsQuery = { __typename?: 'Query', paymentSessions: { __typename: 'PaymentSessionConnection', edges: Array<{ __typename: 'PaymentSessionEdge', cursor: string, node?: { __typename: 'PaymentSession', id: string, referenceId: string, deliveryMethod: PaymentDeliveryMethod, status: PaymentSessionStatus, createdAt: string, customer: { __typename: 'PaymentCustomer', userId: string }, amount: { __typename: 'PaymentAmount', value: string, currency: PaymentCurrency } } | null }>, pageInfo: { __typename: 'PaymentPageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor?: string | null, endCursor?: string | null } } };

export type ReconciliationReportQueryVariables = Exact<{
  date: Scalars['Date']['input'];
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ReconciliationReportQuery = { __typename?: 'Query', reconciliationReport?: { __typename: 'ReconciliationReport', date: string, importedAt: string, isBalanced?: boolean | null, rowCount?: number | null, matchedCount?: number | null, lateUpdateCount?: number | null, exceptionCount?: number | null, settledInFile?: { __typename: 'ReconciliationTotal', count: number, amount: { __typename: 'PaymentAmount', value: string } } | null, settledInGateway?: { __typename: 'ReconciliationTotal', count: number, amount: { __typename: 'PaymentAmount', value: string } } | null, changesSincePreviousImport?: { __typename: 'ReconciliationImportChanges', rowsAdded: number, rowsRemoved: number } | null, exceptions: { __typename: 'ReconciliationExceptionConnection', edges: Array<{ __typename: 'ReconciliationExceptionEdge', cursor: string, node:
          | { __typename: 'AmbiguousRowException', row: { __typename: 'ReconciliationRow', flinksPaymentRequestId?: string | null, referenceId?: string | null, status?: PaymentSessionStatus | null, amount?: { __typename: 'PaymentAmount', value: string } | null } }
          | { __typename: 'AmountMismatchException', recordedValue?: string | null, reportedValue?: string | null, row: { __typename: 'ReconciliationRow', flinksPaymentRequestId?: string | null, referenceId?: string | null, status?: PaymentSessionStatus | null, amount?: { __typename: 'PaymentAmount', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'ConflictingStatusException', recordedValue?: string | null, reportedValue?: string | null, event?: { __typename: 'PaymentSessionEvent', source: PaymentSessionEventSource, recordedAt: string } | null, paymentSession?: { __typename: 'PaymentSession', id: string, referenceId: string } | null }
          | { __typename: 'DuplicateRowException', field?: ReconciliationField | null, recordedValue?: string | null, reportedValue?: string | null, row: { __typename: 'ReconciliationRow', flinksPaymentRequestId?: string | null, referenceId?: string | null, status?: PaymentSessionStatus | null, amount?: { __typename: 'PaymentAmount', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'IdentityMismatchException', field?: ReconciliationField | null, recordedValue?: string | null, reportedValue?: string | null, row: { __typename: 'ReconciliationRow', flinksPaymentRequestId?: string | null, referenceId?: string | null, status?: PaymentSessionStatus | null, amount?: { __typename: 'PaymentAmount', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'InvalidRowException', field?: ReconciliationField | null, row: { __typename: 'ReconciliationRow', flinksPaymentRequestId?: string | null, referenceId?: string | null, status?: PaymentSessionStatus | null, amount?: { __typename: 'PaymentAmount', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'MissingInFileException', paymentSession?: { __typename: 'PaymentSession', id: string, referenceId: string } | null }
          | { __typename: 'MissingInGatewayException', row: { __typename: 'ReconciliationRow', flinksPaymentRequestId?: string | null, referenceId?: string | null, status?: PaymentSessionStatus | null, amount?: { __typename: 'PaymentAmount', value: string } | null } }
          | { __typename: 'StatusMismatchException', recordedValue?: string | null, reportedValue?: string | null, row: { __typename: 'ReconciliationRow', flinksPaymentRequestId?: string | null, referenceId?: string | null, status?: PaymentSessionStatus | null, amount?: { __typename: 'PaymentAmount', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'UpdateMismatchException', source: PaymentSessionEventSource, recordedAt: string, field?: ReconciliationField | null, recordedValue?: string | null, reportedValue?: string | null, paymentSession?: { __typename: 'PaymentSession', id: string, referenceId: string } | null }
         }>, pageInfo: { __typename: 'PaymentPageInfo', hasNextPage: boolean, endCursor?: string | null } } } | null };

export type ReconciliationRowFieldsFragment = { __typename: 'ReconciliationRow', flinksPaymentRequestId?: string | null, referenceId?: string | null, status?: PaymentSessionStatus | null, amount?: { __typename: 'PaymentAmount', value: string } | null };

export type SendPaymentRequestMutationVariables = Exact<{
  input: SendPaymentRequestInput;
}>;


export type SendPaymentRequestMutation = { __typename?: 'Mutation', sendPaymentRequest:
    | { __typename: 'DuplicatePaymentError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string, paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentSessionStatus } }
    | { __typename: 'IdempotencyKeyInUseError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'IdempotencyKeyReusedError', paymentSessionId: string, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'InvalidPaymentInputError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string, issues: Array<{ __typename: 'PaymentInputIssue', path: Array<string>, code: PaymentInputIssueCode, message: string }> }
    | { __typename: 'PaymentOutcomeUnknownError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string, paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentSessionStatus } }
    | { __typename: 'PaymentProviderUnavailableError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentRateLimitedError', retryAfterMs: number, code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentRejectedError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'PaymentServiceUnavailableError', code: PaymentErrorCode, message: string, retryAdvice: PaymentRetryAdvice, requestId: string }
    | { __typename: 'SendPaymentRequestSuccess', replayed: boolean, paymentSession: { __typename: 'PaymentSession', id: string, referenceId: string, status: PaymentSessionStatus, deliveryMethod: PaymentDeliveryMethod } }
   };

export type ValidatePaymentQueryVariables = Exact<{
  input: ValidatePaymentInput;
}>;


export type ValidatePaymentQuery = { __typename?: 'Query', validatePayment: Array<{ __typename: 'PaymentInputIssue', path: Array<string>, code: PaymentInputIssueCode, message: string }> };

export const PaymentErrorFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentErrorFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryAdvice"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentProviderUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentRateLimitedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyReusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessionId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<PaymentErrorFieldsFragment, unknown>;
export const ReconciliationRowFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ReconciliationRowFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReconciliationRow"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"flinksPaymentRequestId"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ReconciliationRowFieldsFragment, unknown>;
export const CancelPaymentSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelPaymentSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CancelPaymentSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelPaymentSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelPaymentSessionSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidPaymentInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentNotCancellableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentProviderUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentOutcomeUnknownError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryAdvice"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]}}]} as unknown as DocumentNode<CancelPaymentSessionMutation, CancelPaymentSessionMutationVariables>;
export const CreatePaymentSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreatePaymentSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreatePaymentSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createPaymentSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreatePaymentSessionSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"paymentUrl"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidPaymentInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyReusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessionId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentProviderUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentRateLimitedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DuplicatePaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryAdvice"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]}}]} as unknown as DocumentNode<CreatePaymentSessionMutation, CreatePaymentSessionMutationVariables>;
export const PaymentSessionUpdatedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PaymentSessionUpdated"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessionUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"providerStatusDetails"}},{"kind":"Field","name":{"kind":"Name","value":"fundsGuaranteed"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<PaymentSessionUpdatedSubscription, PaymentSessionUpdatedSubscriptionVariables>;
export const PaymentSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PaymentSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"recordedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<PaymentSessionQuery, PaymentSessionQueryVariables>;
export const PaymentSessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PaymentSessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentSessionFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"deliveryMethod"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<PaymentSessionsQuery, PaymentSessionsQueryVariables>;
export const ReconciliationReportDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReconciliationReport"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"date"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Date"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reconciliationReport"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"date"},"value":{"kind":"Variable","name":{"kind":"Name","value":"date"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"date"}},{"kind":"Field","name":{"kind":"Name","value":"importedAt"}},{"kind":"Field","name":{"kind":"Name","value":"isBalanced"}},{"kind":"Field","name":{"kind":"Name","value":"rowCount"}},{"kind":"Field","name":{"kind":"Name","value":"matchedCount"}},{"kind":"Field","name":{"kind":"Name","value":"lateUpdateCount"}},{"kind":"Field","name":{"kind":"Name","value":"exceptionCount"}},{"kind":"Field","name":{"kind":"Name","value":"settledInFile"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"settledInGateway"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changesSincePreviousImport"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rowsAdded"}},{"kind":"Field","name":{"kind":"Name","value":"rowsRemoved"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"exceptions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MissingInGatewayException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MissingInFileException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AmountMismatchException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordedValue"}},{"kind":"Field","name":{"kind":"Name","value":"reportedValue"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdentityMismatchException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"recordedValue"}},{"kind":"Field","name":{"kind":"Name","value":"reportedValue"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StatusMismatchException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordedValue"}},{"kind":"Field","name":{"kind":"Name","value":"reportedValue"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DuplicateRowException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"recordedValue"}},{"kind":"Field","name":{"kind":"Name","value":"reportedValue"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidRowException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AmbiguousRowException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConflictingStatusException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordedValue"}},{"kind":"Field","name":{"kind":"Name","value":"reportedValue"}},{"kind":"Field","name":{"kind":"Name","value":"event"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"recordedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateMismatchException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"recordedAt"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"recordedValue"}},{"kind":"Field","name":{"kind":"Name","value":"reportedValue"}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ReconciliationRowFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReconciliationRow"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"flinksPaymentRequestId"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ReconciliationReportQuery, ReconciliationReportQueryVariables>;
export const SendPaymentRequestDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendPaymentRequest"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendPaymentRequestInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendPaymentRequest"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SendPaymentRequestSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"deliveryMethod"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidPaymentInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyReusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessionId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentProviderUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentRateLimitedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DuplicatePaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentOutcomeUnknownError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryAdvice"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]}}]} as unknown as DocumentNode<SendPaymentRequestMutation, SendPaymentRequestMutationVariables>;
export const ValidatePaymentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ValidatePayment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ValidatePaymentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"validatePayment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<ValidatePaymentQuery, ValidatePaymentQueryVariables>;