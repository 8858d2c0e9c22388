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
  /** A day of the calendar, as YYYY-MM-DD. */
  Date: { input: string; output: string; }
  /** A date-time string at UTC, such as 2007-12-03T10:15:30Z, compliant with the `date-time` format outlined in section 5.6 of the RFC 3339 profile of the ISO 8601 standard for representation of dates and times using the Gregorian calendar. */
  DateTime: { input: string; output: string; }
  /** An exact decimal. Out: a string such as "250.00". In: a string ("250.00"), a whole number, or a decimal literal in the document. A fractional JSON number in variables has lost its exactness on the way and is reported as INVALID_DECIMAL: send a string. */
  Decimal: { input: string; output: string; }
};

/** Which payment to cancel. It needs no key: the state of the payment tells what is left to do. */
export type CancelPaymentSessionInput = {
  /** The id of a PaymentSession. */
  id: Scalars['ID']['input'];
};

/** What createPaymentSession needs. */
export type CreatePaymentSessionInput = {
  /** Set it when a person wants this payment although it looks like a repeat of an earlier one (DUPLICATE_PAYMENT). */
  allowDuplicate?: Scalars['Boolean']['input'];
  /** How much; the payer cannot change it. */
  amount: MoneyInput;
  /** Where you will embed the Flinks app, at most 10 absolute https URLs; Flinks loads it nowhere else then. */
  clientUrls?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Who is asked to pay. */
  customer: CustomerInput;
  /** One per intention of the user, 1-255 printable ASCII characters, compared byte for byte. Make it when the user decides (a UUID will do) and send the same one with every repeat of that decision, to the same mutation: all get the same payment. */
  idempotencyKey: Scalars['ID']['input'];
  /** Your reference, 1-64 visible characters, e.g. of an order or loan. It comes back in the reconciliation files, with a suffix if another client used it first; a GUID is made when it is absent. */
  referenceId?: InputMaybe<Scalars['ID']['input']>;
};

/** Currencies that Flinks Pay collects. */
export type Currency =
  /** Canadian dollar. */
  | 'CAD';

/** The person who is asked to pay. */
export type CustomerInput = {
  /** E-mail address, at most 254 characters. sendPaymentRequest has Flinks write to it. */
  email: Scalars['String']['input'];
  /** First and last name, 1-80 characters. Spaces around are taken off. The bank compares it with its own record, and a name that differs makes the payment fail. */
  name: Scalars['String']['input'];
  /** Your id of this person, 1-64 visible characters. Flinks keeps it with the transaction. */
  userId: Scalars['ID']['input'];
};

/** Why a payment came to nothing, as far as Flinks tells. */
export type FailureReason =
  /** Cancelled before it was paid. */
  | 'CANCELLED'
  /** The payer refused at the bank. */
  | 'DECLINED_BY_PAYER'
  /** The payer did not act in time. */
  | 'EXPIRED'
  /** The balance of the account is too low. */
  | 'INSUFFICIENT_FUNDS'
  /** The amount is above what the bank lets the payer send. */
  | 'LIMIT_EXCEEDED'
  /** The name is not the one that the bank has. The most frequent failure, and one that can be prevented: ask for the name as the bank has it. */
  | 'NAME_MISMATCH'
  /** Flinks does not offer the payment for this account. */
  | 'NOT_ELIGIBLE'
  /** Flinks gave no reason that is known here; statusDetails has its words. */
  | 'OTHER'
  /** The payer could not sign in at the bank. */
  | 'SIGN_IN_FAILED';

/** What is wrong with a field, for programs; the message says it for people. */
export type InputIssueCode =
  /** The same list item twice. */
  | 'DUPLICATE'
  /** Characters that do not belong there, invisible ones included. */
  | 'INVALID_CHARACTERS'
  /** Not a cursor that the list has told. */
  | 'INVALID_CURSOR'
  /** Not a plain decimal such as "250.00", or sent as a fractional JSON number. */
  | 'INVALID_DECIMAL'
  /** Not an address that mail systems accept. */
  | 'INVALID_EMAIL'
  /** No id: a JSON number that is not exact, or what programs write where they have none, such as "undefined". */
  | 'INVALID_ID'
  /** Not an absolute https URL without credentials and fragment. */
  | 'INVALID_URL'
  /** Blank, or a part that is needed is missing. */
  | 'REQUIRED'
  /** The number is above what is accepted; an amount is above the maximum of this gateway. */
  | 'TOO_LARGE'
  /** More characters than allowed. */
  | 'TOO_LONG'
  /** More list items than allowed. */
  | 'TOO_MANY'
  /** More digits after the point than the currency has. */
  | 'TOO_MANY_DECIMALS'
  /** Fewer characters than needed. */
  | 'TOO_SHORT'
  /** The number is below what is accepted; an amount is not above zero. */
  | 'TOO_SMALL'
  /** A well-formed URL that this gateway does not permit. */
  | 'URL_NOT_ALLOWED';

