import { CREATION, SEND, newInput, requestOf } from '../support/payments.js';

// What attackers ask for, if they are let.

export const READ =
  'query ($id: ID!) { paymentSession(id: $id) { id flinksSessionId paymentUrl status customer { email } } }';
export const LIST =
  'query ($after: String, $filter: PaymentSessionFilter) { paymentSessions(first: 100, after: $after, filter: $filter) { edges { node { id flinksSessionId } } } }';
export const ENTITIES =
  'query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { id flinksSessionId paymentUrl } } }';
export const CANCEL =
  'mutation ($id: ID!) { cancelPaymentSession(input: { id: $id }) { __typename ... on PaymentError { code } } }';
export const WATCH = 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id flinksSessionId status } }';
export const RECONCILIATION = '{ reconciliationReport(date: "2026-01-01") { rowCount } }';

/** Tells what is wrong with its input. */
export const CREATE = `mutation ($input: CreatePaymentSessionInput!) { createPaymentSession(input: $input) { __typename
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

/** Would e-mail somebody. */
export const aSend = (): Mutation => requestOf(SEND, newInput()) as Mutation;

export const aCreation = (): Mutation => requestOf(CREATION, newInput()) as Mutation;

/** A creation with another part; `undefined` leaves one out. */
export function creationWith(change: Record<string, unknown>): GraphqlRequest {
  return { query: CREATE, variables: { input: { ...newInput(), ...change } } };
}

const NAMES = (count: number): number[] => [...Array(count).keys()];

/** So many sends in an operation, each under its alias, wrapped as wanted. */
export function sends(
  count: number,
  document = (fields: readonly string[]) => `{ ${fields.join(' ')} }`,
): GraphqlRequest {
  const parameters = NAMES(count).map((index) => `$i${index}: SendPaymentRequestInput!`);
  const fields = NAMES(count).map((index) => `a${index}: sendPaymentRequest(input: $i${index}) { __typename }`);
  const variables = Object.fromEntries(NAMES(count).map((index) => [`i${index}`, newInput()]));
  return { query: `mutation M(${parameters.join(', ')}) ${document(fields)}`, variables };
}

/** `count` pieces of text in a row. */
export function many(count: number, piece: (index: number) => string, separator = ' '): string {
  return NAMES(count).map(piece).join(separator);
}
