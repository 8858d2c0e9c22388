import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentSessionStatus } from '../../client/src/generated/operations.js';
import { createVariables } from './examples.js';
import type { GraphQLAnswer, TestGateway } from './gateway.js';

/** One of the two mutations that take an idempotency key. */
export interface Operation {
  readonly mutation: 'createPaymentSession' | 'sendPaymentRequest';
  readonly success: string;
  /** The call to Flinks that begins it. */
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

/** Any member of the result unions, without what differs between two tellings of the same. */
export interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly retryAdvice?: string;
  readonly retryAfterMs?: number;
  readonly replayed?: boolean;
  readonly paymentSession?: Payment;
  /** Of what a key stands for that was reused. */
  readonly paymentSessionId?: string;
}

const FIELDS =
  'id referenceId status flinksSessionId paymentUrl createdAt customer { userId name email } amount { value }';
const PAYMENT = `{ ${FIELDS} }`;

const creationMembers = `... on CreatePaymentSessionSuccess { replayed paymentSession ${PAYMENT} }`;
const sendMembers = `... on SendPaymentRequestSuccess { replayed paymentSession ${PAYMENT} }
  ... on PaymentOutcomeUnknownError { paymentSession ${PAYMENT} }`;

function queryOf(mutation: Operation['mutation'], inputType: string, members: string): string {
  return `mutation ($input: ${inputType}!) { answer: ${mutation}(input: $input) { __typename ${members}
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
export const BOTH = OPERATIONS.map((operation) => [operation.mutation, operation] as const);

/** The input of another payment, for a payer of its own, by whom the sandbox's records of it are found. */
export function newInput(): PaymentInput {
  const { input } = createVariables();
  return { ...input, customer: { ...input.customer, email: `alex.tremblay.${randomUUID()}@example.com` } };
}

export function requestOf({ query }: Operation, input: PaymentInput): object {
  return { query, variables: { input } };
}

export async function pay(
  gateway: Pick<TestGateway, 'post'>,
  operation: Operation,
  input: PaymentInput,
): Promise<Answer> {
  const { data, errors } = await gateway.post<{ answer: Answer } | null>(requestOf(operation, input));
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.answer;
}

/** What goes on for longer would go on after its test. */
const PATIENCE_MS = 50_000;

/** As software repeats that follows `retryAdvice`, at another replica each time. */
export async function payPersistently(
  gateways: readonly TestGateway[],
  operation: Operation,
  input: PaymentInput,
): Promise<Answer> {
  const startedMs = performance.now();
  for (let call = 0; performance.now() - startedMs < PATIENCE_MS; call += 1) {
    const gateway = gateways[call % gateways.length];
    if (gateway === undefined) throw new Error('there is no gateway');
    try {
      const answer = await pay(gateway, operation, input);
      if (answer.retryAdvice !== 'SAME_KEY') return answer;
    } catch (error) {
      // What fetch says of a connection that broke or was never made.
      if (!(error instanceof TypeError)) throw error;
    }
    await sleep(50);
  }
  throw new Error('there was no answer but to repeat the call');
}

/** What `paymentSession(id)` answers, whole. */
export function look(
  gateway: TestGateway,
  id: string,
): Promise<GraphQLAnswer<{ paymentSession: FoundPayment | null } | null>> {
  const query = `query ($id: ID!) { paymentSession(id: $id) { ${FIELDS} events { status } } }`;
  return gateway.post({ query, variables: { id } });
}

/** The payment of this id, or null. */
export async function find(gateway: TestGateway, id = ''): Promise<FoundPayment | null | undefined> {
  return (await look(gateway, id)).data?.paymentSession;
}

/** Every status that a payment took. */
export async function statusesOf(gateway: TestGateway, { id }: Payment): Promise<PaymentSessionStatus[] | undefined> {
  return (await find(gateway, id))?.events.map(({ status }) => status);
}

/** The payment in an answer that has one. */
export function paymentIn({ __typename, code, paymentSession }: Answer): Payment {
  if (paymentSession === undefined) throw new Error(`${__typename} ${code ?? ''} has no payment`);
  return paymentSession;
}