/** An amount of money. */
export type MoneyInput = {
  /** Flinks Pay collects Canadian dollars only. */
  currency?: Currency;
  /** A plain decimal of at most two decimals, above zero, at most the maximum of this gateway (10000.00 unless configured), as a string: "250.00". */
  value: Scalars['Decimal']['input'];
};

/** Languages in which payers are told. */
export type PayerLanguage =
  /** English. */
  | 'EN'
  /** French. */
  | 'FR';

/** How the payer gets the link to the page where the payment is made. */
export type PaymentDelivery =
  /** Flinks e-mails it (sendPaymentRequest). */
  | 'EMAIL'
  /** You hand it over (createPaymentSession). */
  | 'LINK';

/** What went wrong, for programs. */
export type PaymentErrorCode =
  /** You asked the same payer for the same amount with the same reference a short time ago. Nothing was done and the key is free; a person has to decide. */
  | 'DUPLICATE_PAYMENT'
  /** The key came with another input before, or to the other mutation; nothing was done. A new intention needs a new key. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The input breaks rules; nothing was sent. Correct it. */
  | 'INVALID_INPUT'
  /** An earlier call with this key is still under way. Repeat the same call. */
  | 'IN_PROGRESS'
  /** The payment is over, its money is on the way, or Flinks cannot cancel it. */
  | 'NOT_CANCELLABLE'
  /** There is no payment of yours with this id. */
  | 'NOT_FOUND'
  /** Flinks may or may not have done it. Not a failure: follow the payment. */
  | 'OUTCOME_UNKNOWN'
  /** Flinks does not accept this gateway's settings. Nothing was handed out or sent; an operator has to act. */
  | 'PROVIDER_MISCONFIGURED'
  /** Flinks refused the request. A person has to look at it. */
  | 'PROVIDER_REJECTED'
  /** Flinks did not answer. Nothing was handed out or sent. */
  | 'PROVIDER_UNAVAILABLE'
  /** You ask for too many payments, or one payer for too many or too much. Nothing was done and the key is free; repeat the same call later. */
  | 'RATE_LIMITED'
  /** The store of this gateway does not answer. Nothing was handed out or sent; repeat the same call. */
  | 'STORE_UNAVAILABLE';

/** Who told of a status. */
export type PaymentEventSource =
  /** This gateway, of its own calls to Flinks. */
  | 'GATEWAY'
  /** A person who runs this gateway. */
  | 'OPERATOR'
  /** Flinks, when it was asked. */
  | 'POLL'
  /** A daily file of Flinks. */
  | 'RECONCILIATION'
  /** Flinks, of its own accord. */
  | 'WEBHOOK';

