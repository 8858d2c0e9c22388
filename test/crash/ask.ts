import type { AnsweredPayment, Answer, Intent } from './evidence.js';

const PAYMENT = 'fragment payment on PaymentSession { id referenceId status amount { value } sessionId launchUrl }';

/** Selects under a name of its own what has different types in different members. */
const ERRORS = `... on PaymentError { retry }
  ... on ProviderUnavailableError { retryAfterMs }
  ... on PaymentInProgressError { inProgressMs: retryAfterMs }`;

const QUERIES: Readonly<Record<Intent['operation'], string>> = {
  createPaymentSession: `mutation ($input: CreatePaymentSessionInput!) { answer: createPaymentSession(input: $input) {
    __typename ... on CreatePaymentSessionSuccess { replayed paymentSession { ...payment } } ${ERRORS} } } ${PAYMENT}`,
  sendPaymentRequest: `mutation ($input: SendPaymentRequestInput!) { answer: sendPaymentRequest(input: $input) {
    __typename ... on SendPaymentRequestSuccess { replayed paymentSession { ...payment } } ${ERRORS}
    ... on OutcomeUnknownError { paymentSession { ...payment } } } } ${PAYMENT}`,
};

interface Body {
  readonly data?: {
    readonly answer?: {
      readonly __typename: string;
      readonly retry?: string;
      readonly retryAfterMs?: number | null;
      readonly inProgressMs?: number;
      readonly replayed?: boolean;
      readonly paymentSession?: AnsweredPayment;
    };
  } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/** Sends a payment once. Never rejects. */
export async function ask(url: string, intent: Intent, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERIES[intent.operation], variables: { input: inputOf(intent) } }),
      signal,
    });
    return answerOf(response.status, await response.text());
  } catch (error) {
    return { kind: 'lost', reason: reasonOf(error) };
  }
}

function inputOf({ key, referenceId, amountMinor }: Intent) {
  return {
    idempotencyKey: key,
    customer: { userId: 'user-1', name: 'Alex Tremblay', email: 'alex.tremblay@example.com' },
    amount: { value: (amountMinor / 100).toFixed(2), currency: 'CAD' },
    referenceId,
  };
}

function answerOf(status: number, text: string): Answer {
  const { data, errors } = JSON.parse(text) as Body;
  const answer = data?.answer;
  if (answer === undefined) return { kind: 'fault', status, code: errors?.[0]?.extensions?.code ?? 'no code' };
  return {
    kind: 'member',
    name: answer.__typename,
    retry: answer.retry,
    retryAfterMs: answer.retryAfterMs ?? answer.inProgressMs,
    replayed: answer.replayed,
    payment: answer.paymentSession,
  };
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: string };
  return typeof cause?.code === 'string' ? cause.code : (name ?? String(error));
}
