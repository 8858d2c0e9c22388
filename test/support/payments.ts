import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentSessionStatus } from '../../client/src/generated/operations.js';
import { createVariables } from './examples.js';
import type { GraphQLResponse, TestGateway } from './gateway.js';

/** One of the two mutations that take an idempotency key. */
export interface Operation {
  readonly mutation: 'createPaymentSession' | 'sendPaymentRequest';
  readonly success: string;
  /** The endpoint of its first call to Flinks. */
  readonly endpoint: 'initiate' | 'sendrequest';
  readonly query: string;
}

export type PaymentInput = ReturnType<typeof createVariables>['input'] & { readonly allowDuplicate?: boolean };

export interface Payment {
  readonly id: string;
  readonly referenceId: string;
  readonly status: PaymentSessionStatus;
  readonly flinksSessionId: string | null;
  readonly paymentUrl: string | null;
  readonly createdAt: string;
  readonly customer: { readonly userId: string; readonly name: string | null; readonly email: string | null };
  readonly amount: { readonly value: string };
}

export interface FoundPayment extends Payment {
  readonly events: readonly { readonly status: PaymentSessionStatus }[];
}

/** Any member of the result unions, without the fields that differ between two equal results. */
export interface PaymentResult {
  readonly __typename: string;
  readonly code?: string;
  readonly retryAdvice?: string;
  readonly retryAfterMs?: number;
  readonly replayed?: boolean;
  readonly paymentSession?: Payment;
  /** The payment of a reused idempotency key. */
  readonly paymentSessionId?: string;
}

const FIELDS =
  'id referenceId status flinksSessionId paymentUrl createdAt customer { userId name email } amount { value }';
const PAYMENT = `{ ${FIELDS} }`;

const creationMembers = `... on CreatePaymentSessionSuccess { replayed paymentSession ${PAYMENT} }`;
const sendMembers = `... on SendPaymentRequestSuccess { replayed paymentSession ${PAYMENT} }
  ... on PaymentOutcomeUnknownError { paymentSession ${PAYMENT} }`;

function queryOf(mutation: Operation['mutation'], inputType: string, members: string): string {
  return `mutation ($input: ${inputType}!) { result: ${mutation}(input: $input) { __typename ${members}
    ... on PaymentProviderUnavailableError { retryAfterMs } ... on IdempotencyKeyInUseError { retryAfterMs }
    ... on PaymentRateLimitedError { retryAfterMs } ... on DuplicatePaymentError { paymentSession ${PAYMENT} }
    ... on IdempotencyKeyReusedError { paymentSessionId } ... on PaymentError { code retryAdvice } } }`;
}

export const CREATION: Operation = {
  mutation: 'createPaymentSession',
  success: 'CreatePaymentSessionSuccess',
  endpoint: 'initiate',
  query: queryOf('createPaymentSession', 'CreatePaymentSessionInput', creationMembers),
};
export const SEND: Operation = {
  mutation: 'sendPaymentRequest',
  success: 'SendPaymentRequestSuccess',
  endpoint: 'sendrequest',
  query: queryOf('sendPaymentRequest', 'SendPaymentRequestInput', sendMembers),
};
export const OPERATIONS = [CREATION, SEND] as const;

/** For `it.each`. */
export const EACH_OPERATION = OPERATIONS.map((operation) => [operation.mutation, operation] as const);

/** The input of a new payment with a new payer, by whose e-mail address tests find its sandbox sessions. */
export function newInput(): PaymentInput {
  const { input } = createVariables();
  return { ...input, customer: { ...input.customer, email: `alex.tremblay.${randomUUID()}@example.com` } };
}

/** The same payment under another key. */
export function withNewKey(input: PaymentInput): PaymentInput {
  return { ...input, idempotencyKey: randomUUID() };
}

export function requestOf({ query }: Operation, input: PaymentInput): object {
  return { query, variables: { input } };
}

export async function pay(
  gateway: Pick<TestGateway, 'post'>,
  operation: Operation,
  input: PaymentInput,
): Promise<PaymentResult> {
  const { data, errors } = await gateway.post<{ result: PaymentResult } | null>(requestOf(operation, input));
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.result;
}

/** Retries must end before Jest ends the test. */
const TIMEOUT_MS = 50_000;

/** Repeats a call as `retryAdvice` says, each time at the next replica. */
export async function payWithRetries(
  gateways: readonly TestGateway[],
  operation: Operation,
  input: PaymentInput,
): Promise<PaymentResult> {
  const startedMs = performance.now();
  for (let call = 0; performance.now() - startedMs < TIMEOUT_MS; call += 1) {
    const gateway = gateways[call % gateways.length];
    if (gateway === undefined) throw new Error('there is no gateway');
    try {
      const result = await pay(gateway, operation, input);
      if (result.retryAdvice !== 'SAME_KEY') return result;
    } catch (error) {
      // fetch throws a TypeError for a connection that broke or could not be opened.
      if (!(error instanceof TypeError)) throw error;
    }
    await sleep(50);
  }
  throw new Error('every result advised to repeat the call');
}

/** The whole response to `paymentSession(id)`. */
export function queryPayment(
  gateway: TestGateway,
  id: string,
): Promise<GraphQLResponse<{ paymentSession: FoundPayment | null } | null>> {
  const query = `query ($id: ID!) { paymentSession(id: $id) { ${FIELDS} events { status } } }`;
  return gateway.post({ query, variables: { id } });
}

/** The payment with this id, or null. */
export async function findPayment(gateway: TestGateway, id = ''): Promise<FoundPayment | null | undefined> {
  return (await queryPayment(gateway, id)).data?.paymentSession;
}

/** The statuses in the history of a payment. */
export async function statusesOf(gateway: TestGateway, { id }: Payment): Promise<PaymentSessionStatus[] | undefined> {
  return (await findPayment(gateway, id))?.events.map(({ status }) => status);
}

/** The payment of a result. Throws if the result has none. */
export function paymentIn({ __typename, code, paymentSession }: PaymentResult): Payment {
  if (paymentSession === undefined) throw new Error(`${__typename} ${code ?? ''} has no payment`);
  return paymentSession;
}