/** Which payments are listed: those that fit every field that is given. */
export type PaymentSessionFilter = {
  /** First asked for before this time. */
  createdBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** First asked for at this time or later. */
  createdFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** How the payer gets the link. */
  delivery?: InputMaybe<PaymentDelivery>;
  /** Your reference. Several payments may have the same. */
  referenceId?: InputMaybe<Scalars['ID']['input']>;
  /** The status as it is stored. A payment whose status turns out to be old when it is read may be listed with a newer one. */
  status?: InputMaybe<PaymentStatus>;
  /** Your id of the person who is asked to pay. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** Where a payment stands: the words of Flinks, and CREATING and UNKNOWN of ours. In the order of their ranks: a payment moves down this list only. */
export type PaymentStatus =
  /** The payer accepted at the bank, and the money is on its way. Funds are guaranteed. */
  | 'ACCEPTED'
  /** Cancelled before it was paid. Final: nobody asks any more. */
  | 'CANCELLED'
  /** We are about to ask Flinks. */
  | 'CREATING'
  /** The payer refused at the bank. Final: nobody asks any more. */
  | 'DECLINED'
  /** The payer did not act in time. Final: nobody asks any more. */
  | 'EXPIRED'
  /** The payment failed, for instance because the name is not the one the bank knows. Final: nobody asks any more. */
  | 'FAILED'
  /** Flinks has the request; the payer may act. */
  | 'INITIATED'
  /** Flinks has handled the payment; it waits to be settled. Funds are guaranteed. */
  | 'PROCESSED'
  /** The payer is completing the payment. */
  | 'PROCESSING'
  /** The transfer to your account is on its way or done. Funds are guaranteed. Final: nobody asks any more. */
  | 'SETTLED'
  /** The call to Flinks may or may not have been executed; it is being found out. */
  | 'UNKNOWN';

/** What of a row differs from the payment, or cannot be read. */
export type ReconciliationField =
  /** The amount. */
  | 'AMOUNT'
  /** The row has fewer or more cells than the header. */
  | 'CELLS'
  /** When the payment was asked for. */
  | 'CREATED_AT'
  /** The currency, which is not CAD. */
  | 'CURRENCY'
  /** The e-mail address of the payer. */
  | 'CUSTOMER_EMAIL'
  /** Your reference. */
  | 'REFERENCE_ID'
  /** Flinks's id of the payment request. */
  | 'REQUEST_ID'
  /** Flinks's id of the session. */
  | 'SESSION_ID'
  /** The status. */
  | 'STATUS';

/** Whether the call may be made again. Software repeats SAME_KEY only. */
export type RetryAdvice =
  /** Do not repeat this call. */
  | 'NEVER'
  /** Only after a person has looked at it and decided anew, with a new idempotencyKey. */
  | 'NEW_KEY'
  /** Repeat the same call, with the same idempotencyKey where it takes one, after retryAfterMs where there is one. */
  | 'SAME_KEY';

/** What sendPaymentRequest needs. */
export type SendPaymentRequestInput = {
  /** Set it when a person wants this payment although it looks like a repeat of an earlier one (DUPLICATE_PAYMENT). */
  allowDuplicate?: Scalars['Boolean']['input'];
  /** How much; the payer cannot change it. */
  amount: MoneyInput;
  /** Where you will embed the Flinks app, at most 10 absolute https URLs; Flinks loads it nowhere else then. */
  clientUrls?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Who is asked to pay. */
  customer: CustomerInput;
  /** One per intention of the user, 1-255 printable ASCII characters, compared byte for byte. Make it when the user decides (a UUID will do) and send the same one with every repeat of that decision, to the same mutation: all get the same payment. */
  idempotencyKey: Scalars['ID']['input'];
  /** Your reference, 1-64 visible characters, e.g. of an order or loan. It comes back in the reconciliation files, with a suffix if another client used it first; a GUID is made when it is absent. */
  referenceId?: InputMaybe<Scalars['ID']['input']>;
};

type PaymentErrorFields_DuplicatePaymentError_Fragment = { __typename: 'DuplicatePaymentError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_IdempotencyKeyReusedError_Fragment = { __typename: 'IdempotencyKeyReusedError', paymentSessionId: string, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_InvalidInputError_Fragment = { __typename: 'InvalidInputError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_NotCancellableError_Fragment = { __typename: 'NotCancellableError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_NotFoundError_Fragment = { __typename: 'NotFoundError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_OutcomeUnknownError_Fragment = { __typename: 'OutcomeUnknownError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_PaymentInProgressError_Fragment = { __typename: 'PaymentInProgressError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_ProviderRejectedError_Fragment = { __typename: 'ProviderRejectedError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_ProviderUnavailableError_Fragment = { __typename: 'ProviderUnavailableError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_RateLimitedError_Fragment = { __typename: 'RateLimitedError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

type PaymentErrorFields_StoreUnavailableError_Fragment = { __typename: 'StoreUnavailableError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string };

export type PaymentErrorFieldsFragment =
  | PaymentErrorFields_DuplicatePaymentError_Fragment
  | PaymentErrorFields_IdempotencyKeyReusedError_Fragment
  | PaymentErrorFields_InvalidInputError_Fragment
  | PaymentErrorFields_NotCancellableError_Fragment
  | PaymentErrorFields_NotFoundError_Fragment
  | PaymentErrorFields_OutcomeUnknownError_Fragment
  | PaymentErrorFields_PaymentInProgressError_Fragment
  | PaymentErrorFields_ProviderRejectedError_Fragment
  | PaymentErrorFields_ProviderUnavailableError_Fragment
  | PaymentErrorFields_RateLimitedError_Fragment
  | PaymentErrorFields_StoreUnavailableError_Fragment
;

export type CancelPaymentSessionMutationVariables = Exact<{
  input: CancelPaymentSessionInput;
}>;


export type CancelPaymentSessionMutation = { __typename?: 'Mutation', cancelPaymentSession:
    | { __typename: 'CancelPaymentSessionSuccess', paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentStatus } }
    | { __typename: 'InvalidInputError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string, issues: Array<{ __typename: 'InputIssue', path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'NotCancellableError', status: PaymentStatus, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'NotFoundError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'OutcomeUnknownError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string, paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentStatus } }
    | { __typename: 'ProviderUnavailableError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'StoreUnavailableError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
   };

export type CreatePaymentSessionMutationVariables = Exact<{
  input: CreatePaymentSessionInput;
}>;


export type CreatePaymentSessionMutation = { __typename?: 'Mutation', createPaymentSession:
    | { __typename: 'CreatePaymentSessionSuccess', replayed: boolean, paymentSession: { __typename: 'PaymentSession', id: string, referenceId: string, status: PaymentStatus, launchUrl?: string | null } }
    | { __typename: 'DuplicatePaymentError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string, paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentStatus } }
    | { __typename: 'IdempotencyKeyReusedError', paymentSessionId: string, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'InvalidInputError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string, issues: Array<{ __typename: 'InputIssue', path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'PaymentInProgressError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'ProviderRejectedError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'ProviderUnavailableError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'RateLimitedError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'StoreUnavailableError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
   };

export type PaymentSessionUpdatedSubscriptionVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type PaymentSessionUpdatedSubscription = { __typename?: 'Subscription', paymentSessionUpdated: { __typename: 'PaymentSession', id: string, status: PaymentStatus, statusDetails?: string | null, fundsGuaranteed: boolean, updatedAt: string } };

export type PaymentSessionQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type PaymentSessionQuery = { __typename?: 'Query', paymentSession?: { __typename: 'PaymentSession', id: string, referenceId: string, status: PaymentStatus, events: Array<{ __typename: 'PaymentSessionEvent', status: PaymentStatus, source: PaymentEventSource, at: string }> } | null };

export type PaymentSessionsQueryVariables = Exact<{
  filter?: InputMaybe<PaymentSessionFilter>;
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type PaymentSessionsQuery = { __typename?: 'Query', paymentSessions: { __typename: 'PaymentSessionConnection', edges: Array<{ __typename: 'PaymentSessionEdge', cursor: string, node?: { __typename: 'PaymentSession', id: string, referenceId: string, delivery: PaymentDelivery, status: PaymentStatus, createdAt: string, customer: { __typename: 'Customer', userId: string }, amount: { __typename: 'Money', value: string, currency: Currency } } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor?: string | null, endCursor?: string | null } } };

export type ReconciliationQueryVariables = Exact<{
  date: Scalars['Date']['input'];
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ReconciliationQuery = { __typename?: 'Query', reconciliation?: { __typename: 'ReconciliationDay', date: string, importedAt: string, balanced?: boolean | null, rows?: number | null, matched?: number | null, lateNews?: number | null, exceptionCount?: number | null, settledRows?: { __typename: 'ReconciliationTotal', count: number, amount: { __typename: 'Money', value: string } } | null, settledPayments?: { __typename: 'ReconciliationTotal', count: number, amount: { __typename: 'Money', value: string } } | null, difference?: { __typename: 'ReconciliationDifference', rowsAdded: number, rowsGone: number } | null, exceptions: { __typename: 'ReconciliationExceptionConnection', edges: Array<{ __typename: 'ReconciliationExceptionEdge', cursor: string, node:
          | { __typename: 'AmbiguousRowException', row: { __typename: 'ReconciliationRow', paymentRequestId?: string | null, referenceId?: string | null, status?: PaymentStatus | null, amount?: { __typename: 'Money', value: string } | null } }
          | { __typename: 'AmountDiffersException', ours?: string | null, theirs?: string | null, row: { __typename: 'ReconciliationRow', paymentRequestId?: string | null, referenceId?: string | null, status?: PaymentStatus | null, amount?: { __typename: 'Money', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'ContradictingStatusException', ours?: string | null, theirs?: string | null, event?: { __typename: 'PaymentSessionEvent', source: PaymentEventSource, at: string } | null, paymentSession?: { __typename: 'PaymentSession', id: string, referenceId: string } | null }
          | { __typename: 'DuplicateRowException', field?: ReconciliationField | null, ours?: string | null, theirs?: string | null, row: { __typename: 'ReconciliationRow', paymentRequestId?: string | null, referenceId?: string | null, status?: PaymentStatus | null, amount?: { __typename: 'Money', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'IdentityDiffersException', field?: ReconciliationField | null, ours?: string | null, theirs?: string | null, row: { __typename: 'ReconciliationRow', paymentRequestId?: string | null, referenceId?: string | null, status?: PaymentStatus | null, amount?: { __typename: 'Money', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'MissingHereException', row: { __typename: 'ReconciliationRow', paymentRequestId?: string | null, referenceId?: string | null, status?: PaymentStatus | null, amount?: { __typename: 'Money', value: string } | null } }
          | { __typename: 'MissingThereException', paymentSession?: { __typename: 'PaymentSession', id: string, referenceId: string } | null }
          | { __typename: 'StatusDiffersException', ours?: string | null, theirs?: string | null, row: { __typename: 'ReconciliationRow', paymentRequestId?: string | null, referenceId?: string | null, status?: PaymentStatus | null, amount?: { __typename: 'Money', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'UnreadableRowException', field?: ReconciliationField | null, row: { __typename: 'ReconciliationRow', paymentRequestId?: string | null, referenceId?: string | null, status?: PaymentStatus | null, amount?: { __typename: 'Money', value: string } | null }, paymentSession?: { __typename: 'PaymentSession', id: string } | null }
          | { __typename: 'UpdateMismatchException', source: PaymentEventSource, at: string, field?: ReconciliationField | null, ours?: string | null, theirs?: string | null, paymentSession?: { __typename: 'PaymentSession', id: string, referenceId: string } | null }
         }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor?: string | null } } } | null };

export type ReconciliationRowFieldsFragment = { __typename: 'ReconciliationRow', paymentRequestId?: string | null, referenceId?: string | null, status?: PaymentStatus | null, amount?: { __typename: 'Money', value: string } | null };

export type SendPaymentRequestMutationVariables = Exact<{
  input: SendPaymentRequestInput;
}>;


export type SendPaymentRequestMutation = { __typename?: 'Mutation', sendPaymentRequest:
    | { __typename: 'DuplicatePaymentError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string, paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentStatus } }
    | { __typename: 'IdempotencyKeyReusedError', paymentSessionId: string, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'InvalidInputError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string, issues: Array<{ __typename: 'InputIssue', path: Array<string>, code: InputIssueCode, message: string }> }
    | { __typename: 'OutcomeUnknownError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string, paymentSession: { __typename: 'PaymentSession', id: string, status: PaymentStatus } }
    | { __typename: 'PaymentInProgressError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'ProviderRejectedError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'ProviderUnavailableError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'RateLimitedError', retryAfterMs: number, code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
    | { __typename: 'SendPaymentRequestSuccess', replayed: boolean, paymentSession: { __typename: 'PaymentSession', id: string, referenceId: string, status: PaymentStatus, delivery: PaymentDelivery } }
    | { __typename: 'StoreUnavailableError', code: PaymentErrorCode, message: string, retry: RetryAdvice, requestId: string }
   };

export type ValidatePaymentQueryVariables = Exact<{
  customer: CustomerInput;
  amount: MoneyInput;
  referenceId?: InputMaybe<Scalars['ID']['input']>;
  clientUrls?: InputMaybe<Array<Scalars['String']['input']> | Scalars['String']['input']>;
}>;


export type ValidatePaymentQuery = { __typename?: 'Query', validatePayment: Array<{ __typename: 'InputIssue', path: Array<string>, code: InputIssueCode, message: string }> };

export const PaymentErrorFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentErrorFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentInProgressError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimitedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyReusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessionId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<PaymentErrorFieldsFragment, unknown>;
export const ReconciliationRowFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ReconciliationRowFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReconciliationRow"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentRequestId"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ReconciliationRowFieldsFragment, unknown>;
export const CancelPaymentSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelPaymentSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CancelPaymentSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelPaymentSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CancelPaymentSessionSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NotCancellableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OutcomeUnknownError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]}}]} as unknown as DocumentNode<CancelPaymentSessionMutation, CancelPaymentSessionMutationVariables>;
export const CreatePaymentSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreatePaymentSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreatePaymentSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createPaymentSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreatePaymentSessionSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"launchUrl"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyReusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessionId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentInProgressError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimitedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DuplicatePaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]}}]} as unknown as DocumentNode<CreatePaymentSessionMutation, CreatePaymentSessionMutationVariables>;
export const PaymentSessionUpdatedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PaymentSessionUpdated"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessionUpdated"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusDetails"}},{"kind":"Field","name":{"kind":"Name","value":"fundsGuaranteed"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<PaymentSessionUpdatedSubscription, PaymentSessionUpdatedSubscriptionVariables>;
export const PaymentSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PaymentSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<PaymentSessionQuery, PaymentSessionQueryVariables>;
export const PaymentSessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PaymentSessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentSessionFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<PaymentSessionsQuery, PaymentSessionsQueryVariables>;
export const ReconciliationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Reconciliation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"date"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Date"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reconciliation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"date"},"value":{"kind":"Variable","name":{"kind":"Name","value":"date"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"date"}},{"kind":"Field","name":{"kind":"Name","value":"importedAt"}},{"kind":"Field","name":{"kind":"Name","value":"balanced"}},{"kind":"Field","name":{"kind":"Name","value":"rows"}},{"kind":"Field","name":{"kind":"Name","value":"matched"}},{"kind":"Field","name":{"kind":"Name","value":"lateNews"}},{"kind":"Field","name":{"kind":"Name","value":"exceptionCount"}},{"kind":"Field","name":{"kind":"Name","value":"settledRows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"settledPayments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"difference"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rowsAdded"}},{"kind":"Field","name":{"kind":"Name","value":"rowsGone"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"exceptions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MissingHereException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MissingThereException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AmountDiffersException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ours"}},{"kind":"Field","name":{"kind":"Name","value":"theirs"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdentityDiffersException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"ours"}},{"kind":"Field","name":{"kind":"Name","value":"theirs"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StatusDiffersException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ours"}},{"kind":"Field","name":{"kind":"Name","value":"theirs"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DuplicateRowException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"ours"}},{"kind":"Field","name":{"kind":"Name","value":"theirs"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnreadableRowException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AmbiguousRowException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"row"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ReconciliationRowFields"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContradictingStatusException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ours"}},{"kind":"Field","name":{"kind":"Name","value":"theirs"}},{"kind":"Field","name":{"kind":"Name","value":"event"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateMismatchException"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"ours"}},{"kind":"Field","name":{"kind":"Name","value":"theirs"}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ReconciliationRowFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReconciliationRow"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentRequestId"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ReconciliationQuery, ReconciliationQueryVariables>;
export const SendPaymentRequestDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendPaymentRequest"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendPaymentRequestInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendPaymentRequest"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SendPaymentRequestSuccess"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"referenceId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyKeyReusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSessionId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentInProgressError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimitedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DuplicatePaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OutcomeUnknownError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentSession"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]}}]} as unknown as DocumentNode<SendPaymentRequestMutation, SendPaymentRequestMutationVariables>;
export const ValidatePaymentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ValidatePayment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"customer"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CustomerInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"amount"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MoneyInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"referenceId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"clientUrls"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"validatePayment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"customer"},"value":{"kind":"Variable","name":{"kind":"Name","value":"customer"}}},{"kind":"Argument","name":{"kind":"Name","value":"amount"},"value":{"kind":"Variable","name":{"kind":"Name","value":"amount"}}},{"kind":"Argument","name":{"kind":"Name","value":"referenceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"referenceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"clientUrls"},"value":{"kind":"Variable","name":{"kind":"Name","value":"clientUrls"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<ValidatePaymentQuery, ValidatePaymentQueryVariables>;