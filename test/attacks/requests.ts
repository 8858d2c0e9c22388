import { CREATION, SEND, newInput, requestOf } from '../support/payments.js';

export const READ_PAYMENT =
  'query ($id: ID!) { paymentSession(id: $id) { id flinksSessionId paymentUrl status customer { email } } }';
export const LIST_PAYMENTS =
  'query ($after: String, $filter: PaymentSessionFilter) { paymentSessions(first: 100, after: $after, filter: $filter) { edges { node { id flinksSessionId } } } }';
export const RESOLVE_ENTITIES =
  'query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { id flinksSessionId paymentUrl } } }';
export const CANCEL_PAYMENT =
  'mutation ($id: ID!) { cancelPaymentSession(input: { id: $id }) { __typename ... on PaymentError { code } } }';
export const WATCH_PAYMENT = 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id flinksSessionId status } }';
export const READ_RECONCILIATION = '{ reconciliationReport(date: "2026-01-01") { rowCount } }';

/** Asks for the issues that the gateway finds in the input. */
export const CREATE_PAYMENT = `mutation ($input: CreatePaymentSessionInput!) { createPaymentSession(input: $input) { __typename
  ... on CreatePaymentSessionSuccess { paymentSession { id flinksSessionId } } ... on InvalidPaymentInputError { issues { code } } } }`;

export interface GraphqlRequest {
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
}

export interface Mutation extends GraphqlRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** A mutation that would e-mail a payer. */
export const emailMutation = (): Mutation => requestOf(SEND, newInput()) as Mutation;

export const linkMutation = (): Mutation => requestOf(CREATION, newInput()) as Mutation;

/** A creation with changed input; `undefined` leaves a field out. */
export function creationWith(change: Record<string, unknown>): GraphqlRequest {
  return { query: CREATE_PAYMENT, variables: { input: { ...newInput(), ...change } } };
}

export const indexes = (count: number): number[] => [...Array(count).keys()];

/** One operation with `count` mutations that would e-mail a payer, each under an alias, in a document made by `document`. */
export function emailMutations(
  count: number,
  document = (fields: readonly string[]) => `{ ${fields.join(' ')} }`,
): GraphqlRequest {
  const parameters = indexes(count).map((index) => `$i${index}: SendPaymentRequestInput!`);
  const fields = indexes(count).map((index) => `a${index}: sendPaymentRequest(input: $i${index}) { __typename }`);
  const variables = Object.fromEntries(indexes(count).map((index) => [`i${index}`, newInput()]));
  return { query: `mutation M(${parameters.join(', ')}) ${document(fields)}`, variables };
}

/** `count` pieces of text in a row. */
export function repeatText(count: number, piece: (index: number) => string, separator = ' '): string {
  return indexes(count).map(piece).join(separator);
}

/** A subscription to the payment whose results the gateway should post to a URL. */
export function callbackSubscription(id: string, subscription: Record<string, unknown>): GraphqlRequest {
  return { query: WATCH_PAYMENT, variables: { id }, extensions: { subscription } };
}
